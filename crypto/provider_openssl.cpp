// SPDX-License-Identifier: Apache-2.0

// libcrypto as a provider. The costs that are not arithmetic are kept out of
// the loop: a context is made once per key and thread, and EVP_PKEY_sign gets
// the digest, as EVP_DigestSign would look up the hash for every signature.
// Nonces come from libcrypto's own generator.

#include "crypto/bytes.hpp"
#include "crypto/key_id_hash.hpp"
#include "crypto/provider_parts.hpp"
#include "crypto/secret.hpp"
#include "crypto/signature.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unordered_map>

namespace chancery::crypto {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using pkey_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using context_ptr = std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>>;

[[noreturn]] void throw_openssl_error(const char* what) {
  std::array<char, 160> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  ERR_clear_error();
  throw std::runtime_error(fmt::format("{}: {}", what, reason.data()));
}

/// A context for EVP_PKEY_sign or EVP_PKEY_verify, which owns its key.
context_ptr ready_context(EVP_PKEY* key, int (*init)(EVP_PKEY_CTX*)) {
  context_ptr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || init(context.get()) != 1)
    throw_openssl_error("libcrypto does not take a key");
  return context;
}

/// `scalar` is empty for a public key.
pkey_ptr to_openssl(const public_key& key, std::span<const std::byte> scalar) {
  std::string group(key.curve() == curve::p256 ? "prime256v1" : "secp384r1");
  std::array<std::byte, 97> point{std::byte{0x04}}; // SEC 1: uncompressed
  std::copy(key.point().begin(), key.point().end(), point.begin() + 1);
  std::array<std::byte, 48> number{}; // OSSL_PARAM integers: native order
  std::reverse_copy(scalar.begin(), scalar.end(), number.begin());

  std::array<OSSL_PARAM, 4> params{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(),
                                       0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                        1 + key.point().size()),
      OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end()};
  if (!scalar.empty())
    params[2] = OSSL_PARAM_construct_BN(
        OSSL_PKEY_PARAM_PRIV_KEY, octets(std::span(number)), scalar.size());
  context_ptr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  const bool ok =
      context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
      EVP_PKEY_fromdata(context.get(), &made,
                        scalar.empty() ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR,
                        params.data()) == 1;
  wipe(number);
  if (!ok)
    throw_openssl_error("libcrypto does not take a key");
  return pkey_ptr(made);
}

class openssl_signer final : public batch_signer {
 public:
  explicit openssl_signer(curve c) : curve_(c) {}

  void sign_batch(std::span<const key_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures) override {
    require_matching_sizes(curve_, runs, digests, signatures);
    for (const auto& run : runs) {
      auto* context = context_of(*run.key);
      for (std::size_t i = 0; i < run.count; ++i) {
        sign(context, digests, signatures);
        digests = digests.subspan(field_size(curve_));
        signatures = signatures.subspan(signature_size(curve_));
      }
    }
  }

 private:
  /// Found by id and never by address: an address can be another key's later.
  EVP_PKEY_CTX* context_of(const private_key& key) {
    auto& context = contexts_[key.id()];
    if (!context)
      context = ready_context(to_openssl(key.public_half(), key.scalar()).get(),
                              EVP_PKEY_sign_init);
    return context.get();
  }

  void sign(EVP_PKEY_CTX* context, std::span<const std::byte> digests,
            std::span<std::byte> signatures) {
    std::array<std::byte, 128> der;
    auto size = der.size();
    if (EVP_PKEY_sign(context, octets(std::span(der)), &size, octets(digests),
                      field_size(curve_)) != 1)
      throw_openssl_error("libcrypto does not sign");
    if (!der_to_raw(curve_, std::span(der).first(size), signatures))
      throw std::runtime_error("libcrypto made a malformed signature");
  }

  curve curve_;
  std::unordered_map<key_id, context_ptr, key_id_hash> contexts_;
};

class openssl_verifier final : public signature_verifier {
 public:
  explicit openssl_verifier(curve c) : curve_(c) {}

  bool verify(const public_key& key, std::span<const std::byte> digest,
              std::span<const std::byte> signature) override {
    if (key.curve() != curve_ || digest.size() != field_size(curve_) ||
        signature.size() != signature_size(curve_))
      return false;
    const auto der = raw_to_der(curve_, signature);
    const auto verdict =
        EVP_PKEY_verify(context_of(key), octets(bytes_of(der)), der.size(),
                        octets(digest), digest.size());
    if (verdict != 1)
      ERR_clear_error(); // a refusal leaves its reason on the thread's queue
    return verdict == 1;
  }

 private:
  EVP_PKEY_CTX* context_of(const public_key& key) {
    if (contexts_.size() >= verifier_contexts_max)
      contexts_.clear();
    auto& context = contexts_[key.id()];
    if (!context)
      context = ready_context(to_openssl(key, {}).get(), EVP_PKEY_verify_init);
    return context.get();
  }

  curve curve_;
  std::unordered_map<key_id, context_ptr, key_id_hash> contexts_;
};

} // namespace

std::unique_ptr<batch_signer> make_openssl_signer(curve c) {
  return std::make_unique<openssl_signer>(c);
}

std::unique_ptr<signature_verifier> make_openssl_verifier(curve c) {
  return std::make_unique<openssl_verifier>(c);
}

} // namespace chancery::crypto
