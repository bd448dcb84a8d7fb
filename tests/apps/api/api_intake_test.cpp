// SPDX-License-Identifier: Apache-2.0
// POST /v1/records, over a service that stores at once.
#include "intake_world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>

namespace chancery::tests {

namespace {

using actors::record_refusal;

std::vector<nlohmann::json> lines_of(const http_response& response) {
  std::vector<nlohmann::json> lines;
  std::string_view rest = response.body;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    lines.push_back(nlohmann::json::parse(rest.substr(0, end)));
    rest.remove_prefix(end + 1);
  }
  return lines;
}

std::string line(const std::string& name, const std::string& text) {
  return nlohmann::json{{"name", name}, {"text", text}}.dump() + "\n";
}

/// Refuses whatever is submitted.
auto refusing(record_refusal why) {
  return
      [why](const actors::record_request&, const actors::record_reply& reply) {
        actors::record_answer answer;
        answer.refused = why;
        answer.reason = "a reason of the actors";
        reply(std::move(answer));
      };
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_intake_test, intake_world)

BOOST_AUTO_TEST_CASE(octets_are_a_record) {
  const std::string bytes("\0\xff record", 9);
  const auto answer = post(octets, bytes, "?name=INV-17%2F3");
  BOOST_TEST(answer.status == 201);
  BOOST_TEST(field(answer, "Location") == "/v1/records/0");
  BOOST_TEST(field(answer, "Cache-Control") == "no-store");
  const nlohmann::json expected{{"id", 0},
                                {"name", "INV-17/3"},
                                {"size", 9},
                                {"received", "2026-01-01T00:00:00.000Z"},
                                {"signed", false}};
  BOOST_TEST(json_of(answer) == expected);
  BOOST_TEST(get("/v1/records/0/data").body == bytes);
  BOOST_TEST(json_of(get("/v1/records/0")) == expected);
}

BOOST_AUTO_TEST_CASE(an_object_is_a_record) {
  const auto answer = post(one_object, R"({"data":"YWJj"})");
  BOOST_TEST(answer.status == 201);
  BOOST_TEST(json_of(answer).at("name").is_null());
  BOOST_TEST(get("/v1/records/0/data").body == "abc");
  BOOST_TEST(post(one_object, R"({"text":""})").status == 201);
  BOOST_TEST(get("/v1/records/1/data").body == "");
}

BOOST_AUTO_TEST_CASE(a_signed_record_comes_with_its_signature) {
  post(octets, "abc", "?name=a");
  sign();
  const auto again = post(octets, "abc", "?name=a");
  BOOST_TEST(again.status == 200);
  BOOST_TEST(field(again, "Location") == "/v1/records/0");
  auto expected = json_of(get("/v1/records/0"));
  BOOST_TEST(expected.at("signature").at("key") == id);
  expected["existing"] = true;
  BOOST_TEST(json_of(again) == expected);
}

BOOST_AUTO_TEST_CASE(a_taken_name_is_named_with_its_record) {
  post(octets, "abc", "?name=a");
  const auto taken = post(octets, "other", "?name=a");
  BOOST_TEST(is_problem(taken, "name_taken"));
  BOOST_TEST(json_of(taken).at("id") == 0u);
  BOOST_TEST(!json_of(taken).contains("items"));
  BOOST_TEST(store->read().record_count() == 1u);
}

BOOST_AUTO_TEST_CASE(many_records_are_answered_line_by_line) {
  post(octets, "1", "?name=a");
  const auto answer =
      post(many_lines, line("b", "2") + line("a", "1") + R"({"text":"3"})");
  BOOST_TEST(answer.status == 201);
  BOOST_TEST(field(answer, "Content-Type") == "application/x-ndjson");
  BOOST_TEST(field(answer, "Location") == "(none)");
  const auto lines = lines_of(answer);
  BOOST_REQUIRE(lines.size() == 3u);
  BOOST_TEST(lines[0].at("id") == 1u);
  BOOST_TEST(!lines[0].contains("existing"));
  BOOST_TEST(lines[1].at("id") == 0u);
  BOOST_TEST(lines[1].at("existing") == true);
  BOOST_TEST(lines[2].at("name").is_null());
  BOOST_TEST(post(many_lines, line("b", "2") + line("a", "1")).status == 200);
  BOOST_TEST(store->read().record_count() == 3u);
}

BOOST_AUTO_TEST_CASE(each_line_shows_its_record_as_it_is) {
  post(many_lines, line("a", "a") + line("b", "b"));
  sign();
  post(many_lines, line("c", "c") + line("d", "d"));
  const auto order = {"d", "a", "new", "b", "c", "newer", "a"};
  std::string body;
  for (const auto* name : order)
    body += line(name, name);
  const auto lines = lines_of(post(many_lines, body));
  BOOST_REQUIRE(lines.size() == order.size());
  std::size_t i = 0;
  for (const auto* name : order) {
    auto expected =
        json_of(get(std::string("/v1/records/by-name?name=") + name));
    if (!std::string_view(name).starts_with("new"))
      expected["existing"] = true;
    BOOST_TEST(lines[i++] == expected);
  }
  BOOST_TEST(lines[1].at("signed") == true);
  BOOST_TEST(lines[4].at("signed") == false);
}

BOOST_AUTO_TEST_CASE(one_broken_line_refuses_all) {
  const auto answer =
      post(many_lines, line("a", "1") + "\n" + line("a", "2") + "{}\n");
  BOOST_TEST(is_problem(answer, "bad_line"));
  const auto items = json_of(answer).at("items");
  BOOST_REQUIRE(items.size() == 3u);
  BOOST_TEST(items[0].at("line") == 2u);
  BOOST_TEST(items[0].at("reason") == "the line is empty");
  BOOST_TEST(items[1].at("line") == 3u);
  BOOST_TEST(items[2].at("line") == 4u);
  BOOST_TEST(!submitted);
  std::string many;
  for (int i = 0; i < 300; ++i)
    many += "broken\n";
  BOOST_TEST(json_of(post(many_lines, many)).at("items").size() == 100u);
}

BOOST_AUTO_TEST_CASE(one_taken_name_refuses_all) {
  post(octets, "1", "?name=a");
  const auto answer = post(many_lines, line("b", "2") + line("a", "other"));
  BOOST_TEST(is_problem(answer, "name_taken"));
  const auto items = json_of(answer).at("items");
  BOOST_REQUIRE(items.size() == 1u);
  BOOST_TEST(items[0].at("line") == 2u);
  BOOST_TEST(items[0].at("id") == 0u);
  BOOST_TEST(store->read().record_count() == 1u);
}

BOOST_AUTO_TEST_CASE(good_lines_are_stored_where_others_are_skipped) {
  post(octets, "1", "?name=a");
  const auto answer =
      post(many_lines,
           line("b", "2") + "broken\n" + line("a", "other") + line("a", "1"),
           "?on_error=skip");
  BOOST_TEST(answer.status == 200);
  const auto lines = lines_of(answer);
  BOOST_REQUIRE(lines.size() == 4u);
  BOOST_TEST(lines[0].at("id") == 1u);
  BOOST_TEST(lines[1].at("refused") == "bad_line");
  BOOST_TEST(!lines[1].at("reason").get<std::string>().empty());
  BOOST_TEST(lines[2].at("refused") == "name_taken");
  BOOST_TEST(lines[2].at("id") == 0u);
  BOOST_TEST(lines[3].at("existing") == true);
  BOOST_TEST(submitted->skip_taken);
  BOOST_TEST(submitted->records.size() == 3u);
  submitted.reset();
  const auto none = post(many_lines, "broken\n\n", "?on_error=skip&wait=30");
  BOOST_TEST(none.status == 200);
  BOOST_TEST(lines_of(none).size() == 2u);
  BOOST_TEST(!submitted);
}

BOOST_AUTO_TEST_CASE(garbage_is_refused_before_it_is_submitted) {
  for (const auto* query :
       {"?name=", "?name=%20a", "?name=a%E2%80%8B", "?on_error=skip",
        "?wait=31", "?wait=x", "?colour=red"})
    BOOST_TEST(is_problem(post(octets, "x", query), "bad_parameter"), query);
  BOOST_TEST(is_problem(post(octets, ""), "bad_parameter"));
  BOOST_TEST(is_problem(post(one_object, ""), "bad_parameter"));
  BOOST_TEST(is_problem(post(many_lines, ""), "bad_parameter"));
  for (const auto* query : {"?name=a", "?on_error=skip"})
    BOOST_TEST(is_problem(post(one_object, R"({"text":"a"})", query),
                          "bad_parameter"));
  for (const auto* query : {"?name=a", "?on_error=", "?on_error=stop"})
    BOOST_TEST(
        is_problem(post(many_lines, line("a", "1"), query), "bad_parameter"));
  BOOST_TEST(is_problem(post(one_object, "[]"), "bad_parameter"));
  BOOST_TEST(is_problem(post("text/plain", "x"), "wrong_content_type"));
  BOOST_TEST(is_problem(post({}, "x"), "wrong_content_type"));
  BOOST_TEST(!submitted);
}

BOOST_AUTO_TEST_CASE(each_kind_of_body_has_its_size) {
  const auto body = [](std::size_t mebibytes) {
    return std::string((mebibytes << 20) + 1, ' ');
  };
  BOOST_TEST(is_problem(post(octets, body(16)), "too_large"));
  BOOST_TEST(is_problem(post(one_object, body(24)), "too_large"));
  BOOST_TEST(is_problem(post(many_lines, body(32)), "too_large"));
  BOOST_TEST(
      is_problem(post(many_lines, std::string(10'001, '\n')), "too_large"));
  const auto large = nlohmann::json{{"text", body(16)}}.dump();
  BOOST_TEST(is_problem(post(one_object, large), "too_large"));
  BOOST_TEST(is_problem(post(many_lines, large), "bad_line"));
  BOOST_TEST(!submitted);
  const std::string most(std::size_t{16} << 20, 'x');
  BOOST_TEST(post(octets, most).status == 201);
}

BOOST_AUTO_TEST_CASE(who_waits_is_answered_once_all_is_signed) {
  auto one = post_later(octets, "1", "?wait=30");
  while (store->read().record_count() < 1)
    std::this_thread::yield();
  auto many =
      post_later(many_lines, line("a", "1") + line("b", "2"), "?wait=30");
  while (store->read().record_count() < 3)
    std::this_thread::yield();
  {
    auto txn = store->write();
    put_batch(txn, 0, 2);
    txn.commit();
  }
  api.wake();
  BOOST_TEST(json_of(one.get()).at("signed") == true);
  BOOST_TEST((many.wait_for(std::chrono::milliseconds(50)) ==
              std::future_status::timeout));
  sign();
  api.wake();
  for (const auto& each : lines_of(many.get()))
    BOOST_TEST(each.at("signature").at("alg") == "ES256");
}

BOOST_AUTO_TEST_CASE(who_cannot_wait_any_longer_gets_the_record_as_it_is) {
  auto waiting = post_later(octets, "1", "?wait=30");
  while (store->read().record_count() < 1)
    std::this_thread::yield();
  api.end_waits();
  const auto answer = waiting.get();
  BOOST_TEST(answer.status == 201);
  BOOST_TEST(json_of(answer).at("signed") == false);
  BOOST_TEST(post(octets, "2", "?wait=30").status == 201);
}

BOOST_AUTO_TEST_CASE(every_refusal_of_the_service_is_a_problem) {
  const std::pair<record_refusal, const char*> expected[] = {
      {record_refusal::malformed, "bad_parameter"},
      {record_refusal::key_reused, "idempotency_key_reused"},
      {record_refusal::in_progress, "idempotency_in_progress"},
      {record_refusal::busy, "busy"},
      {record_refusal::disk_full, "disk_full"},
      {record_refusal::stopping, "stopping"},
      {record_refusal::internal, "internal"}};
  for (const auto& [refusal, code] : expected) {
    submit = refusing(refusal);
    BOOST_TEST(is_problem(post(octets, "x", "?wait=30"), code), code);
    BOOST_TEST(is_problem(post(many_lines, line("a", "1")), code), code);
  }
  submit = refusing(record_refusal::busy);
  BOOST_TEST(field(post(octets, "x"), "Retry-After") == "1");
  BOOST_TEST(failures.size() == 2u); // the internal ones, with their reason
  BOOST_TEST(failures[0].ends_with("a reason of the actors"));
}

BOOST_AUTO_TEST_CASE(a_service_that_fails_is_answered_for) {
  submit = [](const auto&, const auto&) { throw std::runtime_error("no"); };
  BOOST_TEST(is_problem(post(octets, "x"), "internal"));
  submit = [](const auto&, const auto&) {}; // forgets the request
  BOOST_TEST(is_problem(post(octets, "x"), "internal"));
  submit = [](const auto&, const auto& reply) { reply({}); };
  BOOST_TEST(is_problem(post(octets, "x"), "internal"));
}

BOOST_AUTO_TEST_CASE(a_reply_may_come_later_and_from_any_thread) {
  std::thread replying;
  submit = [&](actors::record_request request,
               const actors::record_reply& reply) {
    replying = std::thread([this, request = std::move(request), reply] {
      reply(stored(request));
    });
  };
  BOOST_TEST(post(octets, "x").status == 201);
  replying.join();
}

BOOST_AUTO_TEST_CASE(what_was_stored_is_answered_also_when_it_cannot_be_read) {
  submit = [](const auto& request, const auto& reply) {
    actors::record_answer answer;
    answer.received_ms = test_time_ms;
    for (std::uint64_t i = 0; i < request.records.size(); ++i)
      answer.records.push_back({.id = 7 + i});
    reply(std::move(answer));
  };
  const auto answer = post(octets, "abc", "?name=a");
  BOOST_TEST(answer.status == 201);
  const nlohmann::json expected{{"id", 7},
                                {"name", "a"},
                                {"size", 3},
                                {"received", "2026-01-01T00:00:00.000Z"},
                                {"signed", false}};
  BOOST_TEST(json_of(answer) == expected);
}

BOOST_AUTO_TEST_CASE(a_prefix_limits_what_is_posted) {
  limit_to("INV-");
  BOOST_TEST(post(octets, "x", "?name=INV-1").status == 201);
  submitted.reset();
  for (const auto* query : {"", "?name=inv-1", "?name=INV", "?name=PAY-1"})
    BOOST_TEST(is_problem(post(octets, "x", query), "not_allowed"), query);
  BOOST_TEST(is_problem(post(one_object, R"({"text":"a"})"), "not_allowed"));
  const auto lines =
      line("INV-2", "2") + line("PAY-2", "2") + "{\"text\":\"\"}";
  const auto refused = post(many_lines, lines);
  BOOST_TEST(is_problem(refused, "not_allowed"));
  BOOST_TEST(json_of(refused).at("items").size() == 2u);
  BOOST_TEST(is_problem(post(many_lines, lines + "\nbroken"), "bad_line"));
  BOOST_TEST(!submitted);
  const auto skipped = lines_of(post(many_lines, lines, "?on_error=skip"));
  BOOST_TEST(skipped.at(0).at("id") == 1u);
  BOOST_TEST(skipped.at(1).at("refused") == "not_allowed");
  BOOST_TEST(skipped.at(2).at("refused") == "not_allowed");
}

BOOST_AUTO_TEST_CASE(a_service_that_signs_nothing_says_so) {
  intake_world reading(false);
  BOOST_TEST(is_problem(reading.post(octets, "x"), "not_supported"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
