// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/network.hpp"

#include "tests/actors/transport/fixture.hpp"

#include <caf/actor_system.hpp>
#include <caf/node_id.hpp>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

namespace caf::detail {
unsigned get_process_id();
}

BOOST_AUTO_TEST_SUITE(network_suite)

using namespace chancery::tests;

BOOST_AUTO_TEST_CASE(a_nodes_id_has_a_random_number_for_its_process) {
  host h;
  const auto& id =
      dynamic_cast<const caf::node_id::default_data&>(*h.system.node());
  BOOST_TEST(id.process_id() == caf::detail::get_process_id());
  BOOST_TEST(id.process_id() != static_cast<unsigned>(::getpid()));
}

BOOST_AUTO_TEST_SUITE_END()
