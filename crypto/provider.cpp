// SPDX-License-Identifier: Apache-2.0
#include "crypto/provider.hpp"

#include "crypto/provider_parts.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace chancery::crypto {

std::string_view to_text(provider p) noexcept {
  return p == provider::openssl ? "openssl" : "botan";
}

provider provider_from_name(std::string_view name, curve c) {
  if (name == "openssl")
    return provider::openssl;
  if (name == "botan")
    return provider::botan;
  if (name == "auto")
    return c == curve::p256 ? provider::openssl : provider::botan;
  throw std::invalid_argument(
      fmt::format("no crypto provider '{}': use auto, openssl or botan", name));
}

void require_matching_sizes(curve c, std::span<const key_run> runs,
                            std::span<const std::byte> digests,
                            std::span<std::byte> signatures) {
  const auto total = digests.size() / field_size(c);
  if (digests.size() % field_size(c) != 0 ||
      signatures.size() != total * signature_size(c))
    throw std::invalid_argument("digests and signatures do not match in size");
  auto left = total;
  for (const auto& run : runs) {
    if (run.key->curve() != c)
      throw std::invalid_argument("a key of another curve than the signer's");
    if (run.count > left)
      throw std::invalid_argument("the runs name more digests than there are");
    left -= run.count;
  }
  if (left != 0)
    throw std::invalid_argument("the runs name fewer digests than there are");
}

std::unique_ptr<batch_signer> make_batch_signer(provider p, curve c,
                                                random_source random) {
  if (p == provider::openssl)
    return make_openssl_signer(c);
  return make_botan_signer(c, std::move(random));
}

std::unique_ptr<signature_verifier> make_verifier(provider p, curve c) {
  return p == provider::openssl ? make_openssl_verifier(c)
                                : make_botan_verifier(c);
}

} // namespace chancery::crypto
