// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/status_file.hpp"

#include "apps/platform/new_file.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(status_file_test)

using namespace chancery;
using namespace chancery::apps;
using json = nlohmann::ordered_json;

BOOST_AUTO_TEST_CASE(a_run_is_told_to_readers_and_gone_after_it) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "status.json";
  {
    const apps::status_file status(path, [] { return json{{"done", 7}}; });
    const auto seen = read_status_file(path, ::getpid());
    BOOST_REQUIRE(seen.has_value());
    BOOST_TEST(seen->at("done") == 7);
    BOOST_TEST(seen->at("pid") == ::getpid());
  }
  BOOST_TEST(!std::filesystem::exists(path));
  BOOST_TEST(!read_status_file(path, ::getpid()).has_value());
}

BOOST_AUTO_TEST_CASE(a_link_in_its_place_stays_and_what_it_leads_to_goes) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "status.json";
  std::filesystem::create_symlink("elsewhere", path);
  {
    const apps::status_file status(path, [] { return json{{"done", 7}}; });
    BOOST_TEST(std::filesystem::is_regular_file(
        std::filesystem::symlink_status(folder.path() / "elsewhere")));
    BOOST_TEST(read_status_file(path, ::getpid()).has_value());
  }
  BOOST_TEST(std::filesystem::is_symlink(path));
  BOOST_TEST(!std::filesystem::exists(folder.path() / "elsewhere"));
}

BOOST_AUTO_TEST_CASE(what_another_process_left_behind_is_not_believed) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "status.json";
  const apps::status_file status(path, [] { return json{{"done", 7}}; });
  BOOST_TEST(!read_status_file(path, ::getpid() + 1).has_value());
}

BOOST_AUTO_TEST_CASE(a_run_with_a_thousand_workers_is_told) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "status.json";
  const auto worker = json{{"worker", std::string(64, 'w')},
                           {"connected_seconds", 1234567.1234567},
                           {"signed", 123'456'789'012},
                           {"records_per_second", 123456.12345678912},
                           {"leases_out", 4'096}};
  const apps::status_file status(path, [&] {
    return json{{"workers", json::array_t(1'024, worker)}};
  });
  const auto seen = read_status_file(path, ::getpid());
  BOOST_REQUIRE(seen.has_value());
  BOOST_TEST(seen->at("workers").size() == 1'024);
}

BOOST_AUTO_TEST_CASE(a_broken_file_says_nothing) {
  const tests::temp_folder folder;
  const auto path = folder.path() / "status.json";
  for (const char* text : {"", "{", "[]", "7", R"({"pid":"x"})", "{}"}) {
    write_file(path, text, 0600, apps::new_file::existing::replace);
    BOOST_TEST(!read_status_file(path, ::getpid()).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_gone_does_not_stop_the_run) {
  const tests::temp_folder folder;
  const apps::status_file status(folder.path() / "no" / "status.json",
                                 [] { return json::object(); });
}

BOOST_AUTO_TEST_SUITE_END()
