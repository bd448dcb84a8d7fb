// SPDX-License-Identifier: Apache-2.0
#include "apps/records/record_importer.hpp"

#include "apps/records/import_opening.hpp"
#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace record_importer_ {

using namespace chancery;
using namespace chancery::apps;

namespace {

struct fixture {
  std::unique_ptr<import_source> source(std::string_view text) {
    const auto path = s.folder.path() / "input";
    std::ofstream(path, std::ios::binary) << text;
    return open_import_source(path, {import_format::jsonl, "n"}, never);
  }

  /// Imports all; the counts as "added existing conflicts errors".
  std::string import(std::string_view text, const import_policy& policy = {}) {
    const auto from = source(text);
    record_importer importer(*from, *s.store, policy, added);
    while (importer.take()) {
    }
    importer.flush();
    const auto& done = importer.done();
    return std::to_string(done.added) + " " + std::to_string(done.existing) +
           " " + std::to_string(done.conflicts) + " " +
           std::to_string(done.errors);
  }

  import_policy lenient() {
    import_policy policy;
    policy.leave_out_conflict = [this](const name_conflict& c) {
      told.push_back(c.text());
    };
    policy.leave_out_error = [this](const std::string& what) {
      told.push_back(what);
    };
    return policy;
  }

  tests::small_store s;
  const std::atomic<bool> never{false};
  std::atomic<std::uint64_t> added{0};
  std::vector<std::string> told;
};

} // namespace

} // namespace record_importer_

BOOST_FIXTURE_TEST_SUITE(record_importer_, fixture)

BOOST_AUTO_TEST_CASE(an_import_can_be_made_again) {
  constexpr std::string_view text = R"({"n":"a"}
{"n":7}

{"n":"b"})";
  BOOST_TEST(import(text) == "3 0 0 0");
  BOOST_TEST(import(text) == "0 3 0 0");
  BOOST_TEST(added == 3U);
  const auto view = s.store->read();
  BOOST_TEST(view.record_count() == 3U);
  BOOST_TEST(view.id_of("7").value() == 1U);
  BOOST_TEST(s.text(2) == R"({"n":"b"})");
}

BOOST_AUTO_TEST_CASE(records_know_when_they_came) {
  const auto before = static_cast<std::uint64_t>(::time(nullptr)) * 1'000;
  import("{\"n\":1}\n{\"n\":2}\n");
  import("{\"n\":1}\n{\"n\":3}\n");
  const auto view = s.store->read();
  BOOST_TEST(view.arrival_of(1).value().first == 0U);
  BOOST_TEST(view.arrival_of(1).value().count == 2U);
  BOOST_TEST(view.arrival_of(2).value().first == 2U);
  BOOST_TEST(view.arrival_of(2).value().count == 1U);
  BOOST_TEST(view.arrival_of(0).value().time_ms >= before);
}

BOOST_AUTO_TEST_CASE(what_the_policy_allows_is_left_out_and_told) {
  import(R"({"n":"a","v":1})");
  BOOST_TEST(import("{\"n\":\"a\",\"v\":2}\n{\"n\":\"b\"}\n{}\n{\"n\":\"b\"}\n"
                    "[\n{\"n\":\" \"}\n{\"n\":\"c\"}\n",
                    lenient()) == "2 1 1 3");
  const std::vector<std::string> expected{
      "line 1: the name \"a\" belongs to record 0, which has other bytes",
      "line 3 has no member \"n\"", "line 5 is not JSON: it ends early",
      "line 6: the name begins or ends with a blank"};
  BOOST_TEST(told == expected);
  BOOST_TEST(s.store->read().record_count() == 3U);
}

BOOST_AUTO_TEST_CASE(else_the_first_one_ends_it_and_those_before_it_stay) {
  BOOST_CHECK_THROW(import("{\"n\":1}\n{}\n{\"n\":2}\n"), bad_input);
  BOOST_TEST(s.store->read().record_count() == 0U); // nobody flushed
  const auto from = source("{\"n\":1}\n{\"n\":1,\"v\":2}\n{\"n\":2}\n");
  const auto policy = import_policy{};
  record_importer importer(*from, *s.store, policy, added);
  BOOST_TEST(importer.take());
  BOOST_TEST(importer.done().all() == 0U);
  BOOST_CHECK_THROW(importer.take(), name_taken);
  importer.flush();
  BOOST_TEST(importer.done().all() == 1U);
  BOOST_TEST(s.store->read().record_count() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_done_counts_what_is_left_out_in_its_place) {
  std::string text = "{}\n";
  for (std::uint64_t i = 0; i < record_appender::records_per_commit; ++i)
    text += "{\"n\":" + std::to_string(i) + "}\n";
  text += "{}\n{\"n\":0}\n{\"n\":0,\"v\":1}\n{\"n\":\"x\"}\n";
  const auto from = source(text);
  const auto policy = lenient();
  record_importer importer(*from, *s.store, policy, added);
  importer.take();
  BOOST_TEST(importer.done().all() == 1U); // nothing waits for a commit
  for (std::uint64_t i = 1; i < record_appender::records_per_commit; ++i)
    importer.take();
  BOOST_TEST(importer.done().all() == 1U);
  importer.take();
  BOOST_TEST(importer.done().added == record_appender::records_per_commit);
  importer.take();
  BOOST_TEST(importer.done().errors == 2U);
  while (importer.take()) {
  }
  BOOST_TEST(importer.done().existing == 0U);
  importer.flush();
  BOOST_TEST(importer.done().all() == record_appender::records_per_commit + 5);
}

BOOST_AUTO_TEST_SUITE_END()
