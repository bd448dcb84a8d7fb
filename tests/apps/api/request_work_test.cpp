// SPDX-License-Identifier: Apache-2.0
// Requests that are answered once another part of the program has stored
// something.
#include "api_fixture.hpp"

#include "apps/api/json_answer.hpp"
#include "apps/api/problem.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace chancery::tests {

namespace {

using namespace std::chrono_literals;
using then_function = std::function<void(apps::stored_answer)>;

struct work_world {
  work_world() : api(routes(), options()) {}

  std::future<http_response> post(const std::string& query,
                                  const std::string& body = "x") {
    return std::async(std::launch::async, [this, query, body] {
      return handed(api.handler(),
                    request_of("POST", "/test/stored" + query,
                               {{"Content-Type", "text/plain"}}, body));
    });
  }

  apps::stored_answer answer() {
    return {.there =
                [this] {
                  ++looked;
                  if (unreadable)
                    throw std::runtime_error("it cannot be read");
                  return there.load();
                },
            .make =
                [this] {
                  made_on = std::this_thread::get_id();
                  if (unreadable)
                    throw std::runtime_error("it cannot be read");
                  return apps::text_response(there ? "there" : "not yet",
                                             "text/plain", 201);
                }};
  }

  std::atomic<bool> there{false};
  std::atomic<bool> unreadable{false};
  std::atomic<int> looked{0};
  std::atomic<std::thread::id> made_on{};
  /// Of the last request that was begun.
  std::atomic<std::thread::id> begun_on{};
  std::function<void(const then_function&)> begin = [this](const auto& then) {
    then(answer());
  };
  apps::api api;

 private:
  static apps::api_options options() {
    apps::api_options woken_alone;
    woken_alone.between_attempts = 1h;
    return woken_alone;
  }

  apps::route_table routes() {
    apps::route_table table;
    table.add({"POST",
               "/test/stored",
               "stored",
               std::nullopt,
               {"wait"},
               {{"text/plain", 1 << 20}},
               apps::answered_once_stored{
                   [this](const apps::api_request&, const then_function& then) {
                     begun_on = std::this_thread::get_id();
                     begin(then);
                   }}});
    return table;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(request_work_test, work_world)

BOOST_AUTO_TEST_CASE(without_a_wait_it_is_answered_as_it_is) {
  BOOST_TEST(post("").get().body == "not yet");
  there = true;
  BOOST_TEST(post("?wait=0").get().body == "there");
  BOOST_TEST(looked == 0);
}

BOOST_AUTO_TEST_CASE(who_waits_is_answered_once_it_is_there) {
  auto waiting = post("?wait=30");
  while (looked == 0)
    std::this_thread::yield();
  there = true;
  api.wake();
  BOOST_TEST(waiting.get().body == "there");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_there_waits_for_nothing) {
  there = true;
  BOOST_TEST(post("?wait=30").get().body == "there");
}

BOOST_AUTO_TEST_CASE(what_is_there_only_later_may_come_from_any_thread) {
  std::promise<then_function> called;
  begin = [&](const auto& then) { called.set_value(then); };
  auto waiting = post("");
  std::thread([then = called.get_future().get(), this] {
    then(answer());
    then(answer()); // once too often
  }).join();
  BOOST_TEST(waiting.get().body == "not yet");
}

BOOST_AUTO_TEST_CASE(without_a_place_to_wait_it_is_answered_at_once) {
  api.end_waits(); // as a full list, but for who makes the answer
  BOOST_TEST(post("?wait=30").get().body == "not yet");
}

BOOST_AUTO_TEST_CASE(beyond_512_that_wait_nobody_is_refused) {
  std::atomic<int> answered{0};
  {
    const auto handler = api.handler();
    const auto request = request_of("POST", "/test/stored?wait=30",
                                    {{"Content-Type", "text/plain"}}, "x");
    std::promise<http_response> beyond;
    for (int i = 0; i < 513; ++i)
      handler.admit(request).serve(request, {[&](http_response r) {
                                               if (++answered == 1)
                                                 beyond.set_value(std::move(r));
                                             },
                                             [] {}});
    const auto one = beyond.get_future().get();
    BOOST_TEST(one.status == 201);
    BOOST_TEST(one.body == "not yet");
  }
  BOOST_TEST(answered == 1);
  there = true;
  api.wake();
  while (answered < 513)
    std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(what_cannot_be_looked_at_is_looked_at_again) {
  unreadable = true;
  auto waiting = post("?wait=30");
  while (looked == 0)
    std::this_thread::yield();
  unreadable = false;
  there = true;
  api.wake();
  BOOST_TEST(waiting.get().body == "there");
}

BOOST_AUTO_TEST_CASE(every_failure_is_answered) {
  unreadable = true;
  BOOST_TEST(is_problem(post("").get(), "internal"));
  begin = [](const auto&) { throw apps::problem("busy", "not now"); };
  BOOST_TEST(is_problem(post("").get(), "busy"));
  begin = [](const auto&) { throw std::runtime_error("no"); };
  BOOST_TEST(is_problem(post("").get(), "internal"));
  begin = [](const auto&) {}; // forgotten
  BOOST_TEST(is_problem(post("").get(), "internal"));
  BOOST_TEST(is_problem(post("?wait=31").get(), "bad_parameter"));
}

BOOST_AUTO_TEST_CASE(large_bodies_and_answers_are_for_the_pool) {
  const auto request = [](std::size_t size) {
    return request_of("POST", "/test/stored", {{"Content-Type", "text/plain"}},
                      std::string(size, 'x'));
  };
  handed(api.handler(), request(16 << 10));
  BOOST_TEST((begun_on.load() == std::this_thread::get_id()));
  BOOST_TEST((made_on.load() != std::this_thread::get_id()));
  handed(api.handler(), request((16 << 10) + 1));
  BOOST_TEST((begun_on.load() != std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(what_comes_after_the_end_is_answered_by_who_brings_it) {
  std::promise<then_function> called;
  begin = [&](const auto& then) { called.set_value(then); };
  auto waiting = post("?wait=30");
  const auto then = called.get_future().get();
  api.stop();
  then(answer());
  BOOST_TEST(waiting.get().body == "not yet");
  BOOST_TEST((made_on.load() == std::this_thread::get_id()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
