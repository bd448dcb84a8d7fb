// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/simulated_host.hpp"

#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <thread>

BOOST_AUTO_TEST_SUITE(simulated_host_test)

using namespace std::chrono_literals;
using chancery::apps::host_failed;
using host = chancery::apps::simulated_host;

namespace {

struct place {
  chancery::tests::temp_folder temp;
  host h{"left", temp.path(), "/bin/sh"};
  std::atomic<bool> stop{false};

  void start(const std::string& text) { h.start({"-c", text}); }

  std::string word_behind(const std::string& text) {
    for (;;) {
      if (const auto word = h.word_behind(text))
        return *word;
      std::this_thread::sleep_for(10ms);
    }
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_word_is_found_in_this_life_alone, place) {
  start("echo 'listening on 127.0.0.1:4711 now' >&2; exec sleep 1000");
  BOOST_TEST(word_behind("on 127.0.0.1:") == "4711");
  h.kill();
  BOOST_TEST(!h.up());
  start("exec sleep 1000");
  BOOST_TEST(!h.word_behind("on 127.0.0.1:").has_value());
}

BOOST_FIXTURE_TEST_CASE(a_word_that_is_half_written_is_none, place) {
  start("printf 'port 47' >&2; exec sleep 1000");
  std::this_thread::sleep_for(50ms);
  BOOST_TEST(!h.word_behind("port ").has_value());
}

BOOST_FIXTURE_TEST_CASE(an_end_that_nobody_wanted_is_told_once, place) {
  start("exit 4");
  std::optional<int> code;
  while (!code)
    code = h.ended();
  BOOST_TEST(*code == 4);
  BOOST_TEST(!h.up());
  BOOST_TEST(!h.ended().has_value());
}

BOOST_FIXTURE_TEST_CASE(a_failure_shows_the_last_words, place) {
  start("for i in 1 2 3 4 5 6 7 8 9 10 11; do echo line $i >&2; done; exit 1");
  BOOST_CHECK_EXCEPTION(h.finish(0, stop), host_failed, [](const auto& e) {
    const std::string what = e.what();
    return what.starts_with("left ended with 1") &&
           what.ends_with("\nline 11") &&
           what.find("line 4\n") != std::string::npos &&
           what.find("line 3\n") == std::string::npos;
  });
}

BOOST_FIXTURE_TEST_CASE(its_answer_is_json_or_a_failure, place) {
  start("echo '{\"signed\":7}'");
  h.finish(0, stop);
  BOOST_TEST(h.answer().at("signed") == 7);
  start("echo nothing");
  h.finish(0, stop);
  BOOST_CHECK_THROW(h.answer(), host_failed);
}

BOOST_FIXTURE_TEST_CASE(one_that_was_paused_goes_on, place) {
  start("trap 'exit 5' TERM; echo up now >&2; while :; do sleep 0.05; done");
  word_behind("up ");
  h.pause();
  BOOST_TEST(h.paused());
  h.resume();
  BOOST_TEST(!h.paused());
  h.end(5, stop);
  BOOST_TEST(!h.up());
}

BOOST_FIXTURE_TEST_CASE(nobody_waits_once_all_is_to_stop, place) {
  start("exec sleep 1000");
  stop = true;
  BOOST_CHECK_THROW(h.finish(0, stop), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
