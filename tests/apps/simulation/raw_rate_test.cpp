// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/raw_rate.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(raw_rate_test)

using namespace chancery;
using namespace chancery::apps;

BOOST_AUTO_TEST_CASE(any_mix_of_threads_keys_and_batch_sizes_has_a_rate) {
  const crypto::keyring keys(crypto::curve::p256, 3, crypto::system_random());
  for (const std::size_t threads : {1, 2, 5})
    for (const std::uint64_t batch_size : {1, 100, 100'000}) {
      const double rate =
          measure_raw_rate(keys, {.provider = crypto::provider::openssl,
                                  .threads = threads,
                                  .batch_size = batch_size,
                                  .time = std::chrono::milliseconds(1)});
      BOOST_TEST(rate > 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
