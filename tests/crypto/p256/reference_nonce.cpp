// SPDX-License-Identifier: Apache-2.0
#include "reference_nonce.hpp"

#include "fixture.hpp"

#include <botan/mac.h>

#include <bit>
#include <cstring>

namespace chancery::crypto::p256::test {

namespace {

using octets = std::vector<std::uint8_t>;

void append(octets& to, std::span<const std::byte> bytes) {
  for (const auto b : bytes)
    to.push_back(std::to_integer<std::uint8_t>(b));
}

octets hmac(const octets& key, const octets& text) {
  const auto mac = Botan::MessageAuthenticationCode::create("HMAC(SHA-256)");
  mac->set_key(key.data(), key.size());
  mac->update(text.data(), text.size());
  octets out(32);
  mac->final(out.data());
  return out;
}

} // namespace

words reference_nonce(const private_key& key, std::span<const std::byte> digest,
                      std::span<const std::byte> additional, int passed_over) {
  const auto reduced = small(
      big(from_bytes(reinterpret_cast<const unsigned char*>(digest.data()))) %
      order());
  octets h1(32);
  to_bytes(reduced, h1.data());
  octets v(32, 0x01), k(32, 0x00);
  for (const auto tag : octets{0x00, 0x01}) {
    auto text = v;
    text.push_back(tag);
    append(text, key.scalar());
    text.insert(text.end(), h1.begin(), h1.end());
    append(text, additional);
    k = hmac(k, text);
    v = hmac(k, v);
  }
  v = hmac(k, v);
  for (int i = 0; i < passed_over; ++i) {
    auto text = v;
    text.push_back(0x00);
    k = hmac(k, text);
    v = hmac(k, v);
    v = hmac(k, v);
  }
  return from_bytes(v.data());
}

std::vector<std::byte> additional_data(std::span<const std::byte> random,
                                       std::uint32_t place) {
  std::vector<std::byte> data;
  const auto put = [&](std::uint32_t w) {
    for (int shift = 24; shift >= 0; shift -= 8)
      data.push_back(static_cast<std::byte>(w >> shift));
  };
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint32_t w;
    std::memcpy(&w, random.data() + 4 * i, 4);
    put(w);
  }
  put(place);
  return data;
}

} // namespace chancery::crypto::p256::test
