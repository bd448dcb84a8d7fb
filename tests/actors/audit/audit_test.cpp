// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/audit.hpp"

#include "tests/actors/forged_history.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(audit_test)

using namespace chancery;
using namespace chancery::tests;

BOOST_AUTO_TEST_CASE(an_honest_history_passes) {
  const auto report = honest_history().audit();
  BOOST_TEST(report.passed, violations(report));
  BOOST_TEST(report.records == 45u);
  BOOST_TEST(report.signatures == 45u);
  BOOST_TEST(report.unsigned_records == 0u);
  BOOST_TEST(report.batches == 5u);
  BOOST_TEST(report.leases == 5u);
  BOOST_TEST(report.epochs == 1u);
  BOOST_TEST(!report.cannot_see.empty());
  for (const auto& rule : report.rules) {
    BOOST_TEST(rule.checked > 0u, rule.name);
    BOOST_TEST(!rule.sentence.empty(), rule.name);
    BOOST_TEST(!rule.unit.empty(), rule.name);
  }
}

BOOST_AUTO_TEST_CASE(each_batch_is_named_with_who_signed_it) {
  auto h = honest_history();
  h.epoch(0).remote_possible = true;
  const auto lend_to = [&h](std::uint64_t fence, const std::string& worker) {
    for (auto& e : h.events)
      if (auto* lent = std::get_if<storage::lease_lent>(&e);
          lent && lent->fence == fence) {
        lent->remote = true;
        lent->borrower = worker;
      }
  };
  lend_to(h.batches[0].row.fence, "w1");
  lend_to(h.batches[2].row.fence, "w2");
  lend_to(h.batches[4].row.fence, "w1");
  std::vector<std::string> names;
  actors::audit_options options;
  options.batch = [&](const storage::batch_row& row, const std::string& who) {
    BOOST_TEST(row.fence == h.batches.at(names.size()).row.fence);
    names.push_back(who);
  };
  const auto report = h.audit(options);
  BOOST_TEST(report.passed, violations(report));
  const std::vector<std::string> expected{"w1", "", "w2", "", "w1"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
  BOOST_TEST(report.workers.size() == 3u);
  BOOST_TEST(report.workers.at("w1").batches == 2u);
  BOOST_TEST(report.workers.at("w1").records ==
             h.batches[0].row.count + h.batches[4].row.count);
  BOOST_TEST(report.workers.at("w2").batches == 1u);
  BOOST_TEST(report.workers.at("").batches == 2u);
}

BOOST_AUTO_TEST_CASE(an_honest_history_of_crashes_passes) {
  const auto report = crashed_history().audit();
  BOOST_TEST(report.passed, violations(report));
  BOOST_TEST(report.unsigned_records == 15u);
  BOOST_TEST(report.epochs == 2u);
  BOOST_TEST(report.leases == 5u);
}

BOOST_AUTO_TEST_CASE(every_prefix_of_an_honest_journal_passes) {
  auto h = honest_history();
  h.batches.clear();
  while (!h.events.empty()) {
    const auto report = h.audit();
    BOOST_TEST(report.passed, violations(report));
    h.events.pop_back();
  }
}

BOOST_AUTO_TEST_CASE(a_folder_in_which_nothing_was_signed_passes) {
  BOOST_TEST(forged_history().audit().passed);
  store_fixture empty(0);
  BOOST_TEST(audit(empty.store, keyring_of(2)).passed);
}

BOOST_AUTO_TEST_CASE(keys_that_came_and_went_between_epochs_pass) {
  store_fixture f(60);
  auto keys = keyring_of(3);
  const auto stop_after = [&](std::uint64_t records) {
    auto transaction = f.store.write();
    while (transaction.record_count() < records)
      transaction.append_record(
          bytes_of(record_of(transaction.record_count())));
    transaction.commit();
    sign(f.store, keys, 10);
  };
  stop_after(60);
  keys.retire(keys.keys()[1].key.id());
  stop_after(90);
  keys.add(keyring_of(5).keys()[4].key);
  keys.add(keyring_of(5).keys()[3].key);
  stop_after(150);
  const auto report = audit(f.store, keys);
  BOOST_TEST(report.passed, violations(report));
  BOOST_TEST(report.epochs == 3u);
  BOOST_TEST(report.signatures == 150u);
}

BOOST_AUTO_TEST_CASE(several_threads_give_the_same_report) {
  auto h = honest_history();
  h.batches[1].signing_key = 0;
  actors::audit_options several;
  several.threads = 3;
  BOOST_TEST(violations(h.audit()) == violations(h.audit(several)));
}

BOOST_AUTO_TEST_SUITE_END()
