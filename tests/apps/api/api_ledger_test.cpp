// SPDX-License-Identifier: Apache-2.0
// The ledger's routes: its chain, messages and clients.
#include "api_fixture.hpp"

#include "apps/answers/chain_answers.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

BOOST_FIXTURE_TEST_SUITE(api_ledger_test, api_world)

namespace {

const http_fields one_text{{"Content-Type", "application/jose"}};
const http_fields many_lines{{"Content-Type", "application/x-ndjson"}};

} // namespace

BOOST_AUTO_TEST_CASE(the_node_says_who_it_is_and_how_much_it_holds) {
  const auto node = json_of(get("/v1/node"));
  BOOST_TEST(node.at("node") == crypto::to_text(ledger.identity.id()));
  BOOST_TEST(node.at("keys") == "the.signed.keys");
  BOOST_TEST(node.at("messages") == 5u);
  const auto counts = json_of(get("/v1/blocks/count"));
  BOOST_TEST(counts.at("blocks") == 1u);
  BOOST_TEST(counts.at("pending") == 0u);
  BOOST_TEST(counts.at("block_size") == 5u);
}

BOOST_AUTO_TEST_CASE(a_block_is_found_by_index_hash_and_as_the_head) {
  const auto block = ledger.block();
  const auto expected = nlohmann::json(apps::block_json(block));
  const auto hash = crypto::to_text(block.hash);
  for (const auto& path :
       {std::string("/v1/blocks/0"), std::string("/v1/blocks/head"),
        "/v1/blocks/by-hash/" + hash})
    BOOST_TEST((json_of(get(path)) == expected), path);
  BOOST_TEST((json_of(get("/v1/blocks")).at("blocks").at(0) == expected));
  BOOST_TEST(is_problem(get("/v1/blocks/1"), "not_there_yet"));
  BOOST_TEST(is_problem(get("/v1/blocks/by-hash/" + std::string(43, 'A')),
                        "not_found"));
  const auto first = get("/v1/blocks/by-hash/" + hash + "/previous");
  BOOST_TEST(is_problem(first, "not_found"));
  BOOST_TEST(json_of(first).at("first") == true);
}

BOOST_AUTO_TEST_CASE(a_block_never_changes_so_it_is_sent_once) {
  const auto block = get("/v1/blocks/0");
  BOOST_TEST(field(block, "Cache-Control") ==
             "public, max-age=31536000, immutable");
  const auto again =
      get("/v1/blocks/0", {{"If-None-Match", field(block, "ETag")}});
  BOOST_TEST(again.status == 304);
  BOOST_TEST(again.body.empty());
  BOOST_TEST(field(get("/v1/blocks/head"), "Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(a_tag_names_what_this_ledger_has_and_no_other) {
  const auto node = json_of(get("/v1/node")).at("node").get<std::string>();
  for (const auto* path : {"/v1/messages/3", "/v1/messages/3/proof"}) {
    const auto tag = field(get(path), "ETag");
    BOOST_TEST(tag.find(node.substr(0, 8)) == 1u, path);
    BOOST_TEST(get(path, {{"If-None-Match", tag}}).status == 304, path);
    BOOST_TEST(
        get(path, {{"If-None-Match", "\"AAAAAAAA" + tag.substr(9)}}).status ==
            200,
        path);
  }
}

BOOST_AUTO_TEST_CASE(a_block_s_messages_come_in_pages) {
  const auto first = json_of(get("/v1/blocks/0/messages?limit=2"));
  BOOST_TEST(first.at("leaves").size() == 2u);
  BOOST_TEST(first.at("messages").size() == 2u);
  std::size_t seen = 2;
  auto next = first.at("next").get<std::string>();
  while (!next.empty()) {
    const auto page = json_of(get(next));
    BOOST_TEST(page.at("leaves").at(0).at("index") == seen);
    seen += page.at("leaves").size();
    next = page.value("next", "");
  }
  BOOST_TEST(seen == 5u);
}

BOOST_AUTO_TEST_CASE(a_message_and_its_proof_are_answered) {
  const auto message = json_of(get("/v1/messages/3"));
  BOOST_TEST(message.at("jws") == ledger.messages.at(3));
  BOOST_TEST(message.at("block") == 0u);
  const auto proof = get("/v1/messages/3/proof");
  BOOST_TEST(actors::check_proof(apps::proof_from_json(proof.body),
                                 ledger.node(),
                                 crypto::provider::openssl) == "");
  BOOST_TEST(is_problem(get("/v1/messages/5"), "not_there_yet"));
  BOOST_TEST(is_problem(get("/v1/messages/5/proof"), "not_there_yet"));
}

BOOST_AUTO_TEST_CASE(an_unknown_client_is_not_found) {
  BOOST_TEST(is_problem(
      get("/v1/clients/" + crypto::to_text(ledger.client.id())), "not_found"));
  BOOST_TEST(is_problem(get("/v1/clients/x"), "bad_parameter"));
}

BOOST_AUTO_TEST_CASE(a_message_s_answer_is_its_receipt) {
  answer.receipt = ledger.receipt_of(ledger.messages.at(2), 2);
  const auto response = ask("POST", "/v1/messages", one_text, "a.b.c.d.e\r\n");
  BOOST_TEST(response.status == 201);
  BOOST_TEST(json_of(response).at("index") == 2u);
  BOOST_TEST(json_of(response).at("receipt") == answer.receipt);
  BOOST_TEST(field(response, "Location") == "/v1/messages/2");
  BOOST_TEST(submitted.back() == "a.b.c.d.e");
}

BOOST_AUTO_TEST_CASE(a_refusal_keeps_its_code) {
  using crypto::refusal;
  for (const auto& [code, status] : {std::pair(refusal::stale_sequence, 409),
                                     {refusal::bad_signature, 422},
                                     {refusal::busy, 503},
                                     {refusal::disk_full, 507},
                                     {refusal::over_limit, 429},
                                     {refusal::not_allowed, 403},
                                     {refusal::too_large, 413},
                                     {refusal::internal, 500}}) {
    answer.refused = code;
    answer.reason = "because";
    const auto response = ask("POST", "/v1/messages", one_text, "x");
    BOOST_TEST(is_problem(response, crypto::to_text(code)));
    BOOST_TEST(response.status == status);
  }
}

BOOST_AUTO_TEST_CASE(a_registration_s_answer_is_the_client_s_id) {
  answer.registered = crypto::to_text(ledger.client.id());
  const auto response = ask("POST", "/v1/clients", one_text, "x.y.z");
  BOOST_TEST(response.status == 201);
  BOOST_TEST(json_of(response).at("client") == answer.registered);
}

BOOST_AUTO_TEST_CASE(what_belongs_to_the_other_route_reaches_no_node) {
  BOOST_TEST(is_problem(ask("POST", "/v1/clients", one_text, "a.b.c.d.e"),
                        "not_signed"));
  BOOST_TEST(
      is_problem(ask("POST", "/v1/messages", one_text, "x.y.z"), "not_signed"));
  BOOST_TEST(submitted.empty());
}

BOOST_AUTO_TEST_CASE(lines_are_answered_in_their_order) {
  answer.refused = crypto::refusal::bad_schema;
  answer.reason = "because";
  const auto response =
      ask("POST", "/v1/messages", many_lines, "first\r\n\"second\"\nthird");
  BOOST_TEST(response.status == 200);
  BOOST_TEST(submitted ==
                 (std::vector<std::string>{"first", "second", "third"}),
             boost::test_tools::per_element());
  BOOST_TEST(std::ranges::count(response.body, '\n') == 3);
  BOOST_TEST(
      is_problem(ask("POST", "/v1/messages", many_lines, ""), "bad_parameter"));
  BOOST_TEST(is_problem(ask("POST", "/v1/messages", many_lines, "\"broken"),
                        "bad_parameter"));
  std::string many;
  for (int i = 0; i < 1'001; ++i)
    many += "x\n";
  BOOST_TEST(
      is_problem(ask("POST", "/v1/messages", many_lines, many), "too_large"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
