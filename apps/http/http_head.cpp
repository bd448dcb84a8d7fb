// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::string_view line_end = "\r\n";

bool is_digit_octet(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr auto token_octets = [] {
  std::array<bool, 256> octets{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                       "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    octets[static_cast<unsigned char>(c)] = true;
  return octets;
}();

bool is_token_octet(char c) noexcept {
  return token_octets[static_cast<unsigned char>(c)];
}

bool is_value_octet(char c) noexcept {
  return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

std::size_t count_of(const http_fields& fields, std::string_view name) {
  std::size_t count = 0;
  for (const auto& field : fields)
    count += same_without_case(field.name, name) ? 1 : 0;
  return count;
}

struct request_line {
  std::string_view method;
  std::string_view target;
  std::string_view version;
};

/// Three words with single blanks between them (RFC 9112 3).
std::optional<request_line> split(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == last)
    return std::nullopt;
  request_line parts{line.substr(0, first),
                     line.substr(first + 1, last - first - 1),
                     line.substr(last + 1)};
  if (!is_token(parts.method) || parts.target.empty() ||
      parts.target.find_first_of(" \t") != std::string_view::npos)
    return std::nullopt;
  return parts;
}

/// HTTP/1.0 and HTTP/1.1 are spoken here, and names are case-sensitive (RFC
/// 9112 2.3).
std::optional<http_fault> version_fault(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0")
    return std::nullopt;
  const bool sound = version.size() == 8 && version.starts_with("HTTP/") &&
                     is_digit_octet(version[5]) && version[6] == '.' &&
                     is_digit_octet(version[7]);
  return sound ? http_fault::version : http_fault::bad_request;
}

/// The two parts of a target in absolute form (RFC 9112 3.2.2); the authority
/// of an origin form is empty.
struct target_parts {
  std::string authority;
  std::string origin;
};

std::optional<target_parts> split_target(std::string_view target) {
  if (target.front() == '/')
    return target_parts{{}, std::string(target)};
  const auto colon = target.find("://");
  if (colon == std::string_view::npos)
    return std::nullopt; // authority form, or an asterisk
  const auto scheme = target.substr(0, colon);
  if (!same_without_case(scheme, "http") && !same_without_case(scheme, "https"))
    return std::nullopt;
  target.remove_prefix(colon + 3);
  const auto end = std::min(target.find_first_of("/?"), target.size());
  const auto authority = target.substr(0, end);
  // User information in an authority is an error (RFC 9110 4.2.4).
  if (authority.empty() || authority.find('@') != std::string_view::npos)
    return std::nullopt;
  std::string origin(target.substr(end));
  if (!origin.starts_with('/'))
    origin.insert(0, 1, '/');
  return target_parts{std::string(authority), std::move(origin)};
}

/// One Host, whose value the authority replaces (RFC 9112 3.2.2). False if
/// there is none, or more than one.
bool settle_host(http_fields& fields, const std::string& authority) {
  if (count_of(fields, "host") != 1)
    return false;
  for (auto& field : fields)
    if (!authority.empty() && same_without_case(field.name, "host"))
      field.value = authority;
  return true;
}

/// Digits alone: no sign, no list, and at most 2^64 - 1 (RFC 9110 8.6).
std::optional<std::uint64_t> read_length(std::string_view text) {
  std::uint64_t length = 0;
  const auto* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, length);
  if (error != std::errc{} || last != end || !is_digit_octet(text.front()))
    return std::nullopt;
  return length;
}

/// How long the body is (RFC 9112 6). False when that is not clear: a length
/// beside chunks, either of them twice, or chunks in HTTP/1.0, where an older
/// recipient would not look for them.
bool settle_body(http_head& head) {
  const auto lengths = count_of(head.fields, "content-length");
  const auto codings = count_of(head.fields, "transfer-encoding");
  if (lengths + codings > 1)
    return false;
  if (lengths == 1) {
    head.length = read_length(*find_field(head.fields, "content-length"));
    return head.length.has_value();
  }
  if (codings == 1) {
    const auto coding = *find_field(head.fields, "transfer-encoding");
    if (!head.http_1_1)
      return false;
    head.chunked = same_without_case(coding, "chunked");
    if (!head.chunked)
      head.fault = http_fault::not_supported;
  }
  return true;
}

void settle_connection(http_head& head) {
  head.keeps_alive = head.http_1_1;
  for (const auto& field : head.fields) {
    if (same_without_case(field.name, "connection") &&
        lists(field.value, "close"))
      head.keeps_alive = false;
    // HTTP/1.0 knows no expectations, and its are ignored (RFC 9110 10.1.1).
    if (!head.http_1_1 || !same_without_case(field.name, "expect"))
      continue;
    if (same_without_case(field.value, "100-continue"))
      head.expects_continue = true;
    else
      head.fault = http_fault::expectation;
  }
}

} // namespace

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_octet);
}

bool is_field_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), is_value_octet);
}

std::variant<std::size_t, http_fault>
http_head_scan::end(std::string_view octets) {
  const auto limit = std::size_t{limits_->header_bytes_max};
  const auto known = octets.substr(0, limit);
  while (!ended_ && seen_ < known.size())
    if (const auto fault = take(known))
      return *fault;
  if (ended_)
    return seen_;
  if (octets.size() >= limit)
    return http_fault::header_too_large;
  return std::size_t{0};
}

std::optional<http_fault> http_head_scan::take(std::string_view octets) {
  const char c = octets[seen_];
  const bool after_cr = seen_ > line_begin_ && octets[seen_ - 1] == '\r';
  // A CR or an LF alone is none of HTTP's line ends (RFC 9112 2.2).
  if ((c == '\n') != after_cr)
    return http_fault::bad_request;
  if (c != '\n' && c != '\r' && !is_value_octet(c))
    return http_fault::bad_request;
  ++seen_;
  if (c != '\n')
    return lines_ == 0 ? take_of_request_line(c) : std::nullopt;
  const auto line =
      octets.substr(line_begin_, seen_ - line_end.size() - line_begin_);
  line_begin_ = seen_;
  return take_line(line);
}

std::optional<http_fault> http_head_scan::take_of_request_line(char c) {
  if (c == ' ' && ++blanks_ == 1)
    target_begin_ = seen_;
  else if (blanks_ == 0 && c != '\r' && !is_token_octet(c))
    return http_fault::bad_request; // TLS, for example
  if (blanks_ == 1 && seen_ - target_begin_ > limits_->target_bytes_max)
    return http_fault::target_too_long;
  return std::nullopt;
}

std::optional<http_fault> http_head_scan::take_line(std::string_view line) {
  // One empty line before a request is ignored (RFC 9112 2.2).
  if (line.empty() && lines_ == 0 && seen_ == line_end.size())
    return std::nullopt;
  ended_ = line.empty() && lines_ > 0;
  if (ended_)
    return std::nullopt;
  if (++lines_ > limits_->fields_max + 1)
    return http_fault::header_too_large;
  // A line without a version ends no header: HTTP/0.9, for example.
  if (lines_ == 1 && !split(line))
    return http_fault::bad_request;
  return std::nullopt;
}

std::string_view without_empty_line(std::string_view octets) noexcept {
  if (octets.starts_with(line_end))
    octets.remove_prefix(line_end.size());
  return octets;
}

std::optional<http_fields> read_field_lines(std::string_view lines) {
  http_fields fields;
  while (!lines.empty()) {
    const auto end = lines.find(line_end);
    const auto colon = lines.find(':');
    if (end == std::string_view::npos || colon >= end ||
        !is_token(lines.substr(0, colon)))
      return std::nullopt;
    const auto value = without_blanks(lines.substr(colon + 1, end - colon - 1));
    if (!is_field_value(value))
      return std::nullopt;
    fields.push_back({std::string(lines.substr(0, colon)), std::string(value)});
    lines.remove_prefix(end + line_end.size());
  }
  return fields;
}

std::variant<http_head, http_fault> read_head(std::string_view octets) {
  octets = without_empty_line(octets);
  const auto first_end = octets.find(line_end);
  if (first_end == std::string_view::npos || !octets.ends_with("\r\n\r\n"))
    return http_fault::bad_request;
  const auto line = split(octets.substr(0, first_end));
  auto parts = line ? split_target(line->target) : std::nullopt;
  auto target = parts ? http_target::parse(parts->origin) : std::nullopt;
  if (!target)
    return http_fault::bad_request;
  if (const auto fault = version_fault(line->version))
    return *fault;
  octets.remove_prefix(first_end + line_end.size());
  octets.remove_suffix(line_end.size());
  auto fields = read_field_lines(octets);
  if (!fields || !settle_host(*fields, parts->authority))
    return http_fault::bad_request;
  http_head head;
  head.method = line->method;
  head.text = std::move(parts->origin);
  head.target = std::move(*target);
  head.fields = std::move(*fields);
  head.http_1_1 = line->version == "HTTP/1.1";
  if (!settle_body(head))
    return http_fault::bad_request;
  settle_connection(head);
  return head;
}

} // namespace chancery::apps
