// SPDX-License-Identifier: Apache-2.0
#include "apps/api/request_id.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/random.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace chancery::apps {

namespace {

constexpr std::size_t request_id_max = 64;

/// Differs between processes, so that ids in a log do not repeat after a start.
const std::string& process_part() {
  static const std::string part = [] {
    std::array<std::byte, 6> octets{};
    crypto::system_random()(octets);
    return crypto::base64url_encode(octets);
  }();
  return part;
}

} // namespace

std::string new_request_id() {
  static std::atomic<std::uint64_t> count{0};
  return process_part() + "." + std::to_string(++count);
}

std::string request_id_of(const http_request& request) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  const auto sent = find_field(request.fields, "Request-Id").value_or("");
  if (sent.empty() || sent.size() > request_id_max ||
      sent.find_first_not_of(allowed) != std::string_view::npos)
    return new_request_id();
  return std::string(sent);
}

} // namespace chancery::apps
