// SPDX-License-Identifier: Apache-2.0
#include "apps/records/export_state.hpp"

#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace chancery::tests {

namespace {

constexpr std::string_view written =
    R"({"format":1,"folder":"AAAAAAAAAAAAAAAAAAAAAA","next":3,"events":0,)"
    R"("previous":1,"previous_events":0})";

struct state_world : small_store {
  state_world() { add_records(3); }

  std::string refusal(std::string_view text) {
    std::ofstream(file) << text;
    try {
      apps::read_export_state(file, *store);
    } catch (const std::runtime_error& e) {
      const std::string said = e.what();
      BOOST_TEST(said.starts_with(file.string()));
      return said;
    }
    return "none";
  }

  std::filesystem::path file = folder.path() / "state";
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string with(std::string_view part, std::string_view other) {
  std::string text(written);
  return text.replace(text.find(part), part.size(), other);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(export_state_test, state_world)

BOOST_AUTO_TEST_CASE(a_state_is_read_as_it_was_written) {
  BOOST_TEST(!apps::read_export_state(file, *store).has_value());
  const auto state = apps::export_state_from_json(written);
  BOOST_TEST(apps::to_json_text(state) == written);
  BOOST_TEST(state.end.next == 3U);
  BOOST_TEST(state.begin.next == 1U);
  std::ofstream(file) << written << '\n';
  BOOST_TEST((apps::read_export_state(file, *store) == state));
}

BOOST_AUTO_TEST_CASE(a_damaged_state_is_refused) {
  for (std::size_t size = 0; size < written.size(); ++size)
    BOOST_TEST(has(refusal(written.substr(0, size)), "is damaged"));
  for (const auto& [part, other] :
       {std::pair{R"("next":3)", R"("next":"3")"},
        std::pair{R"("next":3)", R"("next":-3)"},
        std::pair{R"("next":3)", R"("next":3.5)"},
        std::pair{R"("next":3)", R"("next":0)"},
        std::pair{R"("events":0,)", ""},
        std::pair{R"("format":1)", R"("format":2)"},
        std::pair{R"("AAAAAAAAAAAAAAAAAAAAAA")", R"("AAAA")"},
        std::pair{R"("AAAAAAAAAAAAAAAAAAAAAA")", "7"}})
    BOOST_TEST(has(refusal(with(part, other)), "is damaged"));
  BOOST_TEST(has(refusal("[1]"), "is damaged"));
}

BOOST_AUTO_TEST_CASE(the_state_of_another_folder_is_refused) {
  BOOST_TEST(has(refusal(with("AAAAAA", "BAAAAA")), "another data folder"));
}

BOOST_AUTO_TEST_CASE(a_state_ahead_of_the_folder_is_refused) {
  BOOST_TEST(has(refusal(with(R"("next":3)", R"("next":4)")), "is ahead of"));
  BOOST_TEST(
      has(refusal(with(R"("events":0,)", R"("events":1,)")), "is ahead of"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
