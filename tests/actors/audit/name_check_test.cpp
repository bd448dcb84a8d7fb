// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/name_check.hpp"

#include "tests/actors/forged_history.hpp"
#include "tests/storage/raw_entry.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace name_check_ {

using namespace chancery;
using namespace chancery::tests;
using texts = std::vector<std::string>;

namespace {

/// Records 0 to 3 of JSON; 0, 1 and 3 have names.
struct fixture {
  fixture() {
    storage::record_store::create(path, {.signature_size = 64}, unsynced());
    storage::record_store store(path, unsynced());
    auto txn = store.write();
    txn.append_record("a", bytes_of(R"({"n":"a"})"));
    txn.append_record("7", bytes_of(R"({"n":7})"));
    txn.append_record(bytes_of(R"({"n":"none"})"));
    txn.append_record("b", bytes_of(R"({"n":"c"})"));
    txn.commit();
  }

  texts faults(const std::optional<std::string>& member = {}) const {
    storage::record_store store(path, unsynced());
    texts found;
    checked =
        actors::check_names(store.read(), member, [&](const std::string& what) {
          found.push_back(what);
        });
    return found;
  }

  void put(const char* table, std::string_view key,
           std::optional<std::string_view> value) const {
    put_raw(path, table, key, value);
  }

  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";
  mutable std::uint64_t checked = 0;
};

} // namespace

} // namespace name_check_

BOOST_FIXTURE_TEST_SUITE(name_check_, fixture)

BOOST_AUTO_TEST_CASE(names_that_lead_to_their_records_pass) {
  BOOST_TEST(faults() == texts{});
  BOOST_TEST(checked == 3u);
}

BOOST_AUTO_TEST_CASE(a_name_is_held_against_the_member_that_it_was) {
  BOOST_TEST(faults("n") ==
             texts{"record 3 has another name than its member \"n\" says"});
  const auto all = faults("m");
  BOOST_TEST(all.size() == 3u);
  BOOST_TEST(all.front() ==
             "record 0 has no member \"m\", which should be its name");
}

BOOST_AUTO_TEST_CASE(a_name_that_leads_elsewhere_is_found) {
  put("names", "a", number_64(1));
  BOOST_TEST(faults() ==
             (texts{"record 0 has a name that leads to record 1",
                    "a name leads to a record that does not have it"}));
}

BOOST_AUTO_TEST_CASE(two_names_that_were_exchanged_are_found_by_the_member) {
  put("names", "a", number_64(1));
  put("names", "7", number_64(0));
  put("record_names", number_64(0), "7");
  put("record_names", number_64(1), "a");
  BOOST_TEST(faults() == texts{});
  BOOST_TEST(faults("n").size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_name_in_one_table_alone_is_found) {
  put("names", "a", std::nullopt);
  BOOST_TEST(faults() == texts{"record 0 has a name that leads to no record"});
  put("names", "a", number_64(0));
  put("record_names", number_64(0), std::nullopt);
  BOOST_TEST(faults() ==
             texts{"a name leads to a record that does not have it"});
}

BOOST_AUTO_TEST_CASE(two_records_of_one_name_are_found) {
  put("record_names", number_64(2), "a");
  BOOST_TEST(faults() == texts{"record 2 has a name that leads to record 0"});
}

BOOST_AUTO_TEST_CASE(names_of_no_record_and_texts_that_are_none_are_found) {
  put("names", "x", number_64(9));
  put("record_names", number_64(9), "x");
  BOOST_TEST(faults() == texts{"record 9 has a name but is missing"});
  put("names", "x", std::nullopt);
  put("record_names", number_64(9), std::nullopt);
  put("names", "x\n", number_64(2));
  put("record_names", number_64(2), "x\n");
  BOOST_TEST(faults() ==
             texts{"record 2 has a name that has a control character"});
}

BOOST_AUTO_TEST_CASE(the_audit_has_a_rule_for_names_where_there_are_some) {
  const auto rule_of = [](const actors::audit_report& report) {
    return std::ranges::count(report.rules, "names_agree",
                              &actors::rule_report::name);
  };
  BOOST_TEST(rule_of(honest_history().audit()) == 0);
  actors::audit_options options;
  options.name_member = "n";
  const auto report = honest_history().audit(options);
  BOOST_TEST(rule_of(report) == 1);
  BOOST_TEST(report.passed);
  BOOST_TEST(report.rules.size() == 8u);
}

BOOST_AUTO_TEST_SUITE_END()
