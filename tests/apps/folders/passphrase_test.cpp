// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/passphrase.hpp"

#include "apps/platform/new_file.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

BOOST_AUTO_TEST_SUITE(passphrase_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

constexpr const char* variable = "CHANCERY_TEST_PASSPHRASE";

/// An environment variable for one scope.
class environment {
 public:
  explicit environment(const char* text) { ::setenv(variable, text, 1); }
  ~environment() { ::unsetenv(variable); }
};

std::filesystem::path file(const tests::temp_folder& folder, const char* name,
                           std::string_view text) {
  const auto path = folder.path() / name;
  write_file(path, text, 0600, apps::new_file::existing::replace);
  return path;
}

std::string found(const passphrase_sources& sources) {
  const auto p = find_passphrase(sources);
  return p ? std::string(p->text) : "none";
}

} // namespace

BOOST_AUTO_TEST_CASE(the_file_that_was_named_comes_first_then_the_variable) {
  const tests::temp_folder folder;
  passphrase_sources sources;
  sources.variable = variable;
  BOOST_TEST(found(sources) == "none");
  sources.stored = folder.path() / "stored";
  BOOST_TEST(found(sources) == "none");
  file(folder, "stored", "from the folder\n");
  BOOST_TEST(found(sources) == "from the folder");
  const environment set("from the variable");
  BOOST_TEST(found(sources) == "from the variable");
  sources.file = file(folder, "named", "from the file");
  BOOST_TEST(found(sources) == "from the file");
}

BOOST_AUTO_TEST_CASE(a_file_counts_up_to_its_first_line_end) {
  const tests::temp_folder folder;
  passphrase_sources sources;
  for (const char* text : {"a b c", "a b c\n", "a b c\r\n", "a b c\nsecond"}) {
    sources.file = file(folder, "f", text);
    BOOST_TEST(found(sources) == "a b c");
  }
  sources.file = file(folder, "f", " a \t\n");
  BOOST_TEST(found(sources) == " a \t"); // blanks are part of it
}

BOOST_AUTO_TEST_CASE(an_empty_passphrase_is_an_error_and_not_the_next_source) {
  const tests::temp_folder folder;
  passphrase_sources sources;
  sources.variable = variable;
  sources.stored = file(folder, "stored", "good");
  {
    const environment set("");
    BOOST_CHECK_THROW(find_passphrase(sources), std::runtime_error);
  }
  sources.file = file(folder, "named", "\nsecond");
  BOOST_CHECK_THROW(find_passphrase(sources), std::runtime_error);
  sources.file = folder.path() / "missing";
  BOOST_CHECK_THROW(find_passphrase(sources), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_source_is_known_and_its_text_is_not_in_it) {
  const tests::temp_folder folder;
  passphrase_sources sources;
  sources.file = file(folder, "named", "hunter2");
  const auto p = find_passphrase(sources);
  BOOST_TEST(p->source.find("named") != std::string::npos);
  BOOST_TEST(p->source.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_random_one_has_43_characters_and_is_never_the_same) {
  const auto random = crypto::system_random();
  const auto one = random_passphrase(random);
  BOOST_TEST(one.size() == 43U);
  BOOST_TEST((one != random_passphrase(random)));
}

BOOST_AUTO_TEST_SUITE_END()
