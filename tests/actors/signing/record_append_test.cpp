// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/record_append.hpp"

#include "tests/actors/fixture.hpp"
#include "tests/actors/record_requests.hpp"
#include "tests/defence_switch.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

BOOST_AUTO_TEST_SUITE(record_append_test)

using namespace chancery;
using namespace chancery::tests;
using actors::record_answer;
using actors::record_append;
using actors::record_refusal;
using actors::record_request;

namespace {

struct fixture {
  record_answer append(const record_request& request,
                       std::uint64_t now_ms = 1'000) {
    auto transaction = f.store.write();
    record_append into(transaction, now_ms);
    auto answer = into.append(request);
    into.finish();
    transaction.commit();
    return answer;
  }

  std::uint64_t records() const { return f.store.read().record_count(); }

  store_fixture f{0};
};

void check(const record_answer& answer,
           const std::vector<storage::named_record>& expected) {
  BOOST_TEST(!answer.refused.has_value(), answer.reason);
  BOOST_TEST((answer.records == expected));
}

void check(const record_answer& answer, record_refusal refused) {
  BOOST_REQUIRE(answer.refused.has_value());
  BOOST_TEST((*answer.refused == refused), answer.reason);
  BOOST_TEST(!answer.reason.empty());
}

} // namespace

BOOST_FIXTURE_TEST_CASE(records_get_ids_in_their_order, fixture) {
  const auto answer = append(request_of({{"", "a"}, {"B", "b"}, {"", "c"}}));
  check(answer, {added(0), added(1), added(2)});
  BOOST_TEST(answer.received_ms == 1'000u);
  BOOST_TEST(!answer.replayed);
  const auto view = f.store.read();
  BOOST_TEST(view.id_of("B").value() == 1u);
  BOOST_TEST((view.arrival_of(2).value() == storage::arrival{0, 3, 1'000}));
}

BOOST_FIXTURE_TEST_CASE(the_same_name_and_bytes_is_the_same_record, fixture) {
  append(request_of({{"A", "a"}}));
  check(append(request_of({{"A", "a"}, {"B", "b"}, {"B", "b"}}), 2'000),
        {existing(0), added(1), existing(1)});
  BOOST_TEST(records() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_taken_name_refuses_the_whole_request, fixture) {
  append(request_of({{"A", "a"}}));
  const auto stored = append(request_of({{"B", "b"}, {"A", "x"}, {"", "c"}}));
  check(stored, record_refusal::name_taken);
  BOOST_TEST((stored.records.at(1) == taken(0)));
  BOOST_TEST((stored.records.at(0).what == storage::name_use::added));
  // Twice in one request, with other bytes: there is no record to name.
  const auto twice = append(request_of({{"C", "c"}, {"C", "x"}}));
  check(twice, record_refusal::name_taken);
  BOOST_TEST((twice.records.at(1) == taken(actors::no_record)));
  BOOST_TEST(records() == 1u);
}

BOOST_FIXTURE_TEST_CASE(where_taken_names_are_skipped_the_others_are_stored,
                        fixture) {
  append(request_of({{"A", "a"}}));
  auto request =
      request_of({{"A", "x"}, {"B", "b"}, {"B", "y"}, {"A", "a"}, {"", "c"}});
  request.skip_taken = true;
  check(append(request), {taken(0), added(1), taken(1), existing(0), added(2)});
  BOOST_TEST(records() == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_marked_request_gets_its_first_answer_again, fixture) {
  append(request_of({{"A", "a"}}));
  auto request = request_of({{"", "x"},
                             {"A", "a"},
                             {"N", "n"},
                             {"N", "n"},
                             {"A", "other"},
                             {"", "y"}});
  request.skip_taken = true;
  const auto first = append(marked(request, "k"), 2'000);
  const std::vector<storage::named_record> expected{
      added(1), existing(0), added(2), existing(2), taken(0), added(3)};
  check(first, expected);
  append(request_of({{"", "later"}}), 3'000);
  const auto again = append(marked(request, "k"), 4'000);
  check(again, expected);
  BOOST_TEST(again.replayed);
  BOOST_TEST(again.received_ms == 2'000u);
  BOOST_TEST(records() == 5u);
}

BOOST_FIXTURE_TEST_CASE(a_key_belongs_to_one_request, fixture) {
  append(marked(request_of({{"", "a"}}), "k", '1'));
  check(append(marked(request_of({{"", "a"}}), "k", '2')),
        record_refusal::key_reused);
  check(append(marked(request_of({{"", "a"}}), "other", '2')), {added(1)});
}

BOOST_FIXTURE_TEST_CASE(a_refused_request_leaves_no_mark, fixture) {
  append(request_of({{"A", "a"}}));
  check(append(marked(request_of({{"A", "x"}}), "k")),
        record_refusal::name_taken);
  check(append(marked(request_of({{"A", "a"}}), "k", '2')), {existing(0)});
}

BOOST_FIXTURE_TEST_CASE(what_is_over_a_limit_changes_nothing, fixture) {
  const std::string large(storage::record_store::record_size_max + 1, 'x');
  const std::string half(storage::record_store::record_size_max, 'x');
  record_request many;
  many.records.resize(actors::submitted_records_max + 1);
  for (const auto& request :
       {record_request{}, many, request_of({{"", large}}),
        request_of({{"", half}, {"", half}, {"", "x"}}),
        request_of({{" A", "a"}}), request_of({{std::string(256, 'n'), "a"}}),
        marked(request_of({{"", "a"}}), ""),
        marked(request_of({{"", "a"}}), std::string(401, 'k'))})
    check(append(request), record_refusal::malformed);
  BOOST_TEST(records() == 0u);
}

BOOST_FIXTURE_TEST_CASE(requests_of_one_commit_share_an_arrival, fixture) {
  auto transaction = f.store.write();
  record_append into(transaction, 7'000);
  check(into.append(request_of({{"A", "a"}})), {added(0)});
  check(into.append(request_of({{"A", "x"}})), record_refusal::name_taken);
  check(into.append(request_of({{"A", "a"}, {"", "b"}})),
        {existing(0), added(1)});
  BOOST_TEST(into.finish() == 2u);
  transaction.commit();
  BOOST_TEST(
      (f.store.read().arrival_of(0).value() == storage::arrival{0, 2, 7'000}));
}

BOOST_AUTO_TEST_SUITE_END()
