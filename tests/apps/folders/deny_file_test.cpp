// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/deny_file.hpp"

#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

BOOST_AUTO_TEST_SUITE(deny_file_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

const std::string serial = "0A1B2C3D4E5F60718293A4B5C6D7E8F9";

crypto::host_identity host(const std::string& name,
                           const std::string& number = serial) {
  return {name, crypto::host_role::worker, number};
}

bool denies(const std::string& text, const crypto::host_identity& who) {
  return deny_list(text).why(who).has_value();
}

struct written {
  tests::temp_folder folder;
  std::filesystem::path path = folder.path() / "denied";
  std::vector<std::string> notes;

  void write(const std::string& text) const {
    std::ofstream(path, std::ios::trunc) << text;
  }
  deny_file open() {
    return {path, [this](const std::string& n) { notes.push_back(n); }};
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_name_denies_every_certificate_of_that_name) {
  const std::string text = "# lost in a train\n w1 \r\n\nw2 # stolen\n";
  BOOST_TEST(denies(text, host("w1")));
  BOOST_TEST(denies(text, host("w2", "77")));
  BOOST_TEST(!denies(text, host("w")));
  BOOST_TEST(!denies(text, host("w11")));
  BOOST_TEST(!denies("", host("w1")));
}

BOOST_AUTO_TEST_CASE(a_serial_denies_one_certificate) {
  for (const auto& spelling :
       {serial, std::string("a1b2c3d4e5f60718293a4b5c6d7e8f9"),
        std::string("0a:1b:2c:3d:4e:5f:60:71:82:93:a4:b5:c6:d7:e8:f9")}) {
    BOOST_TEST(denies(spelling, host("w1")));
    BOOST_TEST(!denies(spelling, host("w1", "0B" + serial.substr(2))));
  }
  BOOST_TEST(denies("cafe", host("w1", "CAFE"))); // may be either
  BOOST_TEST(denies("cafe", host("cafe", "77")));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused_with_its_line) {
  for (const std::string wrong :
       {"W1", "w1 w2", "w_1", "\xc3\xbc", "-", "spiffe://x/worker/w1"}) {
    try {
      deny_list("w1\n" + wrong);
      BOOST_ERROR(wrong + " was accepted");
    } catch (const std::invalid_argument& e) {
      BOOST_TEST(std::string(e.what()).starts_with("line 2 "));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_changed_file_is_read_again, written) {
  write("w1\n");
  auto file = open();
  BOOST_TEST(file.why(host("w1")).has_value());
  BOOST_TEST(!file.why(host("w2")));
  write("w1\nw2\n");
  BOOST_TEST(file.why(host("w2")).has_value());
  BOOST_REQUIRE(notes.size() == 1u);
  BOOST_TEST(notes[0].find("2 names and serials") != std::string::npos);
  write("");
  BOOST_TEST(!file.why(host("w2")));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_cannot_be_used_later_changes_nothing,
                        written) {
  write("w1\n");
  auto file = open();
  write("w2\nWHAT\n");
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(file.why(host("w1")).has_value());
  BOOST_TEST(!file.why(host("w2")));
  BOOST_REQUIRE(notes.size() == 1u); // once
  BOOST_TEST(notes[0].find("line 2") != std::string::npos);
  std::filesystem::remove(path);
  BOOST_TEST(file.why(host("w1")).has_value());
  BOOST_TEST(notes.size() == 2u);
  write("w2\n");
  BOOST_TEST(file.why(host("w2")).has_value());
}

BOOST_FIXTURE_TEST_CASE(at_the_start_it_must_be_there_and_right, written) {
  BOOST_CHECK_THROW(open(), std::runtime_error);
  write("w1\nno such thing\n");
  BOOST_CHECK_THROW(open(), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
