// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/signing_run.hpp"

#include "crypto/ledger/node_identity.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>
#include <stdexcept>
#include <thread>

BOOST_AUTO_TEST_SUITE(signing_run_test)

using namespace chancery;
using namespace chancery::tests;
using actors::signing_failed;
using actors::signing_options;
using actors::signing_progress;

namespace {

void check_all_right(const storage::record_store& store,
                     const crypto::keyring& keys) {
  const auto report = audit(store, keys);
  BOOST_TEST(report.passed, violations(report));
  BOOST_TEST(report.unsigned_records == 0u);
}

} // namespace

BOOST_AUTO_TEST_CASE(it_signs_every_record) {
  for (const std::uint32_t batch_size : {1u, 7u, 100u, 100'000u}) {
    store_fixture f(250);
    const auto keys = keyring_of(8);
    const auto summary = sign(f.store, keys, batch_size);
    BOOST_TEST(summary.epoch == 1u);
    BOOST_TEST(summary.stored == 250u);
    BOOST_TEST(summary.left == 0u);
    BOOST_TEST(summary.batches == (250 + batch_size - 1) / batch_size);
    BOOST_TEST(summary.conflicts == 0u);
    BOOST_TEST(summary.late_results == 0u);
    BOOST_TEST(summary.signers_lost == 0u);
    BOOST_TEST(!summary.stopped);
    BOOST_TEST(summary.commits > 0u);
    check_all_right(f.store, keys);
  }
}

BOOST_AUTO_TEST_CASE(any_number_of_keys_and_signers_works) {
  const std::pair<std::size_t, std::size_t> numbers[] = {
      {1, 1}, {1, 8}, {2, 8}, {12, 1}, {12, 3}};
  for (const auto& [key_count, signers] : numbers) {
    store_fixture f(120);
    const auto keys = keyring_of(key_count);
    BOOST_TEST(sign(f.store, keys, 10, signers).stored == 120u);
    check_all_right(f.store, keys);
  }
}

BOOST_AUTO_TEST_CASE(a_run_with_nothing_to_do_opens_no_epoch) {
  store_fixture empty(0);
  BOOST_TEST(sign(empty.store, keyring_of(1), 10).epoch == 0u);
  store_fixture f(20);
  sign(f.store, keyring_of(1), 10);
  const auto events = f.store.read().event_count();
  BOOST_TEST(sign(f.store, keyring_of(1), 10).epoch == 0u);
  BOOST_TEST(f.store.read().event_count() == events);
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused) {
  store_fixture f(5);
  const auto keys = keyring_of(1);
  BOOST_CHECK_THROW(sign(f.store, keys, 0), std::invalid_argument);
  BOOST_CHECK_THROW(sign(f.store, keys, actors::batch_size_max + 1),
                    std::invalid_argument);
  BOOST_CHECK_THROW(sign(f.store, keys, 10, 0), std::invalid_argument);
  BOOST_CHECK_THROW(sign(f.store, keys, 10, actors::signers_max + 1),
                    std::invalid_argument);
  BOOST_TEST(f.store.read().event_count() == 0u);
}

BOOST_AUTO_TEST_CASE(a_keyring_of_retired_keys_is_an_error) {
  store_fixture f(5);
  auto keys = keyring_of(2);
  for (const auto& id : ids_of(keys))
    keys.retire(id);
  BOOST_CHECK_THROW(sign(f.store, keys, 10), std::invalid_argument);
  BOOST_TEST(f.store.read().event_count() == 0u);
}

BOOST_AUTO_TEST_CASE(a_retired_key_signs_no_more) {
  store_fixture f(200);
  auto keys = keyring_of(3);
  const auto retired = ids_of(keys)[0];
  keys.retire(retired);
  sign(f.store, keys, 10);
  check_all_right(f.store, keys);
  for (std::uint64_t id = 0; id < 200; ++id)
    BOOST_TEST((f.store.read().batch_of(id)->key != retired));
}

BOOST_AUTO_TEST_CASE(the_other_curve_and_provider_work) {
  const crypto::keyring keys(crypto::curve::p384, 2, crypto::system_random());
  store_fixture f(40, unsynced(), crypto::curve::p384);
  signing_options options;
  options.batch_size = 10;
  options.provider = crypto::provider::botan;
  signing_progress progress;
  const std::atomic<bool> never{false};
  actors::run_signing(f.store, keys, options, never, progress);
  check_all_right(f.store, keys);
  BOOST_TEST(f.store.read().signature(0)->size() == 96u);
}

BOOST_AUTO_TEST_CASE(a_stopped_run_leaves_a_clean_rest_and_the_next_goes_on) {
  store_fixture f(3'000);
  const auto keys = keyring_of(4);
  signing_options options;
  options.batch_size = 20;
  signing_progress progress;
  std::atomic<bool> stop{true}; // before it begins
  const auto summary =
      actors::run_signing(f.store, keys, options, stop, progress);
  BOOST_TEST(summary.stored + summary.left == 3'000u);
  BOOST_TEST(summary.stopped == (summary.left > 0));
  const auto report = audit(f.store, keys);
  BOOST_TEST(report.passed, violations(report));
  BOOST_TEST(report.signatures == summary.stored);
  if (summary.left > 0)
    BOOST_TEST(sign(f.store, keys, 20).epoch == 2u);
  check_all_right(f.store, keys);
}

BOOST_AUTO_TEST_CASE(another_batch_size_goes_on_around_what_is_signed) {
  store_fixture f(600);
  const auto keys = keyring_of(3);
  signing_options options;
  options.batch_size = 30;
  signing_progress progress;
  std::atomic<bool> stop{false};
  {
    const std::jthread stopper([&] {
      while (progress.stored == 0)
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      stop = true;
    });
    actors::run_signing(f.store, keys, options, stop, progress);
  }
  for (const std::uint32_t batch_size : {7u, 64u})
    sign(f.store, keys, batch_size);
  check_all_right(f.store, keys);
}

// The N-th commit fails, for each N until a run needs fewer commits: what was
// stored is correct, and the next run signs the rest.
BOOST_AUTO_TEST_CASE(a_failed_commit_ends_the_run_and_loses_nothing) {
  bool failed = true;
  for (unsigned n = 1; failed; ++n) {
    failed = false;
    unsigned commits = 0;
    auto options = unsynced();
    options.before_commit = [&] {
      if (++commits != n)
        return;
      failed = true;
      throw storage::storage_error("the disk is on fire");
    };
    const auto keys = keyring_of(3);
    store_fixture f(200, options);
    try {
      sign(f.store, keys, 10);
      BOOST_TEST(!failed);
    } catch (const signing_failed& e) {
      BOOST_TEST(failed);
      BOOST_TEST(contains(e.what(), "the disk is on fire"), e.what());
    } catch (const storage::storage_error& e) {
      BOOST_TEST(n == 1u); // the epoch's own first entry
      BOOST_TEST(contains(e.what(), "the disk is on fire"), e.what());
    }
    auto& store = f.store; // only one commit fails
    const auto report = audit(store, keys);
    BOOST_TEST(report.passed, violations(report));
    sign(store, keys, 10);
    check_all_right(store, keys);
  }
}

// Two signers never have the same key, and keys are used evenly.
BOOST_AUTO_TEST_CASE(all_keys_take_turns) {
  store_fixture f(600);
  const auto keys = keyring_of(6);
  sign(f.store, keys, 10, 1);
  std::map<storage::key_name, unsigned> uses;
  const auto view = f.store.read();
  for (std::uint64_t id = 0; id < 600; id += 10)
    ++uses[view.batch_of(id)->key];
  BOOST_TEST(uses.size() == 6u);
  for (const auto& [key, count] : uses)
    BOOST_TEST(count == 10u);
}

BOOST_AUTO_TEST_CASE(a_ledger_nodes_keys_sign_no_records) {
  store_fixture f(10);
  const auto random = crypto::system_random();
  const auto node =
      crypto::to_keyring(crypto::make_node_identity(random), random);
  BOOST_CHECK_THROW(sign(f.store, node, 5), std::invalid_argument);
  BOOST_TEST(f.store.read().signature_count() == 0u);
  BOOST_TEST(f.store.read().event_count() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
