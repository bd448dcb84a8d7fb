// SPDX-License-Identifier: Apache-2.0

// Botan as a provider. Signing is deterministic (RFC 6979). The padding names
// the hash although the digest comes ready made, because plain "Raw" would
// derive other nonces than RFC 6979 A.2.5 does.

#include "crypto/botan_keys.hpp"
#include "crypto/bytes.hpp"
#include "crypto/key_id_hash.hpp"
#include "crypto/provider_parts.hpp"

#include <botan/ecdsa.h>
#include <botan/pubkey.h>
#include <botan/rng.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace chancery::crypto {

namespace {

const char* padding(curve c) {
  return c == curve::p256 ? "Raw(SHA-256)" : "Raw(SHA-384)";
}

class botan_signer final : public batch_signer {
 public:
  botan_signer(curve c, random_source random)
      : curve_(c), rng_(to_botan(std::move(random))) {}

  void sign_batch(std::span<const key_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures) override {
    require_matching_sizes(curve_, runs, digests, signatures);
    for (const auto& run : runs) {
      auto& signer = signer_of(*run.key);
      for (std::size_t i = 0; i < run.count; ++i) {
        const auto raw =
            signer.sign_message(octets(digests), field_size(curve_), *rng_);
        if (raw.size() != signature_size(curve_))
          throw std::runtime_error("Botan made a malformed signature");
        std::copy(raw.begin(), raw.end(), octets(signatures));
        digests = digests.subspan(field_size(curve_));
        signatures = signatures.subspan(signature_size(curve_));
      }
    }
  }

 private:
  /// Found by id and never by address: an address can be another key's later.
  Botan::PK_Signer& signer_of(const private_key& key) {
    auto& signer = signers_[key.id()];
    if (!signer)
      signer = std::make_unique<Botan::PK_Signer>(
          to_botan(key), *rng_, padding(curve_), Botan::IEEE_1363);
    return *signer;
  }

  curve curve_;
  std::unique_ptr<Botan::RandomNumberGenerator> rng_;
  std::unordered_map<key_id, std::unique_ptr<Botan::PK_Signer>, key_id_hash>
      signers_;
};

class botan_verifier final : public signature_verifier {
 public:
  explicit botan_verifier(curve c) : curve_(c) {}

  bool verify(const public_key& key, std::span<const std::byte> digest,
              std::span<const std::byte> signature) override {
    if (key.curve() != curve_ || digest.size() != field_size(curve_) ||
        signature.size() != signature_size(curve_))
      return false;
    return verifier_of(key).verify_message(octets(digest), digest.size(),
                                           octets(signature), signature.size());
  }

 private:
  Botan::PK_Verifier& verifier_of(const public_key& key) {
    if (verifiers_.size() >= verifier_contexts_max)
      verifiers_.clear();
    auto& verifier = verifiers_[key.id()];
    if (!verifier)
      verifier = std::make_unique<Botan::PK_Verifier>(
          to_botan(key), padding(curve_), Botan::IEEE_1363);
    return *verifier;
  }

  curve curve_;
  std::unordered_map<key_id, std::unique_ptr<Botan::PK_Verifier>, key_id_hash>
      verifiers_;
};

} // namespace

std::unique_ptr<batch_signer> make_botan_signer(curve c, random_source random) {
  return std::make_unique<botan_signer>(c, std::move(random));
}

std::unique_ptr<signature_verifier> make_botan_verifier(curve c) {
  return std::make_unique<botan_verifier>(c);
}

} // namespace chancery::crypto
