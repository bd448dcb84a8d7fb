// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/record_writer.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(record_writer_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::store_request;
using actors::store_result;

namespace {

constexpr std::uint64_t records = 100;

void add_batch(store_request& request, std::uint64_t first,
               std::uint32_t count) {
  storage::batch_row row;
  row.first = first;
  row.count = count;
  row.fence = first + 1;
  request.rows.push_back(row);
  request.signatures.append(std::size_t{count} * 64, 's');
}

store_request batch(std::uint64_t first, std::uint32_t count) {
  store_request request;
  add_batch(request, first, count);
  return request;
}

std::string events(const std::vector<storage::event>& list) {
  std::string bytes;
  for (const auto& e : list) {
    const auto one = storage::encode(e);
    actors::append_integer(static_cast<std::uint32_t>(one.size()), bytes);
    bytes += one;
  }
  return bytes;
}

struct fixture : actor_fixture {
  fixture() : actor_fixture(records) {}
  explicit fixture(const storage::store_options& options)
      : actor_fixture(records, options) {}

  std::shared_ptr<answer<store_result>> store(store_request request) {
    return client.ask<store_result>(writer, actors::store_atom_v,
                                    std::move(request));
  }

  std::uint64_t stored() const { return disk.store.read().signature_count(); }

  asker& client = new_asker();
};

} // namespace

BOOST_FIXTURE_TEST_CASE(the_first_batch_after_a_quiet_time_is_stored_at_once,
                        fixture) {
  const auto a = store(batch(0, 10));
  run();
  BOOST_REQUIRE(a->value);
  BOOST_TEST(a->value->records == 10u);
  BOOST_TEST(a->value->batches == 1u);
  BOOST_TEST(a->value->refused == 0u);
  BOOST_TEST(stored() == 10u);
}

BOOST_FIXTURE_TEST_CASE(batches_within_ten_milliseconds_share_one_commit,
                        fixture) {
  store(batch(0, 10));
  run();
  const auto commits = progress.commits.load();
  std::vector<std::shared_ptr<answer<store_result>>> answers;
  for (std::uint64_t i = 1; i < 6; ++i) {
    answers.push_back(store(batch(10 * i, 10)));
    advance(1ms);
  }
  advance(4ms); // 9 ms since the commit
  BOOST_TEST(progress.commits == commits);
  BOOST_TEST(stored() == 10u);
  for (const auto& a : answers)
    BOOST_TEST(a->pending());
  advance(1ms);
  BOOST_TEST(progress.commits == commits + 1);
  BOOST_TEST(stored() == 60u);
  for (const auto& a : answers)
    BOOST_TEST(!a->pending());
}

BOOST_FIXTURE_TEST_CASE(events_and_batches_go_into_one_commit, fixture) {
  store(batch(10, 1));
  run();
  caf::anon_send(writer, actors::journal_atom_v,
                 events({storage::lease_returned{5}, storage::lease_lost{6}}));
  caf::anon_send(writer, actors::journal_atom_v,
                 events({storage::lease_returned{7}}));
  const auto a = store(batch(0, 1));
  run();
  BOOST_TEST(a->pending());
  BOOST_TEST(journal().empty());
  advance(10ms);
  BOOST_TEST(!a->pending());
  BOOST_TEST(progress.commits == 2u);
  const std::vector<storage::event> expected{storage::lease_returned{5},
                                             storage::lease_lost{6},
                                             storage::lease_returned{7}};
  BOOST_TEST((journal() == expected));
}

BOOST_FIXTURE_TEST_CASE(a_sync_commits_without_waiting, fixture) {
  store(batch(0, 10));
  run();
  const auto a = store(batch(10, 10));
  const auto synced = client.ask<std::uint64_t>(writer, actors::sync_atom_v);
  run();
  BOOST_TEST(!a->pending());
  BOOST_REQUIRE(synced->value);
  BOOST_TEST(*synced->value == 2u);
  BOOST_TEST(stored() == 20u);
  advance(20ms); // the scheduled commit has nothing to do
  BOOST_TEST(progress.commits == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_batch_that_meets_a_signed_record_is_refused_whole,
                        fixture) {
  store(batch(5, 10));
  run();
  store_request request;
  add_batch(request, 0, 6); // record 5 is signed
  add_batch(request, 20, 3);
  const auto a = store(request);
  advance(10ms);
  BOOST_REQUIRE(a->value);
  BOOST_TEST(a->value->refused == 1u);
  BOOST_TEST(a->value->batches == 1u);
  BOOST_TEST(a->value->records == 3u);
  BOOST_TEST(progress.conflicts == 1u);
  BOOST_TEST(stored() == 13u);
}

BOOST_AUTO_TEST_CASE(a_failed_commit_answers_everybody_and_is_the_last) {
  auto options = unsynced();
  bool broken = false;
  options.before_commit = [&broken] {
    if (broken)
      throw storage::storage_error("the disk is on fire");
  };
  fixture f(options);
  f.store(batch(0, 10));
  f.run();
  broken = true;
  const auto a = f.store(batch(10, 10));
  const auto b = f.store(batch(20, 10));
  f.advance(10ms);
  check_fault(*a, fault::commit_failed);
  check_fault(*b, fault::commit_failed);
  BOOST_TEST(actors::sentence(a->fault) == "the disk is on fire");
  broken = false;
  const auto late = f.store(batch(30, 10));
  f.advance(10ms);
  check_fault(*late, fault::commit_failed);
  BOOST_TEST(f.stored() == 10u);
}

BOOST_AUTO_TEST_CASE(a_failed_sync_is_answered) {
  auto options = unsynced();
  bool broken = false;
  options.before_commit = [&broken] {
    if (broken)
      throw storage::full("the disk is full");
  };
  fixture f(options);
  f.store(batch(0, 10));
  f.run();
  broken = true;
  caf::anon_send(f.writer, actors::journal_atom_v,
                 events({storage::lease_returned{5}}));
  const auto synced =
      f.client.ask<std::uint64_t>(f.writer, actors::sync_atom_v);
  f.run();
  check_fault(*synced, fault::commit_failed);
}

// No request waits for events, so the owner is notified. Later requests, also
// those already in the mailbox, get the same reason.
BOOST_AUTO_TEST_CASE(a_failed_commit_of_events_alone_is_told_to_all) {
  auto options = unsynced();
  options.before_commit = [] { throw storage::full("the disk is full"); };
  fixture f(options);
  caf::anon_send(f.writer, actors::journal_atom_v,
                 events({storage::lease_returned{5}}));
  f.step(1);
  caf::anon_send(f.writer, actors::commit_atom_v);
  const auto behind = f.store(batch(0, 10));
  f.run();
  const auto later = f.store(batch(10, 10));
  const auto synced =
      f.client.ask<std::uint64_t>(f.writer, actors::sync_atom_v);
  f.run();
  check_fault(*behind, fault::commit_failed);
  check_fault(*later, fault::commit_failed);
  check_fault(*synced, fault::commit_failed);
  BOOST_TEST(actors::sentence(behind->fault) == "the disk is full");
  BOOST_TEST((f.failures == std::vector<std::string>{"the disk is full"}));
}

BOOST_AUTO_TEST_CASE(broken_messages_store_nothing_and_are_answered) {
  const auto expect_malformed = [](store_request request) {
    fixture f;
    const auto a = f.store(std::move(request));
    f.run();
    check_fault(*a, fault::malformed);
    BOOST_TEST(f.stored() == 0u);
    // The writer still works.
    f.store(batch(0, 10));
    f.run();
    BOOST_TEST(f.stored() == 10u);
  };
  auto broken = batch(0, 10);
  broken.rows.pop_back();
  expect_malformed(broken);
  broken = batch(0, 10);
  broken.rows.push_back({.first = 10, .count = 1});
  expect_malformed(broken);
  broken = batch(0, 10);
  broken.signatures.pop_back();
  expect_malformed(broken);
  expect_malformed({});
  for (const auto& bytes : {std::string("abc"), std::string(4, '\x7f')}) {
    fixture f;
    f.store(batch(20, 1));
    f.run();
    caf::anon_send(f.writer, actors::journal_atom_v, bytes);
    const auto a = f.store(batch(0, 10));
    f.run();
    f.advance(10ms);
    check_fault(*a, fault::commit_failed);
    BOOST_TEST(f.stored() == 1u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
