// SPDX-License-Identifier: Apache-2.0
#include "apps/records/record_selection.hpp"

#include "apps/records/signed_records.hpp"
#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace chancery::tests {

namespace {

using apps::export_position;
using ids = std::vector<std::uint64_t>;

/// Ten records, of which 2, 5 and 8 have the names "a", "b, \"c\"" and "d";
/// 0-3 and 4-6 are signed.
struct selection_world : small_store {
  selection_world() {
    auto t = store->write();
    for (int id = 0; id < 10; ++id)
      if (id % 3 == 2)
        t.append_record(names.at(static_cast<std::size_t>(id) / 3),
                        bytes_of(std::to_string(id)));
      else
        t.append_record(bytes_of(std::to_string(id)));
    t.commit();
    BOOST_REQUIRE(add_batch(0, 4, 1, 'a'));
    BOOST_REQUIRE(add_batch(4, 3, 2, 'b'));
  }

  void withdraw(std::uint64_t batch, ids of) {
    auto t = store->write();
    t.withdraw({.batch = batch, .ids = std::move(of), .reason = "a test"});
    t.commit();
  }

  /// Exports what is new since the position, which it moves on.
  ids run(export_position& position) {
    const auto found = apps::new_records_since(store->read(), position);
    const auto seen = visited(found.selection);
    position = {.next = last_next, .events = found.events};
    return seen;
  }

  ids visited(const apps::record_selection& selection) {
    ids seen;
    replaced = 0;
    last_next = apps::for_each_signature(*store, selection, false,
                                         [&](const apps::signed_record& r) {
                                           seen.push_back(r.id);
                                           replaced += r.replaces ? 1 : 0;
                                         });
    return seen;
  }

  ids named(const std::string& lines) {
    const auto file = folder.path() / "names";
    std::ofstream(file) << lines;
    return apps::named_records_of(store->read(), file, false).ids;
  }

  static std::string complaint(const std::function<void()>& call) {
    try {
      call();
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "none";
  }

  std::array<std::string, 3> names{"a", "b, \"c\"", "d"};
  std::uint64_t last_next = 0;
  std::uint64_t replaced = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(record_selection_test, selection_world)

BOOST_AUTO_TEST_CASE(a_selection_may_begin_within_a_batch) {
  BOOST_TEST(visited({.from = 2}) == (ids{2, 3, 4, 5, 6}));
  BOOST_TEST(visited({.from = 6}) == (ids{6}));
  BOOST_TEST(visited({.from = 7}).empty());
  BOOST_TEST(visited({.from = UINT64_MAX}).empty());
}

BOOST_AUTO_TEST_CASE(names_are_found_in_any_order_and_each_once) {
  BOOST_TEST(apps::named_record_of(store->read(), "b, \"c\"").ids == (ids{5}));
  BOOST_TEST(named("b, \"c\"\na\n\na\n") == (ids{2, 5}));
  BOOST_TEST(named("a") == (ids{2}));
  BOOST_TEST(named("").empty());
  BOOST_TEST(visited({.ids = {2, 5}, .from = std::nullopt}) == (ids{2, 5}));
  BOOST_TEST(replaced == 0U);
}

BOOST_AUTO_TEST_CASE(a_name_without_a_signed_record_is_an_error) {
  BOOST_TEST(complaint([&] {
               named("a\nx\n");
             }).starts_with("no record has the name \"x\" (line 2 of "));
  BOOST_TEST(complaint([&] { named("d\n"); }).find("is not signed yet") !=
             std::string::npos);
  BOOST_TEST(complaint([&] {
               named(std::string(5'000, 'x'));
             }).starts_with("no record has a name that is longer than"));
  BOOST_TEST(complaint([&] { apps::named_record_of(store->read(), ""); }) ==
             "no record has the name \"\"");
  BOOST_TEST(complaint([&] {
               visited({.ids = {8}, .from = std::nullopt});
             }).starts_with("record 8 is not signed any more"));
}

BOOST_AUTO_TEST_CASE(what_is_new_ends_before_a_gap_and_goes_on_behind_it) {
  export_position position;
  BOOST_REQUIRE(add_batch(8, 2, 3, 'a'));
  BOOST_TEST(run(position) == (ids{0, 1, 2, 3, 4, 5, 6}));
  BOOST_TEST(position.next == 7U);
  BOOST_TEST(run(position).empty());
  BOOST_REQUIRE(add_batch(7, 1, 4, 'b'));
  BOOST_TEST(run(position) == (ids{7, 8, 9}));
  BOOST_TEST(replaced == 0U);
  BOOST_TEST(position.next == 10U);
}

BOOST_AUTO_TEST_CASE(what_was_withdrawn_comes_again_once_it_is_signed) {
  export_position position;
  run(position);
  withdraw(0, {1, 3});
  BOOST_TEST(run(position).empty());
  BOOST_REQUIRE(add_batch(1, 1, 3, 'b'));
  BOOST_TEST(run(position).empty()); // the other one has no signature yet
  BOOST_REQUIRE(add_batch(3, 1, 4, 'b'));
  BOOST_REQUIRE(add_batch(7, 3, 5, 'a'));
  BOOST_TEST(run(position) == (ids{1, 3, 7, 8, 9}));
  BOOST_TEST(replaced == 2U);
  BOOST_TEST(run(position).empty());
}

BOOST_AUTO_TEST_CASE(what_was_withdrawn_twice_comes_again_once) {
  export_position position;
  run(position);
  withdraw(4, {5});
  BOOST_REQUIRE(add_batch(5, 1, 3, 'a'));
  withdraw(5, {5});
  BOOST_REQUIRE(add_batch(5, 1, 4, 'a'));
  BOOST_TEST(run(position) == (ids{5}));
  withdraw(5, {5});
  BOOST_REQUIRE(add_batch(5, 1, 5, 'a'));
  BOOST_TEST(run(position) == (ids{5}));
}

BOOST_AUTO_TEST_CASE(what_was_not_exported_yet_replaces_nothing) {
  export_position position;
  withdraw(4, {5});
  BOOST_TEST(run(position) == (ids{0, 1, 2, 3, 4}));
  BOOST_REQUIRE(add_batch(5, 1, 3, 'a'));
  BOOST_TEST(run(position) == (ids{5, 6}));
  BOOST_TEST(replaced == 0U);
}

BOOST_AUTO_TEST_CASE(a_withdrawal_that_is_not_signed_again_keeps_later_ones) {
  export_position position;
  run(position);
  withdraw(4, {4});
  withdraw(0, {0});
  BOOST_REQUIRE(add_batch(0, 1, 3, 'a'));
  BOOST_TEST(run(position).empty());
  BOOST_REQUIRE(add_batch(4, 1, 4, 'a'));
  BOOST_TEST(run(position) == (ids{0, 4}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
