// SPDX-License-Identifier: Apache-2.0

// Known answers: the signatures that RFC 6979 prints for the message "sample",
// in A.2.5 for P-256 with SHA-256 and in A.2.6 for P-384 with SHA-384.

#include "crypto/keys/signature.hpp"
#include "crypto/p256/kernel_choice.hpp"
#include "crypto/providers/provider_parts.hpp"

#include <algorithm>
#include <exception>
#include <string_view>
#include <vector>

namespace chancery::crypto {

namespace {

struct known_answer {
  std::string_view key, digest, signature;
};

constexpr known_answer p256_answer{
    "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
    "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"};

constexpr known_answer p384_answer{
    "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba"
    "9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
    "9a9083505bc92276aec4be312696ef7bf3bf603f4bbd381196a029f340585312"
    "313bca4a9b5b890efee42c77b1ee25fe",
    "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa7"
    "3d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
    "99ef4aeb15f178cea1fe40db2603138f130e740a19624526"
    "203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"};

std::vector<std::byte> from_hex(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(
        static_cast<std::byte>(digit(text[i]) * 16 + digit(text[i + 1])));
  return bytes;
}

bool signs_and_verifies(provider p, curve c) {
  const auto& answer = c == curve::p256 ? p256_answer : p384_answer;
  const private_key key(c, from_hex(answer.key));
  auto digest = from_hex(answer.digest);
  const auto expected = from_hex(answer.signature);
  const auto signer = make_batch_signer(p, c, system_random());
  const auto verifier = make_verifier(p, c);
  std::vector<std::byte> made(signature_size(c));
  const key_run run{&key, 1};
  signer->sign_batch({&run, 1}, digest, made);
  const auto verifies = [&](const std::vector<std::byte>& signature) {
    return verifier->verify(key.public_half(), digest, signature);
  };
  if ((p == provider::botan && made != expected) || !verifies(made) ||
      !verifies(expected))
    return false;
  digest.front() ^= std::byte{1};
  return !verifies(expected);
}

/// A provider that throws fails its test and does not end the program.
bool try_out(provider p, curve c) {
  try {
    return signs_and_verifies(p, c);
  } catch (const std::exception&) {
    return false;
  }
}

} // namespace

bool passes_self_test(provider p, curve c) {
  const auto passes_once = [&]<provider P>() {
    static const bool p256 = try_out(P, curve::p256);
    if (c == curve::p256)
      return p256;
    static const bool p384 = try_out(P, curve::p384);
    return p384;
  };
  switch (p) {
  case provider::openssl:
    return passes_once.operator()<provider::openssl>();
  case provider::botan:
    return passes_once.operator()<provider::botan>();
  case provider::batch:
    break;
  }
  return c == curve::p256 && passes_once.operator()<provider::batch>();
}

} // namespace chancery::crypto
