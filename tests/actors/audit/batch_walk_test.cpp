// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/batch_walk.hpp"

#include "tests/actors/forged_history.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(batch_walk_test)

using namespace chancery;
using namespace chancery::tests;
using actors::batch_rule;

namespace {

/// What a walk said of a history.
struct walked {
  std::vector<std::pair<batch_rule, std::string>> broken;
  std::vector<std::uint64_t> batches; ///< first records
  std::vector<std::string> workers;

  explicit walked(
      const forged_history& h,
      const std::optional<std::vector<crypto::key_id>>& trust = {}) {
    const store_fixture f(forged_history::records, unsynced(), h.keys.curve(),
                          [&](auto& store) { h.write(store); });
    const auto view = f.store.read();
    actors::lease_index leases(view, crypto::public_half(h.keys),
                               [](const auto&) {});
    actors::batch_walk(view, leases, crypto::keyring_purpose::raw, trust,
                       {.broken =
                            [this](batch_rule rule, const std::string& what) {
                              broken.emplace_back(rule, what);
                            },
                        .batch =
                            [this](const auto& row, const auto& worker) {
                              batches.push_back(row.first);
                              workers.push_back(worker);
                            }})
        .run();
  }
};

/// Exactly this rule is broken, once.
void expect_one(const walked& w, batch_rule rule, const std::string& text) {
  BOOST_REQUIRE(w.broken.size() == 1u);
  BOOST_TEST((w.broken[0].first == rule));
  BOOST_TEST(w.broken[0].second == text);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_batch_is_seen_once_in_the_order_of_the_records) {
  auto h = honest_history();
  h.epoch(0).remote_possible = true;
  h.epoch(0).ttl_ms_max = 1'000;
  h.lease(2).remote = true; // the second batch's
  h.lease(2).ttl_ms = 1'000;
  h.lease(2).borrower = "w1";
  const walked w(h);
  BOOST_TEST(w.broken.empty());
  BOOST_TEST((w.batches == std::vector<std::uint64_t>{0, 10, 20, 30, 40}));
  BOOST_TEST((w.workers == std::vector<std::string>{"", "w1", "", "", ""}));
}

BOOST_AUTO_TEST_CASE(what_no_batch_covers_is_no_fault) {
  const walked w(crashed_history());
  BOOST_TEST(w.broken.empty());
  BOOST_TEST((w.batches == std::vector<std::uint64_t>{0, 15, 20}));
}

BOOST_AUTO_TEST_CASE(each_rule_is_told_apart) {
  auto h = honest_history();
  h.lease(4).key = h.key(3);
  expect_one(walked(h), batch_rule::one_key_per_batch,
             "batch 20, record 20: lease 1.3 lent another key");
  h = honest_history();
  h.batches[4].row.reason = storage::short_reason::full;
  expect_one(walked(h), batch_rule::batch_size,
             "batch 40, record 40: 5 records of 10 without a reason");
  h = honest_history();
  const std::vector trust{h.key(0), h.key(1), h.key(3)};
  expect_one(walked(h, trust), batch_rule::trusted_keys,
             "batch 20, record 20: key " + crypto::to_text(h.key(2)) +
                 " is not trusted");
}

BOOST_AUTO_TEST_SUITE_END()
