// SPDX-License-Identifier: Apache-2.0
// What is common to all routes.
#include "api_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

namespace chancery::tests {

BOOST_FIXTURE_TEST_SUITE(api_test, api_world)

BOOST_AUTO_TEST_CASE(an_unknown_path_method_or_parameter_is_a_problem) {
  BOOST_TEST(is_problem(get("/v1/nothing"), "not_found"));
  BOOST_TEST(is_problem(get("/v1/blocks/0/nothing"), "not_found"));
  const auto wrong = ask("DELETE", "/v1/blocks/0");
  BOOST_TEST(is_problem(wrong, "method_not_allowed"));
  BOOST_TEST(field(wrong, "Allow") == "GET, HEAD");
  BOOST_TEST(is_problem(get("/v1/blocks/0?colour=red"), "bad_parameter"));
  BOOST_TEST(is_problem(get("/v1/blocks?limit=1&limit=1"), "bad_parameter"));
  BOOST_TEST(is_problem(get("/v1/blocks/seven"), "bad_parameter"));
  BOOST_TEST(is_problem(get("/v1/blocks/9007199254740992"), "bad_parameter"));
  BOOST_TEST(is_problem(get("/v1/blocks?limit=0"), "bad_parameter"));
  BOOST_TEST(is_problem(get("/v1/blocks?limit=1001"), "bad_parameter"));
}

BOOST_AUTO_TEST_CASE(a_post_needs_a_known_content_type) {
  BOOST_TEST(
      is_problem(ask("POST", "/v1/messages", {}, "x"), "wrong_content_type"));
  BOOST_TEST(is_problem(
      ask("POST", "/v1/clients", {{"Content-Type", "text/plain"}}, "x"),
      "wrong_content_type"));
  const http_fields::value_type type{"Content-Type", "application/jose"};
  BOOST_TEST(is_problem(
      ask("POST", "/v1/messages", {type, {"Content-Encoding", "gzip"}}, "x"),
      "wrong_content_type"));
  BOOST_TEST(
      is_problem(ask("POST", "/v1/messages",
                     {type, {"content-type", "application/x-ndjson"}}, "x"),
                 "wrong_content_type"));
  BOOST_TEST(submitted.empty());
  ask("POST", "/v1/messages",
      {{"content-type", "Application/JOSE; a=b"},
       {"Content-Encoding", "identity"}},
      "x");
  BOOST_TEST(submitted.size() == 1u);
}

BOOST_AUTO_TEST_CASE(planned_routes_say_so) {
  BOOST_TEST(is_problem(ask("POST", "/test/later"), "not_supported"));
}

BOOST_AUTO_TEST_CASE(who_waits_is_answered_when_it_is_there) {
  auto answer = std::async(std::launch::async,
                           [this] { return get("/test/there?wait=30"); });
  BOOST_TEST(get("/test/there?wait=1").status == 202);
  there = true;
  BOOST_TEST(answer.get().status == 200);
  BOOST_TEST(get("/test/there?wait=30").status == 200);
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_longer_than_30_seconds) {
  for (const char* wait : {"31", "-1", "x", ""})
    BOOST_TEST(is_problem(get(std::string("/test/there?wait=") + wait),
                          "bad_parameter"));
}

BOOST_AUTO_TEST_CASE(beyond_512_requests_that_wait_the_server_is_busy) {
  const auto handler = api.handler();
  std::atomic<int> answers{0};
  const auto request = request_of("GET", "/test/there?wait=30");
  for (int i = 0; i < 512; ++i)
    handler.admit(request).serve(
        request, {[&](const http_response&) { ++answers; }, [] {}});
  BOOST_TEST(is_problem(get("/test/there?wait=30"), "busy"));
  BOOST_TEST(get("/test/there").status == 202);
  BOOST_TEST(answers == 0);
  api.end_waits();
  while (answers < 512)
    std::this_thread::yield();
  BOOST_TEST(get("/test/there?wait=30").status == 202);
}

BOOST_AUTO_TEST_CASE(a_failure_says_nothing_of_its_reason) {
  const auto response = get("/test/throws", {{"Request-Id", "mine-1"}});
  BOOST_TEST(is_problem(response, "internal"));
  BOOST_TEST(response.body.find("secret") == std::string::npos);
  BOOST_TEST(failures == std::vector<std::string>{"a secret place"},
             boost::test_tools::per_element());
  BOOST_TEST(field(response, "Request-Id") == "mine-1");
  BOOST_TEST(log.back().id == "mine-1");
}

BOOST_AUTO_TEST_CASE(a_request_id_is_kept_if_it_is_harmless) {
  const auto id = [&](const std::string& sent) {
    return field(get("/livez", {{"Request-Id", sent}}), "Request-Id");
  };
  BOOST_TEST(id("a.B-9_") == "a.B-9_");
  BOOST_TEST(id("two words") != "two words");
  BOOST_TEST(id(std::string(65, 'a')) != std::string(65, 'a'));
  BOOST_TEST(id("") != id(""));
}

BOOST_AUTO_TEST_CASE(another_host_is_not_served_but_for_probes) {
  const http_fields foreign{{"Host", "evil.example"}};
  BOOST_TEST(is_problem(get("/v1/node", foreign), "wrong_host"));
  BOOST_TEST(is_problem(get("/v1/nothing", foreign), "wrong_host"));
  BOOST_TEST(get("/livez", foreign).status == 200);
  BOOST_TEST(get("/v1/node", {{"Host", "LOCALHOST"}}).status == 200);
  BOOST_TEST(get("/v1/node", {{"Host", "[::1]:8080"}}).status == 200);
  BOOST_TEST(is_problem(get("/v1/node", {{"Host", "localhost.evil.example"}}),
                        "wrong_host"));
}

BOOST_AUTO_TEST_CASE(a_page_elsewhere_can_send_nothing) {
  const http_fields foreign{{"Content-Type", "application/jose"},
                            {"Origin", "https://evil.example"}};
  BOOST_TEST(
      is_problem(ask("POST", "/v1/messages", foreign, "x"), "not_allowed"));
  BOOST_TEST(submitted.empty());
  const http_fields own{{"Content-Type", "application/jose"},
                        {"Origin", "http://localhost:8080"}};
  ask("POST", "/v1/messages", own, "x");
  BOOST_TEST(submitted.size() == 1u);
  BOOST_TEST(ask("OPTIONS", "/v1/messages",
                 {{"Origin", "https://evil.example"},
                  {"Access-Control-Request-Method", "POST"}})
                 .status == 405);
}

BOOST_AUTO_TEST_CASE(a_listed_origin_may_read_the_answers) {
  apps::api_options options;
  options.callers.origins = {"https://good.example"};
  api_world world(std::move(options));
  const http_fields good{{"Origin", "https://good.example"}};
  BOOST_TEST(field(world.get("/v1/node", good),
                   "Access-Control-Allow-Origin") == "https://good.example");
  BOOST_TEST(field(world.get("/v1/node"), "Access-Control-Allow-Origin") ==
             "(none)");
  for (const auto* name : {"Idempotent-Replay", "Link", "Location"})
    BOOST_TEST(apps::lists(field(world.get("/v1/node", good),
                                 "Access-Control-Expose-Headers"),
                           name),
               name);
  for (const auto* name : {"ETag", "Request-Id"})
    BOOST_TEST(apps::lists(field(world.get("/v1/blocks/0", good),
                                 "Access-Control-Expose-Headers"),
                           name),
               name);
  // A problem can be read, too.
  BOOST_TEST(field(world.get("/v1/nothing", good),
                   "Access-Control-Allow-Origin") == "https://good.example");
}

BOOST_AUTO_TEST_CASE(a_listed_origin_may_send_what_a_client_sends) {
  apps::api_options options;
  options.callers.origins = {"https://good.example"};
  options.callers.tokens = std::make_shared<const apps::token_book>();
  api_world world(std::move(options));
  // A browser asks without the token that it wants to send.
  const auto preflight = world.ask(
      "OPTIONS", "/v1/messages",
      {{"Origin", "https://good.example"},
       {"Access-Control-Request-Method", "POST"},
       {"Access-Control-Request-Headers", "authorization,content-type"}});
  BOOST_TEST(preflight.status == 204);
  BOOST_TEST(field(preflight, "Access-Control-Allow-Origin") ==
             "https://good.example");
  BOOST_TEST(field(preflight, "Access-Control-Allow-Methods") ==
             "GET, HEAD, POST");
  for (const auto* name :
       {"Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"})
    BOOST_TEST(
        apps::lists(field(preflight, "Access-Control-Allow-Headers"), name),
        name);
}

BOOST_AUTO_TEST_CASE(what_is_kept_for_one_origin_is_not_for_another) {
  const auto varies = [](api_world& world) {
    const auto answer = world.get("/v1/blocks/0");
    return std::ranges::any_of(answer.fields, [](const auto& f) {
      return f.name == "Vary" && f.value == "Origin";
    });
  };
  BOOST_TEST(!varies(*this));
  apps::api_options options;
  options.callers.origins = {"https://good.example"};
  api_world listed(std::move(options));
  BOOST_TEST(varies(listed)); // also where no origin was sent
}

BOOST_AUTO_TEST_CASE(each_answer_is_logged_under_its_route) {
  get("/v1/blocks/0");
  BOOST_TEST(log.back().pattern == "/v1/blocks/{index}");
  BOOST_TEST(log.back().status == 200);
  BOOST_TEST(log.back().bytes > 0u);
  ask("BREW", "/v1/blocks/0");
  BOOST_TEST(log.back().method == "other");
  BOOST_TEST(log.back().status == 405);
}

BOOST_AUTO_TEST_CASE(health_names_what_is_not_well) {
  BOOST_TEST(get("/livez").status == 200);
  const auto ready = get("/readyz?verbose");
  BOOST_TEST(ready.status == 503);
  BOOST_TEST(json_of(ready).at("checks").at(0).at("reason") == "it is full");
}

BOOST_AUTO_TEST_CASE(after_its_end_everything_is_refused) {
  api.stop();
  const auto response = get("/v1/node");
  BOOST_TEST(is_problem(response, "stopping"));
  BOOST_TEST(field(response, "Retry-After") == "1");
}

BOOST_AUTO_TEST_CASE(a_request_whose_body_comes_after_the_end_is_refused) {
  const auto request = request_of("GET", "/v1/node");
  const auto admission = api.handler().admit(request);
  BOOST_REQUIRE(!admission.refusal);
  api.stop();
  int status = 0;
  admission.serve(request,
                  {[&](const http_response& r) { status = r.status; }, [] {}});
  BOOST_TEST(status == 503);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
