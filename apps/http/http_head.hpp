// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request's header from its octets: where it ends, and what it says. Strict
// where RFC 9112 lets a recipient be lenient: two readers that are lenient in
// different ways see different requests in the same octets, and one can hide
// behind another. Pure functions and values; any thread.
//
//     GET /a?b=c HTTP/1.1 CRLF     method, target and version, single blanks
//     Host: example.org CRLF       a token, a colon, a value without controls
//     CRLF                         the end

#include "apps/http/http_limits.hpp"
#include "apps/http/http_message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace chancery::apps {

/// Looks for the end of a header while it arrives, and refuses it at the first
/// octet that no header has.
class http_head_scan {
 public:
  explicit http_head_scan(const http_limits& limits) : limits_(&limits) {}

  /// `octets` are those of the header so far: each call repeats the ones of the
  /// call before. The size of the header with its empty line, 0 while it has
  /// not ended, or the reason to refuse it.
  std::variant<std::size_t, http_fault> end(std::string_view octets);

 private:
  std::optional<http_fault> take(std::string_view octets);
  std::optional<http_fault> take_of_request_line(char c);
  std::optional<http_fault> take_line(std::string_view line);

  const http_limits* limits_;
  std::size_t seen_ = 0;       ///< octets
  std::size_t line_begin_ = 0; ///< of the line that `seen_` is in
  std::size_t lines_ = 0;      ///< whole ones
  std::size_t blanks_ = 0;     ///< in the request line
  std::size_t target_begin_ = 0;
  bool ended_ = false;
};

/// What a header says.
struct http_head {
  std::string method;
  std::string text; ///< path and query, also of an absolute form
  http_target target;
  http_fields fields; ///< with exactly one Host: the authority's, if it has one
  bool http_1_1 = true;                ///< else HTTP/1.0
  bool keeps_alive = false;            ///< the connection, after the answer
  std::optional<std::uint64_t> length; ///< Content-Length
  bool chunked = false;
  bool expects_continue = false;
  /// expectation or not_supported: a sound header that asks for something that
  /// is not there.
  std::optional<http_fault> fault;

  bool has_body() const noexcept { return chunked || length.value_or(0) > 0; }
};

/// Of a whole header, which http_head_scan has found.
std::variant<http_head, http_fault> read_head(std::string_view octets);

/// The octets without the empty line before them that a header may have.
std::string_view without_empty_line(std::string_view octets) noexcept;

/// The field lines of a request or an answer, each with its CRLF. Nothing when
/// one is malformed or folded (RFC 9112 5).
std::optional<http_fields> read_field_lines(std::string_view lines);

/// A token (RFC 9110 5.6.2): what a method and a field's name are.
bool is_token(std::string_view text) noexcept;

/// Whether a field may have this value: no control character but a tab.
bool is_field_value(std::string_view text) noexcept;

} // namespace chancery::apps
