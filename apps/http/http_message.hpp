// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request and its answer as plain values: no socket, no route. What http
// itself refuses is named here, too, so that one place puts all refusals into
// the same words.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chancery::apps {

struct http_field {
  std::string name;
  std::string value;
};

/// In the order in which they were sent.
using http_fields = std::vector<http_field>;

/// Whether two texts are the same but for the case of ASCII letters.
bool same_without_case(std::string_view a, std::string_view b) noexcept;

/// Without the blanks and tabs around it.
std::string_view without_blanks(std::string_view text) noexcept;

/// The first field of this name, without regard to case (RFC 9110 5.1).
std::optional<std::string_view> find_field(const http_fields& fields,
                                           std::string_view name);

/// Whether `list`, a field's comma-separated value, has this member, without
/// regard to case and parameters ("text/html;q=0.8").
bool lists(std::string_view list, std::string_view member);

/// A request target, taken apart before it is decoded: %2F is a character of a
/// segment and separates none.
struct http_target {
  /// "/a/b%20c" is "a", "b c"; "/" is one empty segment, "/a/" is "a", "".
  std::vector<std::string> segments;
  std::vector<std::pair<std::string, std::string>> parameters;

  /// The first parameter of this name.
  std::optional<std::string_view> find(std::string_view name) const;

  /// Of an origin form, "/path?query" (RFC 9112 3.2.1). Nothing when it is
  /// none, a percent sign begins no octet, or an octet is NUL, a control
  /// character or no UTF-8. In the query a plus sign is a blank.
  static std::optional<http_target> parse(std::string_view text);
};

/// Who sent a request, as far as the connection shows it.
struct http_peer {
  std::string address; ///< numeric, without a port
  bool loopback = false;
  bool tls = false;
  /// SHA-256 of the client certificate's SubjectPublicKeyInfo, base64url.
  std::optional<std::string> certificate_key;
};

struct http_request {
  std::string method; ///< "GET"
  std::string text;   ///< the target's path and query, as they were sent
  http_target target;
  http_fields fields;
  std::string body;
  http_peer peer;
};

class http_stream_reader;

struct http_response {
  int status = 200;
  /// Without Date, Content-Length, Transfer-Encoding and Connection.
  http_fields fields;
  std::string body; ///< left out by the server in answers to HEAD
  /// The body goes on with what comes here (http_stream.hpp). The last copy
  /// that is dropped ends the stream.
  std::shared_ptr<http_stream_reader> stream{};
};

/// What the server refuses by itself, before or instead of a route.
enum class http_fault : std::uint8_t {
  bad_request,      ///< 400: no request of HTTP/1.1, or an ambiguous one
  timeout,          ///< 408: header or body did not come in time
  length_required,  ///< 411: a chunked body over http_limits::chunked_body_max
  too_large,        ///< 413: a body over the route's limit
  target_too_long,  ///< 414
  expectation,      ///< 417: an Expect other than 100-continue
  header_too_large, ///< 431: in bytes or in fields
  internal,         ///< 500: the handler threw, or dropped its responder
  not_supported,    ///< 501: a Transfer-Encoding other than chunked
  busy,             ///< 503: bodies in memory, or requests under way
  version,          ///< 505
};

int status_of(http_fault fault) noexcept;

/// Takes the one answer of a request. Copies belong to the same request; the
/// first call counts, and later ones do nothing. When the last copy goes
/// without a call, the request is answered with http_fault::internal. Any
/// thread; never waits. The answer to a connection that has gone is dropped.
class http_responder {
 public:
  using function = std::function<void(http_response)>;

  http_responder() = default;
  /// `dropped` is called instead when nobody answers.
  http_responder(function answer, std::function<void()> dropped);

  void operator()(http_response response) const;

 private:
  class once;
  std::shared_ptr<once> once_;
};

/// Decided from a request's header, before its body is read.
struct http_admission {
  /// Most octets of the body.
  std::uint64_t body_max = 0;
  /// Answers at once; a body is not read, and the connection is closed if the
  /// request has one.
  std::optional<http_response> refusal;
  /// Holds the refusal back for so long.
  std::chrono::milliseconds delay{0};
  /// Called with the whole request, at most once, where nothing is refused.
  std::function<void(http_request request, const http_responder& respond)>
      serve;
};

/// What a server calls, on its I/O threads: none of it may wait or work for
/// more than a millisecond, nor what an admission serves by. An exception
/// becomes http_fault::internal.
struct http_handler {
  /// `head` has no body yet.
  std::function<http_admission(const http_request& head)> admit;
  /// The answer to what the server refuses by itself. `head` is null when
  /// there is no sound header.
  std::function<http_response(http_fault fault, const http_request* head,
                              const http_peer& peer)>
      refuse;
};

} // namespace chancery::apps
