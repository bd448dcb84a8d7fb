// SPDX-License-Identifier: Apache-2.0

// Verifies many signatures at a time with p256/. A key that is frequent, in a
// call or over many, gets a table; libcrypto verifies the signatures of other
// keys, and the few that a kernel leaves undecided. No value is secret.

#include "crypto/base/bytes.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "crypto/p256/kernel_choice.hpp"
#include "crypto/p256/kernel_memory.hpp"
#include "crypto/p256/point_table.hpp"
#include "crypto/providers/provider_parts.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <vector>

namespace chancery::crypto {

namespace {

/// Signatures of a key that justify a table: building one takes as long as
/// libcrypto takes for about five signatures.
constexpr std::size_t worth_a_table = 8;

/// Capacity of the cache of tables, 66 kB each. In a full cache a key that is
/// frequent in one call replaces the table that was not used for longest.
constexpr std::size_t tables_max = 256;

/// A key that is frequent only over many calls replaces it when as many
/// signatures of others were verified since. So more clients than tables do not
/// take each other's tables all the time.
constexpr std::uint64_t unused_for = 64 * tables_max;

/// Keys without a table of which it knows how often it met them; when there are
/// more, it begins anew.
constexpr std::size_t keys_met_max = 16 * tables_max;

/// In [1, n - 1].
bool in_range(const p256::words& a) {
  p256::words rest;
  return p256::subtract(rest, a, p256::group_order) == 1 &&
         p256::is_zero(a) == 0;
}

class batch_p256_verifier final : public signature_verifier {
 public:
  explicit batch_p256_verifier(const p256::kernel& k)
      : kernel_(k), scratch_(k.verifying_scratch_size),
        other_(make_openssl_verifier(curve::p256)),
        block_max_(static_cast<std::size_t>(k.block_max)),
        valid_(std::make_unique<bool[]>(block_max_)),
        undecided_(std::make_unique<bool[]>(block_max_)) {}

  bool verify(const public_key& key, std::span<const std::byte> digest,
              std::span<const std::byte> signature) override {
    return other_->verify(key, digest, signature);
  }

  void verify_batch(std::span<const signature_claim> claims,
                    std::span<bool> verdicts) override {
    forget_pending(); // of a call that ended with an exception
    if (met_.size() > keys_met_max)
      met_.clear();
    std::unordered_map<key_id, std::size_t, key_id_hash> uses;
    for (const auto& claim : claims)
      ++uses[claim.key->id()];
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const auto& claim = claims[i];
      ++claimed_;
      const auto* table =
          table_of(*claim.key, uses[claim.key->id()], claims, verdicts);
      if (table == nullptr || claim.digest.size() != 32 ||
          claim.signature.size() != 64) {
        verdicts[i] = verify(*claim.key, claim.digest, claim.signature);
        continue;
      }
      const auto r = p256::from_bytes(octets(claim.signature));
      const auto s = p256::from_bytes(octets(claim.signature.subspan(32)));
      verdicts[i] = false;
      if (!in_range(r) || !in_range(s))
        continue;
      places_.push_back(i);
      digests_.push_back(p256::from_bytes(octets(claim.digest)));
      r_.push_back(r);
      s_.push_back(s);
      tables_of_each_.push_back(table);
      if (places_.size() == block_max_)
        finish(claims, verdicts);
    }
    finish(claims, verdicts);
  }

 private:
  /// The key's table, or null when libcrypto is to verify.
  const void* table_of(const public_key& key, std::size_t uses,
                       std::span<const signature_claim> claims,
                       std::span<bool> verdicts) {
    if (key.curve() != curve::p256)
      return nullptr;
    const auto known = tables_.find(key.id());
    if (known != tables_.end()) {
      known->second.used = claimed_;
      return known->second.memory.get();
    }
    const bool frequent = uses >= worth_a_table;
    if (!frequent && ++met_[key.id()] <= worth_a_table)
      return nullptr;
    if (tables_.size() == tables_max) {
      const auto oldest = std::ranges::min_element(
          tables_, {}, [](const auto& entry) { return entry.second.used; });
      if (!frequent && claimed_ - oldest->second.used < unused_for)
        return nullptr;
      finish(claims, verdicts); // pending signatures may use it
      tables_.erase(oldest);
    }
    met_.erase(key.id());
    p256::kernel_memory memory(kernel_.verifying_table_size);
    kernel_.make_verifying_table(
        p256::odd_multiples(p256::affine_point_from(octets(key.point())),
                            kernel_.key_window_bits, kernel_.key_windows)
            .data(),
        memory.get());
    return tables_.emplace(key.id(), key_table{std::move(memory), claimed_})
        .first->second.memory.get();
  }

  /// Verifies the pending signatures.
  void finish(std::span<const signature_claim> claims,
              std::span<bool> verdicts) {
    if (places_.empty())
      return;
    kernel_.verify({.count = static_cast<int>(places_.size()),
                    .digests = digests_.data(),
                    .r = r_.data(),
                    .s = s_.data(),
                    .key_tables = tables_of_each_.data(),
                    .valid = valid_.get(),
                    .undecided = undecided_.get()},
                   scratch_.get());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const auto& claim = claims[places_[i]];
      verdicts[places_[i]] =
          undecided_[i] ? verify(*claim.key, claim.digest, claim.signature)
                        : valid_[i];
    }
    forget_pending();
  }

  void forget_pending() noexcept {
    places_.clear();
    digests_.clear();
    r_.clear();
    s_.clear();
    tables_of_each_.clear();
  }

  struct key_table {
    p256::kernel_memory memory;
    std::uint64_t used; ///< the claim that used it last
  };

  const p256::kernel& kernel_;
  p256::kernel_memory scratch_;
  std::unique_ptr<signature_verifier> other_;
  std::unordered_map<key_id, key_table, key_id_hash> tables_;
  std::unordered_map<key_id, std::size_t, key_id_hash> met_; // without a table
  std::uint64_t claimed_ = 0;                                // in all calls
  std::size_t block_max_;
  std::unique_ptr<bool[]> valid_;
  std::unique_ptr<bool[]> undecided_;
  // The pending signatures: their indexes among the claims, and their parts.
  std::vector<std::size_t> places_;
  std::vector<p256::words> digests_, r_, s_;
  std::vector<const void*> tables_of_each_;
};

} // namespace

void signature_verifier::verify_batch(std::span<const signature_claim> claims,
                                      std::span<bool> verdicts) {
  for (std::size_t i = 0; i < claims.size(); ++i)
    verdicts[i] = verify(*claims[i].key, claims[i].digest, claims[i].signature);
}

std::unique_ptr<signature_verifier> make_batch_p256_verifier() {
  const auto kernels = p256::usable_kernels();
  if (kernels.empty())
    return make_openssl_verifier(curve::p256);
  return batch_p256_verifies_fastest()
             ? make_batch_p256_verifier(*kernels.front())
             : make_openssl_verifier(curve::p256);
}

std::unique_ptr<signature_verifier>
make_batch_p256_verifier(const p256::kernel& k) {
  return std::make_unique<batch_p256_verifier>(k);
}

} // namespace chancery::crypto
