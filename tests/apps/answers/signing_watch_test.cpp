// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/signing_watch.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

BOOST_AUTO_TEST_SUITE(signing_watch_test)

using namespace chancery;
using namespace chancery::apps;

BOOST_AUTO_TEST_CASE(what_was_signed_before_is_no_rate_of_this_run) {
  actors::signing_progress progress;
  const auto status = signing_status(progress, {});
  const auto sample = signing_sample(progress);
  BOOST_TEST(status()["done"] == 0);
  // The run sets these once it has begun.
  progress.records = 300'000;
  progress.signed_before = 200'000;
  const auto seen = status();
  BOOST_TEST(seen["done"] == 200'000);
  BOOST_TEST(seen["signed_in_this_run"] == 0);
  BOOST_TEST(seen["records_per_second"] == 0.0);
  BOOST_TEST(sample().done - sample().before == 0u);
}

BOOST_AUTO_TEST_CASE(connected_workers_are_told) {
  actors::signing_progress progress;
  const auto status = signing_status(progress, {});
  const auto sample = signing_sample(progress);
  BOOST_TEST(status()["workers"].empty());
  BOOST_TEST(sample().more.empty());
  progress.workers.count(progress.workers.enter("left"), 700, 12);
  const auto seen = status()["workers"];
  BOOST_REQUIRE(seen.size() == 1u);
  BOOST_TEST(seen[0]["worker"] == "left");
  BOOST_TEST(seen[0]["signed"] == 700);
  BOOST_TEST(seen[0]["leases_out"] == 12);
  BOOST_TEST(sample().more == "1 worker: left 0/s with 12 leases");
}

BOOST_AUTO_TEST_SUITE_END()
