// SPDX-License-Identifier: Apache-2.0
#include "actors/base/plain_text.hpp"
#include "actors/cluster/cluster_messages.hpp"
#include "actors/ledger/ledger_messages.hpp"
#include "actors/systems/system_config.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>

#include <vector>

BOOST_AUTO_TEST_SUITE(messages_test)

using namespace chancery;

namespace {

/// Adds the blocks of type ids in reverse order.
struct reversed_config : caf::actor_system_config {
  reversed_config() {
    add_message_types<caf::id_block::chancery_ledger>();
    add_message_types<caf::id_block::chancery_cluster>();
    add_message_types<caf::id_block::chancery_signing>();
    add_message_types<caf::id_block::chancery_greeting>();
    add_message_types<caf::id_block::chancery_base>();
  }
};

struct plain_config : caf::actor_system_config {
  plain_config() { actors::add_messages(*this); }
};

/// One serialized message of each block that has any.
std::vector<char> written(caf::actor_system& system) {
  std::vector<char> bytes;
  caf::binary_serializer sink(system, bytes);
  actors::hello greeting;
  greeting.software = "some version";
  actors::ledger_welcome node;
  node.software = "another";
  const auto failed =
      sink(caf::make_message(greeting),
           caf::make_message(actors::give_back_atom_v, actors::grant{"leases"}),
           caf::make_message(actors::work_answer{1, "a", "b", "c", 2}),
           caf::make_message(actors::commit_atom_v, node));
  BOOST_TEST(!failed);
  return bytes;
}

void check_read(caf::actor_system& system, std::vector<char> bytes) {
  caf::binary_deserializer source(system, bytes);
  caf::message greeting, returned, answer, last;
  BOOST_TEST_REQUIRE(!source(greeting, returned, answer, last));
  BOOST_TEST_REQUIRE(greeting.match_elements<actors::hello>());
  BOOST_TEST(greeting.get_as<actors::hello>(0).software == "some version");
  BOOST_TEST_REQUIRE(returned.size() == 2u);
  BOOST_TEST(returned.get_as<actors::grant>(1).leases == "leases");
  BOOST_TEST(answer.get_as<actors::work_answer>(0).waited_ms == 2u);
  BOOST_TEST(last.get_as<actors::ledger_welcome>(1).software == "another");
}

} // namespace

// Type ids are local to a process, which loads the blocks that it needs: what
// crosses hosts must not depend on their order.
BOOST_AUTO_TEST_CASE(blocks_of_types_are_loaded_in_any_order) {
  plain_config one;
  caf::actor_system first(one);
  reversed_config other;
  caf::actor_system second(other);
  BOOST_TEST((written(first) == written(second)));
  check_read(first, written(second));
  check_read(second, written(first));
}

BOOST_AUTO_TEST_CASE(a_peer_s_sentence_is_printable_short_and_never_empty) {
  using actors::make_fault, actors::sentence_of_peer;
  const auto said = [](std::string what) {
    return sentence_of_peer(make_fault(actors::fault::busy, std::move(what)));
  };
  BOOST_TEST(said("try\x1b[2J again") == "try?[2J again");
  BOOST_TEST(said(std::string(1'000, 'a')).size() == actors::peer_sentence_max);
  BOOST_TEST(said("") != "");
}

BOOST_AUTO_TEST_SUITE_END()
