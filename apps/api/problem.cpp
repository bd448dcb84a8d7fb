// SPDX-License-Identifier: Apache-2.0
#include "apps/api/problem.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

constexpr problem_kind all_kinds[] = {
    {400, "bad_request", "The request is malformed",
     "It is not HTTP/1.1 as RFC 9112 has it, or it could be read in two ways. "
     "The connection was closed."},
    {400, "bad_parameter", "A parameter is wrong",
     "A value in the path or the query, or a member of the body, is missing, "
     "unknown, or not of the form that the documentation gives."},
    {401, "token_missing", "A token is needed",
     "Send Authorization: Bearer with a token that `chancery token make` "
     "printed, or a client certificate that the server knows."},
    {401, "token_unknown", "The token is unknown",
     "It is not in the server's token file. It may have been revoked."},
    {401, "token_expired", "The token has expired",
     "Ask the server's operator for another one."},
    {403, "scope_missing", "The token may not do this",
     "It lacks the scope that this route needs; the documentation names it."},
    {403, "not_allowed", "This is not allowed here",
     "The client or the origin is not on the server's list, or a token is "
     "limited to other names."},
    {404, "not_found", "There is no such thing",
     "Nothing is stored or served under this path."},
    {404, "not_there_yet", "It is not there yet",
     "What was asked for will exist later: `detail` says what is missing."},
    {405, "method_not_allowed", "The method is not allowed here",
     "The field Allow lists the methods of this path."},
    {408, "timeout", "The request did not come in time",
     "Its header or body took longer than the server waits."},
    {409, "stale_sequence", "The sequence number was used",
     "A message of this client has this number or a higher one already. The "
     "same message again gets its first receipt instead."},
    {409, "unknown_client", "The client is not registered",
     "Register it first, by POST /v1/clients."},
    {409, "name_taken", "The name is taken",
     "Another record, with other bytes, has this name; its id is in the "
     "problem. The same name with the same bytes is the same record."},
    {409, "idempotency_in_progress", "The same request is under way",
     "A request with this Idempotency-Key is not answered yet. Send it again "
     "later."},
    {411, "length_required", "The length is required",
     "Send Content-Length: bodies of unknown length are limited to 1 MiB."},
    {413, "too_large", "It is too large",
     "The body, or the message in it, is over the limit of this route."},
    {414, "target_too_long", "The target is too long",
     "Path and query may have 4,096 octets together."},
    {415, "wrong_content_type", "The content type is wrong",
     "Send the Content-Type that the documentation gives for this route."},
    {417, "bad_expectation", "The expectation is unknown",
     "Only Expect: 100-continue is known."},
    {421, "wrong_host", "The host is not served here",
     "The field Host names another host than this server. Its operator adds "
     "names by --http-name."},
    {422, "bad_line", "Lines are broken",
     "Some lines hold no record; `items` says which and why. Nothing was "
     "stored. With on_error=skip the others would be."},
    {422, "empty_record", "The record is empty",
     "The service makes seals, and a seal cannot be over nothing: to others it "
     "would be one over whatever they have."},
    {422, "idempotency_key_reused", "The key belongs to another request",
     "This Idempotency-Key was sent before with another method, target, media "
     "type or body. Every request needs a key of its own."},
    {422, "bad_schema", "The message has another form",
     "The JSON in it does not follow message.schema.json."},
    {422, "not_encrypted_to_me", "It is not encrypted to this node",
     "Encrypt it to the key in GET /v1/node."},
    {422, "not_signed", "It is not signed",
     "There is no JWS of the right type in it, or its algorithm is not ES256."},
    {422, "bad_signature", "The signature does not verify",
     "The signature is not of these bytes under the client's key."},
    {422, "not_the_sender", "Signed by another",
     "It is signed under another key than its client's."},
    {422, "wrong_node", "It is for another node",
     "The message names another node than this one."},
    {429, "over_limit", "The client sent more than it may",
     "The operator limits a client's messages a second or bytes a day."},
    {431, "header_too_large", "The header is too large",
     "It may have 16 KiB and 100 fields."},
    {500, "internal", "The server failed",
     "Something went wrong here. The operator finds it in the log by the "
     "request's id."},
    {501, "not_supported", "This is not supported",
     "The route is planned and does not work yet, the service signs no "
     "records, "
     "or the Transfer-Encoding is not chunked."},
    {503, "busy", "The server is busy",
     "Too many requests wait. Send it again later; a message that was stored "
     "meanwhile gets its first receipt, and a record that has a name or was "
     "sent with an Idempotency-Key is not stored twice."},
    {503, "stopping", "The server is stopping", "Send it again later."},
    {505, "version_not_supported", "Another version of HTTP",
     "The server speaks HTTP/1.1."},
    {507, "disk_full", "The disk is nearly full",
     "The operator has to make room before more can be stored."},
};

std::string_view code_of(http_fault fault) noexcept {
  switch (fault) {
  case http_fault::bad_request:
    return "bad_request";
  case http_fault::timeout:
    return "timeout";
  case http_fault::length_required:
    return "length_required";
  case http_fault::too_large:
    return "too_large";
  case http_fault::target_too_long:
    return "target_too_long";
  case http_fault::expectation:
    return "bad_expectation";
  case http_fault::header_too_large:
    return "header_too_large";
  case http_fault::internal:
    return "internal";
  case http_fault::not_supported:
    return "not_supported";
  case http_fault::busy:
    return "busy";
  case http_fault::version:
    return "version_not_supported";
  }
  return "internal";
}

} // namespace

std::span<const problem_kind> problem_kinds() noexcept { return all_kinds; }

const problem_kind* find_problem(std::string_view code) noexcept {
  const auto* found = std::ranges::find(all_kinds, code, &problem_kind::code);
  return found == std::end(all_kinds) ? nullptr : found;
}

problem::problem(std::string_view code, const std::string& sentence,
                 nlohmann::ordered_json more)
    : std::runtime_error(sentence), kind_(find_problem(code)),
      more_(std::move(more)) {
  if (kind_ == nullptr)
    throw std::logic_error(fmt::format("there is no problem {}", code));
}

problem to_problem(crypto::refusal code, const std::string& sentence) {
  if (code == crypto::refusal::internal)
    return {"internal", "the node could not store it"};
  return {crypto::to_text(code), sentence};
}

problem to_problem(http_fault fault) {
  const auto* kind = find_problem(code_of(fault));
  return {kind->code, std::string(kind->meaning)};
}

http_response to_response(const problem& why, std::string_view request_id) {
  const auto& kind = why.kind();
  nlohmann::ordered_json document{
      {"type", fmt::format("/problems/{}", kind.code)},
      {"title", kind.title},
      {"status", kind.status},
      {"detail", why.what()},
      {"code", kind.code},
      {"request_id", request_id}};
  document.update(why.more());
  http_response response;
  response.status = kind.status;
  response.fields = {{"Content-Type", "application/problem+json"},
                     {"Cache-Control", "no-store"}};
  if (kind.status == 503)
    response.fields.push_back({"Retry-After", "1"});
  if (kind.status == 401)
    response.fields.push_back({"WWW-Authenticate", "Bearer"});
  response.body = document.dump(
      -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return response;
}

std::string problem_page(const problem_kind& kind) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<title>{1}: {0}</title>\n<h1>{1}</h1>\n<p>Status {2}, code "
      "<code>{0}</code>.</p>\n<p>{3}</p>\n</html>\n",
      kind.code, kind.title, kind.status, kind.meaning);
}

} // namespace chancery::apps
