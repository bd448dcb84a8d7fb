// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/chain.hpp"
#include "apps/answers/chain_answers.hpp"
#include "apps/api/api_ledger.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/api/parameters.hpp"
#include "apps/api/problem.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/jwk.hpp"
#include "crypto/ledger/merkle.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

class chain_routes {
 public:
  explicit chain_routes(served_ledger ledger) : ledger_(std::move(ledger)) {}

  http_response node(const api_request&) const {
    const auto view = ledger_.store->read();
    auto answer = counts(view);
    answer["node"] = crypto::to_text(ledger_.node);
    answer["keys"] = ledger_.keys;
    answer["software"] = ledger_.software;
    return json_response(answer);
  }

  http_response count(const api_request&) const {
    return json_response(counts(ledger_.store->read()));
  }

  /// Newest first; `after` is the index that the last answer ended with.
  http_response blocks(const api_request& request) const {
    const auto limit = limit_parameter(request);
    const auto view = ledger_.store->read();
    auto below = view.block_count();
    if (const auto after = number_parameter(request, "after"))
      below = std::min(below, *after);
    json rows = json::array();
    while (below > 0 && rows.size() < limit)
      rows.push_back(block_json(required_block(view, --below)));
    json answer{{"blocks", std::move(rows)}};
    if (below > 0)
      answer["next"] =
          fmt::format("/v1/blocks?after={}&limit={}", below, limit);
    return json_response(answer);
  }

  http_response head(const api_request&) const {
    const auto found = actors::head_block(ledger_.store->read());
    if (!found)
      throw problem("not_found", "no block is complete yet", {{"blocks", 0}});
    return json_response(block_json(*found));
  }

  http_response block(const api_request& request) const {
    const auto index = number_value("index", request.values.at(0));
    return sealed(request, required_block(ledger_.store->read(), index));
  }

  http_response by_hash(const api_request& request) const {
    const auto hash = id_value("hash", request.values.at(0));
    return sealed(request, required_block(ledger_.store->read(), hash));
  }

  http_response previous(const api_request& request) const {
    const auto hash = id_value("hash", request.values.at(0));
    const auto view = ledger_.store->read();
    required_block(view, hash);
    const auto found = actors::previous_block(view, hash);
    if (!found)
      throw problem("not_found", "no block precedes the first one",
                    {{"first", true}});
    return sealed(request, *found);
  }

  http_response messages_of_block(const api_request& request) const {
    const auto index = number_value("index", request.values.at(0));
    const auto limit = limit_parameter(request);
    const auto view = ledger_.store->read();
    const auto found = required_block(view, index);
    const auto& header = found.header;
    const auto end = header.first_message + header.count;
    auto at = header.first_message;
    if (const auto after = number_parameter(request, "after"))
      at = std::max(at, std::min(*after, end) + 1);
    json leaves = json::array();
    std::string messages;
    for (; at < end && leaves.size() < limit; ++at) {
      const auto stored = required_message(view, at);
      leaves.push_back({{"index", at},
                        {"leaf", crypto::to_text(crypto::merkle_leaf(
                                     crypto::bytes_of(stored.compact)))}});
      if (request.may(scope::read))
        messages += (messages.empty() ? "" : ",") + message_json_line(stored);
    }
    json answer{{"block", index}, {"leaves", std::move(leaves)}};
    if (at < end)
      answer["next"] = fmt::format("/v1/blocks/{}/messages?after={}&limit={}",
                                   index, at - 1, limit);
    auto text = answer.dump();
    if (request.may(scope::read)) // their payloads are as they were signed
      text.insert(text.size() - 1,
                  fmt::format(R"(,"messages":[{}])", messages));
    return text_response(std::move(text), "application/json");
  }

  http_response message(const api_request& request) const {
    const auto index = number_value("index", request.values.at(0));
    const auto stored = required_message(ledger_.store->read(), index);
    auto response =
        text_response(message_json_line(stored), "application/json");
    if (!stored.block)
      return response; // its block is not known yet
    return unchanging(request, std::move(response), tag('m', index),
                      kept_by::asker);
  }

  http_response proof(const api_request& request) const {
    const auto index = number_value("index", request.values.at(0));
    const auto view = ledger_.store->read();
    const auto block_size = ledger_.store->info().block_size;
    const auto found = actors::prove(view, index, block_size);
    if (!found)
      throw no_proof(view, index);
    if (const auto fault = actors::check_proof(*found, ledger_.signing,
                                               crypto::single_signatures);
        !fault.empty())
      throw std::runtime_error(fmt::format(
          "the stored chain does not prove message {}: {}", index, fault));
    auto answer = proof_json(*found);
    const bool whole = request.may(scope::read);
    if (!whole)
      answer.erase("jws");
    auto response = json_response(answer);
    if (!request.open)
      response.fields.push_back({"Vary", "Authorization"});
    return unchanging(
        request, std::move(response), tag(whole ? 'p' : 'l', index),
        whole && !request.open ? kept_by::asker : kept_by::everybody);
  }

  http_response client(const api_request& request) const {
    const auto id = id_value("id", request.values.at(0));
    const auto view = ledger_.store->read();
    const auto point = view.client(id);
    if (!point)
      throw problem("not_found", "no client with this id is registered");
    const auto last = view.last_sequence(id);
    return json_response({{"client", crypto::to_text(id)},
                          {"key", crypto::to_jwk(crypto::public_key(
                                      crypto::curve::p256, *point))},
                          {"last_sequence", last ? json(*last) : json()}});
  }

 private:
  json counts(const storage::ledger_snapshot& view) const {
    const auto blocks = actors::completed_blocks(view);
    const auto messages = view.message_count();
    const auto size = ledger_.store->info().block_size;
    return {{"blocks", blocks},
            {"messages", messages},
            {"pending", messages - blocks * size},
            {"block_size", size}};
  }

  static actors::sealed_block
  required_block(const storage::ledger_snapshot& view, std::uint64_t index) {
    auto found = actors::block_at(view, index);
    if (!found)
      throw problem("not_there_yet",
                    "the chain has fewer blocks, with indexes from 0",
                    {{"blocks", view.block_count()}});
    return *found;
  }

  static actors::sealed_block
  required_block(const storage::ledger_snapshot& view,
                 const crypto::hash_bytes& hash) {
    auto found = actors::block_of(view, hash);
    if (!found)
      throw problem("not_found", "the chain has no block with this hash");
    return *found;
  }

  actors::stored_message required_message(const storage::ledger_snapshot& view,
                                          std::uint64_t index) const {
    auto found =
        actors::message_at(view, index, ledger_.store->info().block_size);
    if (!found)
      throw no_message(view);
    return *found;
  }

  static problem no_message(const storage::ledger_snapshot& view) {
    return {"not_there_yet",
            "the ledger has fewer messages, with indexes from 0",
            {{"messages", view.message_count()}}};
  }

  problem no_proof(const storage::ledger_snapshot& view,
                   std::uint64_t index) const {
    const auto messages = view.message_count();
    const auto size = ledger_.store->info().block_size;
    if (index >= messages)
      return no_message(view);
    return {"not_there_yet",
            fmt::format("the message is in no block yet: its block needs {} "
                        "more",
                        size - messages % size),
            {{"messages", messages}}};
  }

  /// Names a thing of this ledger; another one on this address has others.
  std::string tag(char kind, std::uint64_t index) const {
    return fmt::format("{}-{}{}", crypto::to_text(ledger_.node).substr(0, 8),
                       kind, index);
  }

  /// A block never changes.
  static http_response sealed(const api_request& request,
                              const actors::sealed_block& block) {
    return unchanging(request, json_response(block_json(block)),
                      crypto::to_text(block.hash), kept_by::everybody);
  }

  served_ledger ledger_;
};

} // namespace

void add_chain_routes(route_table& table, const served_ledger& ledger) {
  const auto routes = std::make_shared<const chain_routes>(ledger);
  const auto everybody =
      ledger.tokens_for_all ? std::optional(scope::read) : std::nullopt;
  const auto by = [&](http_response (chain_routes::*method)(const api_request&)
                          const) {
    return answered_now{[routes, method](const api_request& request) {
      return (*routes.*method)(request);
    }};
  };
  const auto get = [&](std::string_view pattern, std::string_view operation,
                       std::optional<scope> needs, auto work,
                       std::vector<std::string_view> parameters = {}) {
    table.add({"GET",
               pattern,
               operation,
               needs,
               std::move(parameters),
               {},
               std::move(work)});
  };
  const std::vector<std::string_view> paging{"after", "limit"};
  get("/v1/node", "getNode", everybody, by(&chain_routes::node));
  get("/v1/blocks", "listBlocks", everybody,
      answered_slowly{by(&chain_routes::blocks)}, paging);
  get("/v1/blocks/count", "countBlocks", everybody, by(&chain_routes::count));
  get("/v1/blocks/head", "getHeadBlock", everybody, by(&chain_routes::head));
  get("/v1/blocks/{index}", "getBlock", everybody, by(&chain_routes::block));
  get("/v1/blocks/by-hash/{hash}", "getBlockByHash", everybody,
      by(&chain_routes::by_hash));
  get("/v1/blocks/by-hash/{hash}/previous", "getPreviousBlock", everybody,
      by(&chain_routes::previous));
  get("/v1/blocks/{index}/messages", "listBlockMessages", everybody,
      answered_slowly{by(&chain_routes::messages_of_block)}, paging);
  get("/v1/messages/{index}", "getMessage", scope::read,
      by(&chain_routes::message));
  get("/v1/messages/{index}/proof", "getMessageProof", everybody,
      answered_slowly{by(&chain_routes::proof)});
  get("/v1/clients/{id}", "getClient", scope::read, by(&chain_routes::client));
}

} // namespace chancery::apps
