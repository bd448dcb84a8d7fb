// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/lease.hpp"

#include "crypto/base/big_endian.hpp"
#include "crypto/base/bytes.hpp"

#include <botan/mac.h>
#include <botan/mem_ops.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace chancery::crypto {

namespace {

constexpr std::string_view purpose = "chancery-lease-3";
constexpr std::size_t token_size = 32;

/// Writes all of a set behind its token, to exactly as many bytes.
void put_signed_part(const lease_set& set, std::uint8_t* out) {
  *out++ = set.remote ? 1 : 0;
  *out++ = static_cast<std::uint8_t>(set.purpose);
  out = put_big_endian(set.ttl_ms, out);
  out = std::copy(set.instance.begin(), set.instance.end(), out);
  out = put_big_endian(set.nonce, out);
  for (const auto& lease : set.leases) {
    out = std::copy(lease.key.begin(), lease.key.end(), out);
    out = put_big_endian(lease.fence, out);
  }
}

std::size_t wire_size(const lease_set& set) {
  return lease_set::terms_size + set.leases.size() * lease::wire_size;
}

} // namespace

std::string encode(const lease_set& set) {
  if (set.leases.empty())
    return {};
  std::string bytes(wire_size(set), '\0');
  auto* out = octets(std::as_writable_bytes(std::span(bytes)));
  put_signed_part(set, std::ranges::copy(set.token, out).out);
  return bytes;
}

lease_set decode_leases(std::string_view bytes) {
  lease_set set;
  if (bytes.empty())
    return set;
  if (bytes.size() <= lease_set::terms_size ||
      (bytes.size() - lease_set::terms_size) % lease::wire_size != 0)
    throw std::invalid_argument("a set of leases has a wrong length");
  const auto* in = octets(bytes_of(bytes));
  std::copy_n(in, set.token.size(), set.token.begin());
  in += set.token.size();
  if (*in > 1)
    throw std::invalid_argument("leases are neither local nor remote");
  set.remote = *in++ == 1;
  if (*in > static_cast<std::uint8_t>(keyring_purpose::seal))
    throw std::invalid_argument("leases have an unknown purpose");
  set.purpose = static_cast<keyring_purpose>(*in++);
  in = get_big_endian(in, set.ttl_ms);
  std::copy_n(in, set.instance.size(), set.instance.begin());
  in = get_big_endian(in + set.instance.size(), set.nonce);
  set.leases.resize((bytes.size() - lease_set::terms_size) / lease::wire_size);
  for (auto& lease : set.leases) {
    std::copy_n(in, lease.key.size(), lease.key.begin());
    in = get_big_endian(in + lease.key.size(), lease.fence);
  }
  return set;
}

struct lease_authority::state {
  std::unique_ptr<Botan::MessageAuthenticationCode> mac =
      Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-256)");
  // Keeps its memory between calls; its prefix never changes.
  std::vector<std::uint8_t> message;
  std::size_t prefix_size = 0;

  void token_of(const lease_set& set, std::array<std::uint8_t, 32>& token) {
    message.resize(prefix_size + wire_size(set) - token_size);
    put_signed_part(set, message.data() + prefix_size);
    mac->update(message.data(), message.size());
    mac->final(token.data());
  }
};

lease_authority::lease_authority(std::span<const std::byte> secret,
                                 const random_id& folder,
                                 const random_id& epoch)
    : state_(std::make_unique<state>()) {
  state_->mac->set_key(octets(secret), secret.size());
  auto& prefix = state_->message;
  prefix.assign(purpose.begin(), purpose.end());
  prefix.insert(prefix.end(), folder.begin(), folder.end());
  prefix.insert(prefix.end(), epoch.begin(), epoch.end());
  state_->prefix_size = prefix.size();
}

lease_authority::lease_authority(lease_authority&&) noexcept = default;
lease_authority&
lease_authority::operator=(lease_authority&&) noexcept = default;
lease_authority::~lease_authority() = default;

void lease_authority::sign(lease_set& set) { state_->token_of(set, set.token); }

bool lease_authority::check(const lease_set& set) {
  std::array<std::uint8_t, 32> expected;
  state_->token_of(set, expected);
  return Botan::constant_time_compare(expected.data(), set.token.data(),
                                      expected.size());
}

} // namespace chancery::crypto
