// SPDX-License-Identifier: Apache-2.0

// Botan as a provider. Signing is deterministic (RFC 6979). The padding names
// the hash although the input is a digest already, because plain "Raw" derives
// other nonces than RFC 6979 A.2.5.

#include "crypto/base/bytes.hpp"
#include "crypto/keys/botan_keys.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "crypto/providers/provider_parts.hpp"

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

// Botan's operations keep references into the key that they were made from, so
// each is stored beside its key, and neither may move.
struct signing_context {
  signing_context(const private_key& k, Botan::RandomNumberGenerator& rng)
      : key(to_botan(k)),
        signer(key, rng, padding(k.curve()), Botan::IEEE_1363) {}

  const Botan::ECDSA_PrivateKey key;
  Botan::PK_Signer signer;
};

struct verifying_context {
  explicit verifying_context(const public_key& k)
      : key(to_botan(k)), verifier(key, padding(k.curve()), Botan::IEEE_1363) {}

  const Botan::ECDSA_PublicKey key;
  Botan::PK_Verifier verifier;
};

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
  /// Looked up by id, not by address: a later key may have the same address.
  Botan::PK_Signer& signer_of(const private_key& key) {
    return signers_.try_emplace(key.id(), key, *rng_).first->second.signer;
  }

  curve curve_;
  std::unique_ptr<Botan::RandomNumberGenerator> rng_;
  std::unordered_map<key_id, signing_context, key_id_hash> signers_;
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
    return verifiers_.try_emplace(key.id(), key).first->second.verifier;
  }

  curve curve_;
  std::unordered_map<key_id, verifying_context, key_id_hash> verifiers_;
};

} // namespace

std::unique_ptr<batch_signer> make_botan_signer(curve c, random_source random) {
  return std::make_unique<botan_signer>(c, std::move(random));
}

std::unique_ptr<signature_verifier> make_botan_verifier(curve c) {
  return std::make_unique<botan_verifier>(c);
}

} // namespace chancery::crypto
