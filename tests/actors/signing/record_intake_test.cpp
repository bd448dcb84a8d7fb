// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/record_intake.hpp"

#include "tests/actors/actor_fixture.hpp"
#include "tests/actors/record_requests.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <vector>

BOOST_AUTO_TEST_SUITE(record_intake_test)

using namespace chancery;
using namespace chancery::tests;
using actors::record_answer;
using actors::record_refusal;
using actors::record_request;

namespace {

storage::store_options failing(std::shared_ptr<bool> fails) {
  auto options = unsynced();
  options.before_commit = [fails] {
    if (*fails)
      throw std::runtime_error("the disk is gone");
  };
  return options;
}

struct fixture : actor_fixture {
  fixture() : actor_fixture(0, failing(commits_fail)) {
    actors::record_intake_config config;
    config.room = [this] { return room; };
    config.reserve = 100;
    intake = keep(system.spawn(actors::record_intake, config, writer));
  }

  using replies = std::shared_ptr<std::vector<record_answer>>;

  replies take_in(record_request request) {
    auto got = std::make_shared<std::vector<record_answer>>();
    caf::anon_send(
        intake, actors::take_in_atom_v,
        actors::record_submission{
            std::make_shared<const record_request>(std::move(request)),
            [got](record_answer answer) {
              got->push_back(std::move(answer));
            }});
    return got;
  }

  std::uint64_t records() const { return disk.store.read().record_count(); }

  static inline std::shared_ptr<bool> commits_fail =
      std::make_shared<bool>(false);
  std::uint64_t room = 100;
  actors::record_intake_actor intake;
};

void check(const fixture::replies& got,
           const std::vector<storage::named_record>& expected) {
  BOOST_REQUIRE(got->size() == 1u);
  BOOST_TEST(!got->front().refused.has_value(), got->front().reason);
  BOOST_TEST((got->front().records == expected));
}

void check(const fixture::replies& got, record_refusal refused) {
  BOOST_REQUIRE(got->size() == 1u);
  BOOST_REQUIRE(got->front().refused.has_value());
  BOOST_TEST((*got->front().refused == refused), got->front().reason);
}

record_request many(std::size_t count) {
  record_request request;
  request.records.resize(count, {"", "r"});
  return request;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_request_is_answered_once_it_is_on_disk, fixture) {
  const auto got = take_in(request_of({{"A", "a"}, {"", "b"}}));
  BOOST_TEST(got->empty());
  run();
  check(got, {added(0), added(1)});
  BOOST_TEST(got->front().received_ms == 42u);
  BOOST_TEST(records() == 2u);
  BOOST_TEST(progress.records == 2u);
}

BOOST_FIXTURE_TEST_CASE(requests_that_come_during_a_commit_share_the_next,
                        fixture) {
  const auto first = take_in(many(1));
  run();
  const auto commits = progress.commits.load();
  std::vector<replies> others;
  for (int i = 0; i < 20; ++i)
    others.push_back(take_in(many(3)));
  run(); // the first of them is at the writer, the others wait
  advance(10ms);
  advance(10ms);
  BOOST_TEST(progress.commits == commits + 2);
  for (std::uint64_t i = 0; i < others.size(); ++i)
    check(others[i], {added(1 + 3 * i), added(2 + 3 * i), added(3 + 3 * i)});
}

BOOST_FIXTURE_TEST_CASE(the_same_mark_is_not_taken_twice_at_a_time, fixture) {
  const auto request = marked(request_of({{"", "a"}}), "key");
  const auto first = take_in(request);
  const auto second = take_in(request);
  run();
  check(first, {added(0)});
  check(second, record_refusal::in_progress);
  const auto third = take_in(request);
  run();
  advance(10ms);
  check(third, {added(0)});
  BOOST_TEST(third->front().replayed);
  BOOST_TEST(records() == 1u);
}

BOOST_FIXTURE_TEST_CASE(too_many_records_are_refused_and_later_ones_taken,
                        fixture) {
  std::vector<replies> taken;
  for (std::size_t i = 0; i < actors::waiting_records_max; i += 10'000)
    taken.push_back(take_in(many(10'000)));
  const auto over = take_in(many(1));
  step(11 + 1); // one message each; none of them is on disk yet
  run();
  check(over, record_refusal::busy);
  for (int i = 0; i < 11; ++i)
    advance(10ms);
  for (const auto& got : taken)
    BOOST_TEST(!got->at(0).refused.has_value());
  const auto later = take_in(many(1));
  run();
  advance(10ms);
  check(later, {added(100'000)});
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_is_nearly_full_takes_nothing, fixture) {
  room = 99;
  const auto got = take_in(many(1));
  run();
  check(got, record_refusal::disk_full);
  BOOST_TEST(records() == 0u);
  room = 100;
  const auto later = take_in(many(1));
  run();
  check(later, {added(0)});
}

BOOST_FIXTURE_TEST_CASE(a_malformed_request_is_refused_at_once, fixture) {
  const auto got = take_in(request_of({{"\n", "a"}}));
  run();
  check(got, record_refusal::malformed);
}

BOOST_FIXTURE_TEST_CASE(a_failed_commit_is_told_to_all_that_wait, fixture) {
  *commits_fail = true;
  const auto first = take_in(marked(many(1), "key"));
  const auto second = take_in(many(1));
  run();
  const auto third = take_in(many(1));
  run();
  for (const auto& got : {first, second, third})
    check(got, record_refusal::internal);
  *commits_fail = false;
  BOOST_TEST(records() == 0u);
  BOOST_TEST(failures.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(closing_waits_for_what_is_under_way, fixture) {
  take_in(many(1));
  run();
  const auto under_way = take_in(many(1));
  auto& owner = new_asker();
  const auto closed = owner.ask<std::uint64_t>(intake, actors::close_atom_v);
  run();
  BOOST_TEST(closed->pending());
  const auto late = take_in(many(1));
  run();
  check(late, record_refusal::stopping);
  advance(10ms);
  check(under_way, {added(1)});
  BOOST_TEST(closed->value.has_value());
}

BOOST_FIXTURE_TEST_CASE(the_dispatcher_learns_of_new_records, fixture) {
  const auto dispatcher = spawn_dispatcher(1, 1, actors::waiting_terms{0, 0});
  caf::anon_send(intake, actors::look_atom_v, dispatcher);
  auto& signer = new_asker();
  const auto asked = signer.ask<std::uint32_t>(
      dispatcher, actors::ready_atom_v, std::uint32_t{8}, std::uint32_t{0});
  run();
  BOOST_TEST(asked->pending());
  take_in(many(3));
  run();
  BOOST_TEST(asked->value.value() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
