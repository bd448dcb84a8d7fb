// SPDX-License-Identifier: Apache-2.0

// libcrypto as a provider. The loop does only arithmetic: a context is created
// once per key and thread, and EVP_PKEY_sign takes the digest, because
// EVP_DigestSign would look up the hash for every signature. Nonces come from
// libcrypto's own generator.

#include "crypto/base/bytes.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "crypto/keys/openssl_keys.hpp"
#include "crypto/keys/signature.hpp"
#include "crypto/providers/provider_parts.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <unordered_map>

namespace chancery::crypto {

namespace {

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
  /// Looked up by id, not by address: a later key may have the same address.
  EVP_PKEY_CTX* context_of(const private_key& key) {
    auto& context = contexts_[key.id()];
    if (!context)
      context = ready_context(to_openssl(key).get(), EVP_PKEY_sign_init);
    return context.get();
  }

  void sign(EVP_PKEY_CTX* context, std::span<const std::byte> digests,
            std::span<std::byte> signatures) {
    std::array<std::byte, 128> der;
    auto size = der.size();
    if (EVP_PKEY_sign(context, octets(std::span(der)), &size, octets(digests),
                      field_size(curve_)) != 1)
      throw_openssl_error("libcrypto cannot sign");
    if (!der_to_raw(curve_, std::span(der).first(size), signatures))
      throw std::runtime_error("libcrypto made a malformed signature");
  }

  curve curve_;
  std::unordered_map<key_id, pkey_context_ptr, key_id_hash> contexts_;
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
      ERR_clear_error(); // a failure leaves its reason on the thread's queue
    return verdict == 1;
  }

 private:
  EVP_PKEY_CTX* context_of(const public_key& key) {
    if (contexts_.size() >= verifier_contexts_max)
      contexts_.clear();
    auto& context = contexts_[key.id()];
    if (!context)
      context = ready_context(to_openssl(key).get(), EVP_PKEY_verify_init);
    return context.get();
  }

  curve curve_;
  std::unordered_map<key_id, pkey_context_ptr, key_id_hash> contexts_;
};

} // namespace

std::unique_ptr<batch_signer> make_openssl_signer(curve c) {
  return std::make_unique<openssl_signer>(c);
}

std::unique_ptr<signature_verifier> make_openssl_verifier(curve c) {
  return std::make_unique<openssl_verifier>(c);
}

} // namespace chancery::crypto
