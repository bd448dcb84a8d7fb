// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/lease.hpp"

#include "crypto/base/bytes.hpp"

#include <botan/mac.h>
#include <botan/mem_ops.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace chancery::crypto {

namespace {

constexpr std::size_t signed_size = 69; // all of a lease before its token
constexpr std::string_view purpose = "chancery-lease-1";
constexpr std::size_t prefix_size = purpose.size() + 2 * sizeof(random_id);

template <class Integer>
std::uint8_t* put(std::uint8_t* out, Integer value) {
  for (std::size_t i = sizeof(Integer); i-- > 0;)
    *out++ = static_cast<std::uint8_t>(value >> (8 * i));
  return out;
}

template <class Integer>
const std::uint8_t* get(const std::uint8_t* in, Integer& value) {
  value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    value = static_cast<Integer>(value << 8 | *in++);
  return in;
}

/// Writes the bytes 0..68 of a lease.
void put_signed_part(const lease& l, std::uint8_t* out) {
  out = std::copy(l.key.begin(), l.key.end(), out);
  out = put(out, l.fence);
  *out++ = l.remote ? 1 : 0;
  out = put(out, l.ttl_ms);
  out = std::copy(l.instance.begin(), l.instance.end(), out);
  put(out, l.nonce);
}

} // namespace

void encode(const lease& l, std::string& out) {
  std::array<std::uint8_t, lease::wire_size> bytes;
  put_signed_part(l, bytes.data());
  std::copy(l.token.begin(), l.token.end(), bytes.begin() + signed_size);
  out.append(text_of(std::as_bytes(std::span(bytes))));
}

lease decode_lease(std::span<const std::byte> bytes) {
  if (bytes.size() != lease::wire_size)
    throw std::invalid_argument("a lease has the wrong size");
  lease l;
  const auto* in = octets(bytes);
  std::copy_n(in, l.key.size(), l.key.begin());
  in = get(in + l.key.size(), l.fence);
  if (*in > 1)
    throw std::invalid_argument("a lease is neither local nor remote");
  l.remote = *in++ == 1;
  in = get(in, l.ttl_ms);
  std::copy_n(in, l.instance.size(), l.instance.begin());
  in = get(in + l.instance.size(), l.nonce);
  std::copy_n(in, l.token.size(), l.token.begin());
  return l;
}

struct lease_authority::state {
  std::unique_ptr<Botan::MessageAuthenticationCode> mac =
      Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-256)");
  // The input of the token's HMAC; its prefix never changes.
  std::array<std::uint8_t, prefix_size + signed_size> message;

  void token_of(const lease& l, std::array<std::uint8_t, 32>& token) {
    put_signed_part(l, message.data() + prefix_size);
    mac->update(message.data(), message.size());
    mac->final(token.data());
  }
};

lease_authority::lease_authority(std::span<const std::byte> secret,
                                 const random_id& folder,
                                 const random_id& epoch)
    : state_(std::make_unique<state>()) {
  state_->mac->set_key(octets(secret), secret.size());
  auto out = std::copy(purpose.begin(), purpose.end(), state_->message.begin());
  out = std::copy(folder.begin(), folder.end(), out);
  std::copy(epoch.begin(), epoch.end(), out);
}

lease_authority::lease_authority(lease_authority&&) noexcept = default;
lease_authority&
lease_authority::operator=(lease_authority&&) noexcept = default;
lease_authority::~lease_authority() = default;

void lease_authority::sign(lease& l) { state_->token_of(l, l.token); }

bool lease_authority::check(const lease& l) {
  std::array<std::uint8_t, 32> expected;
  state_->token_of(l, expected);
  return Botan::constant_time_compare(expected.data(), l.token.data(),
                                      expected.size());
}

} // namespace chancery::crypto
