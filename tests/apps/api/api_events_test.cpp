// SPDX-License-Identifier: Apache-2.0
#include "api_fixture.hpp"

#include "apps/api/tokens.hpp"
#include "tests/apps/http/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

BOOST_FIXTURE_TEST_SUITE(api_events_test, api_world)

namespace {

const std::string path = "/v1/events";

/// What has come, once there is something.
std::string next(const http_response& response) {
  std::string octets;
  comes_true([&] {
    octets = response.stream->next().octets;
    return !octets.empty();
  });
  return octets;
}

/// The line of a token with this scope, which is its name, too.
std::string token_line(const std::string& scope) {
  apps::token_entry entry;
  entry.name = scope;
  entry.scopes = apps::scope_set::parse(scope);
  entry.hash = apps::token_hash(scope);
  return entry.line() + "\n";
}

http_fields bearer_of(const std::string& token) {
  return {{"Authorization", "Bearer " + token}};
}

std::shared_ptr<const apps::token_book> book(const std::string& lines) {
  return std::make_shared<const apps::token_book>(
      apps::token_book::parse(lines));
}

} // namespace

BOOST_AUTO_TEST_CASE(events_are_streamed_as_they_are_published) {
  const auto answer = get(path);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(field(answer, "Content-Type") == "text/event-stream");
  BOOST_TEST(field(answer, "Cache-Control") == "no-store");
  BOOST_TEST(field(answer, "Request-Id") != "(none)");
  const auto begin = next(answer);
  BOOST_TEST(begin.starts_with("retry: 2000\nid: "));
  const auto first = begin.substr(begin.find("id: ") + 4, 9);
  events->publish("block", R"({"index":4})");
  const auto process = first.substr(0, 8);
  BOOST_TEST(next(answer) ==
             "id: " + process + ".1\nevent: block\ndata: {\"index\":4}\n\n");
  const auto back = get(path, {{"Last-Event-ID", process + ".0"}});
  BOOST_TEST(next(back) == "retry: 2000\n\nid: " + process +
                               ".1\nevent: block\ndata: {\"index\":4}\n\n");
}

BOOST_AUTO_TEST_CASE(a_stream_is_logged_when_it_ends) {
  {
    auto answer = get(path, {{"Request-Id", "mine"}});
    BOOST_TEST(log.empty());
    BOOST_TEST(next(answer).size() > 20u);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  BOOST_REQUIRE(log.size() == 1u);
  BOOST_TEST(log[0].id == "mine");
  BOOST_TEST(log[0].pattern == path);
  BOOST_TEST(log[0].status == 200);
  BOOST_TEST(log[0].stream);
  BOOST_TEST(log[0].bytes > 20u);
  BOOST_TEST(log[0].seconds >= 0.002);
  get("/v1/node");
  BOOST_TEST(!log.back().stream);
}

BOOST_AUTO_TEST_CASE(head_takes_no_place) {
  const auto answer = ask("HEAD", path);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(field(answer, "Content-Type") == "text/event-stream");
  BOOST_TEST(answer.stream);
  BOOST_TEST(events->readers() == 0u);
}

BOOST_AUTO_TEST_CASE(beyond_64_readers_the_server_is_busy) {
  std::vector<http_response> all;
  for (int i = 0; i < 64; ++i)
    all.push_back(get(path));
  BOOST_TEST(all.back().status == 200);
  BOOST_TEST(is_problem(get(path), "busy"));
  BOOST_TEST(get("/v1/node").status == 200);
  all.pop_back();
  BOOST_TEST(get(path).status == 200);
}

BOOST_AUTO_TEST_CASE(events_take_no_parameters) {
  BOOST_TEST(is_problem(get(path + "?last_event_id=1"), "bad_parameter"));
}

BOOST_AUTO_TEST_CASE(a_token_that_is_revoked_ends_its_stream) {
  apps::event_limits limits;
  limits.keep_alive = std::chrono::milliseconds(1);
  apps::api_options options;
  options.callers.tokens = book(token_line("read") + token_line("submit"));
  api_world world(std::move(options), false, limits);
  BOOST_TEST(is_problem(world.get(path), "token_missing"));
  BOOST_TEST(is_problem(world.get(path, bearer_of("submit")), "scope_missing"));
  const auto answer = world.get(path, bearer_of("read"));
  BOOST_TEST(answer.status == 200);
  while (next(answer).find(": keep-alive") == std::string::npos) {
  }
  world.api.set_tokens(book(token_line("submit")));
  BOOST_TEST(comes_true([&] { return answer.stream->next().last; }));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_api_ends_its_streams) {
  apps::event_limits limits;
  limits.keep_alive = std::chrono::milliseconds(1);
  api_world world({}, false, limits);
  const auto answer = world.get(path);
  world.api.stop();
  BOOST_TEST(comes_true([&] { return answer.stream->next().last; }));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
