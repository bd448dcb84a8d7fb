// SPDX-License-Identifier: Apache-2.0
#include "crypto/providers/provider.hpp"

#include "crypto/p256/kernel_choice.hpp"
#include "crypto/providers/provider_parts.hpp"
#include "crypto/providers/run_sizes.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

/// The candidates for "auto", fastest first.
std::vector<provider> preferred(curve c) {
  if (c == curve::p384)
    return {provider::botan, provider::openssl};
  if (batch_p256_is_fastest())
    return {provider::batch, provider::openssl, provider::botan};
  return {provider::openssl, provider::batch, provider::botan};
}

std::vector<provider> named(std::string_view name, curve c) {
  if (name == "auto")
    return preferred(c);
  for (const auto p : {provider::openssl, provider::botan, provider::batch})
    if (name == to_text(p))
      return {p};
  throw std::invalid_argument(fmt::format(
      "unknown crypto provider '{}': use auto, batch, openssl or botan", name));
}

} // namespace

std::string_view to_text(provider p) noexcept {
  switch (p) {
  case provider::openssl:
    return "openssl";
  case provider::botan:
    return "botan";
  case provider::batch:
    return "batch";
  }
  return {};
}

std::string description(provider p) {
  const auto kernels = p256::usable_kernels();
  if (p != provider::batch || kernels.empty())
    return std::string(to_text(p));
  return fmt::format("{} ({})", to_text(p), kernels.front()->name);
}

provider
provider_from_name(std::string_view name, curve c,
                   const std::function<void(const std::string&)>& say) {
  const auto candidates = named(name, c);
  if (candidates == std::vector{provider::batch} && c != curve::p256)
    throw std::invalid_argument("the crypto provider batch supports only "
                                "P-256: use auto, openssl or botan");
  return first_that_passes(
      candidates, [c](provider p) { return passes_self_test(p, c); }, say);
}

provider first_that_passes(std::span<const provider> candidates,
                           const std::function<bool(provider)>& passes,
                           const std::function<void(const std::string&)>& say) {
  for (const auto p : candidates) {
    if (passes(p))
      return p;
    if (say)
      say(fmt::format("the crypto provider {} fails its self test on this "
                      "machine and is not used",
                      to_text(p)));
  }
  throw std::runtime_error(
      fmt::format("the crypto provider {} fails its self test on this machine",
                  to_text(candidates.front())));
}

void require_matching_sizes(curve c, std::span<const key_run> runs,
                            std::span<const std::byte> digests,
                            std::span<std::byte> signatures) {
  for (const auto& run : runs)
    if (run.key->curve() != c)
      throw std::invalid_argument("a key is not on the signer's curve");
  require_run_sizes(c, runs, digests, signatures);
}

std::unique_ptr<batch_signer> make_batch_signer(provider p, curve c,
                                                random_source random) {
  switch (p) {
  case provider::openssl:
    return make_openssl_signer(c);
  case provider::batch:
    return make_batch_p256_signer(c, std::move(random));
  case provider::botan:
    break;
  }
  return make_botan_signer(c, std::move(random));
}

std::unique_ptr<signature_verifier> make_verifier(provider p, curve c) {
  if (p == provider::batch && c == curve::p256)
    return make_batch_p256_verifier();
  return p == provider::botan ? make_botan_verifier(c)
                              : make_openssl_verifier(c);
}

} // namespace chancery::crypto
