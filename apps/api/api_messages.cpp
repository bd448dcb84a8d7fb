// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/answer_line.hpp"
#include "apps/api/api_ledger.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/api/message_lines.hpp"
#include "apps/api/problem.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/secret.hpp"
#include "crypto/jose/jws.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view jose = "application/jose";
constexpr std::string_view lines_type = "application/x-ndjson";
constexpr std::uint64_t lines_bytes_max = std::uint64_t{32} << 20;

/// A single text may end with one line break, as tools write it.
std::string text_of_body(const std::string& body) {
  std::string text = body;
  if (text.ends_with('\n'))
    text.pop_back();
  if (text.ends_with('\r'))
    text.pop_back();
  return text;
}

/// A JWE has five parts (RFC 7516 3.1), a JWS three: the node takes both, and
/// each of the two routes only its own.
void require_parts(const std::string& text, std::ptrdiff_t parts,
                   const char* else_sentence) {
  const auto found = std::ranges::count(text, '.') + 1;
  if (found != parts && (found == 3 || found == 5))
    throw problem("not_signed", else_sentence);
}

/// The index in a receipt that our node has just signed.
std::uint64_t index_in(const std::string& receipt) {
  return crypto::receipt_from_json(crypto::parse_jws(receipt,
                                                     crypto::receipt_type,
                                                     crypto::jws_key::named)
                                       .payload)
      .index;
}

http_response created(const json& answer, const std::string& location,
                      int status) {
  auto response = json_response(answer, status);
  response.fields.push_back({"Location", location});
  return response;
}

http_response message_answer(const actors::ledger_answer& answer) {
  if (answer.refused)
    throw to_problem(*answer.refused, answer.reason);
  const auto index = index_in(answer.receipt);
  return created({{"receipt", answer.receipt}, {"index", index}},
                 fmt::format("/v1/messages/{}", index), 201);
}

http_response client_answer(const actors::ledger_answer& answer, bool known) {
  if (answer.refused)
    throw to_problem(*answer.refused, answer.reason);
  return created({{"client", answer.registered}},
                 "/v1/clients/" + answer.registered, known ? 200 : 201);
}

/// Calls `respond` with what `make` returns or the problem that it throws.
template <class Make>
void respond_with(const http_responder& respond, const std::string& id,
                  Make make) {
  try {
    respond(make());
  } catch (const problem& why) {
    respond(to_response(why, id));
  } catch (const std::exception&) { // nothing may leave the node's callback
    respond(to_response({"internal", "the node's answer is not readable"}, id));
  }
}

/// The answers of many lines, until all are there.
class line_answers {
 public:
  line_answers(std::size_t count, http_responder respond)
      : lines_(count), missing_(count), respond_(std::move(respond)) {}

  /// Each number once, from any thread; the last one responds.
  void set(std::size_t number, const actors::ledger_answer& answer) {
    lines_[number] = to_line(answer) + "\n";
    if (missing_.fetch_sub(1) != 1)
      return;
    std::string all;
    for (auto& line : lines_)
      all += line;
    respond_(text_response(std::move(all), lines_type));
  }

 private:
  std::vector<std::string> lines_;
  std::atomic<std::size_t> missing_;
  http_responder respond_;
};

class message_routes {
 public:
  explicit message_routes(served_ledger ledger) : ledger_(std::move(ledger)) {}

  void register_client(const api_request& request,
                       const http_responder& respond) const {
    auto text = text_of_body(request.http.body);
    require_parts(text, 3,
                  "it is no registration: send messages to /v1/messages");
    const bool known = is_registered(text);
    ledger_.submit(std::move(text), [respond, known, id = request.id](
                                        const actors::ledger_answer& answer) {
      respond_with(respond, id, [&] { return client_answer(answer, known); });
    });
  }

  void post(const api_request& request, const http_responder& respond) const {
    if (request.type == lines_type)
      return post_lines(request, respond);
    auto text = text_of_body(request.http.body);
    require_parts(text, 5, "it is a registration: send it to /v1/clients");
    ledger_.submit(std::move(text), [respond, id = request.id](
                                        const actors::ledger_answer& answer) {
      respond_with(respond, id, [&] { return message_answer(answer); });
    });
  }

 private:
  void post_lines(const api_request& request,
                  const http_responder& respond) const {
    auto texts = message_lines(request.http.body);
    const auto answers = std::make_shared<line_answers>(texts.size(), respond);
    for (std::size_t i = 0; i < texts.size(); ++i)
      ledger_.submit(std::move(texts[i]),
                     [answers, i](const actors::ledger_answer& answer) {
                       answers->set(i, answer);
                     });
  }

  /// Whether the registration's client is one already; false for what is none.
  bool is_registered(const std::string& text) const {
    try {
      const auto key = crypto::parse_jws(text, crypto::registration_type,
                                         crypto::jws_key::included)
                           .jwk;
      return key && ledger_.store->read().client(key->id());
    } catch (const crypto::invalid_jws&) {
      return false;
    }
  }

  served_ledger ledger_;
};

} // namespace

void add_message_routes(route_table& table, const served_ledger& ledger) {
  const auto routes = std::make_shared<const message_routes>(ledger);
  const auto needs =
      ledger.tokens_for_all ? std::optional(scope::submit) : std::nullopt;
  table.add({"POST",
             "/v1/clients",
             "registerClient",
             ledger.tokens_for_all ? needs : ledger.registration,
             {},
             {{jose, crypto::wire_size_max}},
             answered_later{[routes](const api_request& request,
                                     const http_responder& respond) {
               routes->register_client(request, respond);
             }}});
  table.add({"POST",
             "/v1/messages",
             "postMessages",
             needs,
             {},
             {{jose, crypto::wire_size_max}, {lines_type, lines_bytes_max}},
             answered_later{[routes](const api_request& request,
                                     const http_responder& respond) {
               routes->post(request, respond);
             }}});
}

} // namespace chancery::apps
