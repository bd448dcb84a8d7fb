// SPDX-License-Identifier: Apache-2.0
#pragma once

// Certificates for tests of seals: an authority, what it issues, and the
// store's rows of it. Times are in seconds since 1970.

#include "crypto/certificates/subject_template.hpp"
#include "crypto/certificates/trial_authority.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"
#include "tests/actors/fixture.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace chancery::tests {

inline constexpr std::int64_t seal_day = 86'400;
/// A moment in the life of the authority; 2026-11-28.
inline constexpr std::int64_t seal_time = 1'795'824'000;

inline std::chrono::system_clock::time_point moment(std::int64_t seconds) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

/// Keys for seals, the same ones as keyring_of has.
inline crypto::keyring seal_keyring_of(std::size_t count) {
  const auto raw = keyring_of(count);
  return {raw.curve(), raw.keys(), raw.lease_secret(),
          crypto::keyring_purpose::seal};
}

class seal_authority {
 public:
  /// Valid from ten days before seal_time, for ten years.
  explicit seal_authority(const char* name = "CN=Tests")
      : seal_authority(crypto::private_key::generate(crypto::curve::p256,
                                                     crypto::system_random()),
                       name) {}

  const crypto::certificate& own() const { return authority_.own(); }

  crypto::certificate issue(const crypto::public_key& key,
                            std::int64_t from = seal_time - seal_day,
                            std::int64_t days = 100) const {
    const auto subject = crypto::subject_template("C=EE,O=Tests,CN=Seal {key}")
                             .fill(1, crypto::to_text(key.id()));
    return authority_.issue(
        key, subject, {.now = moment(from), .valid = std::chrono::days(days)},
        random_);
  }

  crypto::revocation_list revoke(const crypto::certificate& leaf,
                                 std::int64_t at) const {
    return authority_.next_list(std::nullopt, std::span(&leaf, 1),
                                crypto::revocation_reason::key_compromise,
                                moment(at), std::chrono::days(30), random_);
  }

  /// Stores the chain, and that the key has it from that time on.
  void enrol(storage::write_transaction& transaction,
             const crypto::public_key& key,
             const crypto::certificate& leaf) const {
    transaction.put_certificates(leaf.id(), {leaf.der(), own().der()});
    transaction.enrol(key.id(), leaf.id(), 0);
  }

  /// A new certificate of each of these keys.
  std::vector<crypto::certificate>
  enrol_all(storage::record_store& store, const crypto::keyring& keys,
            std::int64_t from = seal_time - seal_day,
            std::int64_t days = 100) const {
    std::vector<crypto::certificate> leaves;
    auto transaction = store.write();
    for (const auto& entry : keys.keys()) {
      leaves.push_back(issue(entry.key.public_half(), from, days));
      enrol(transaction, entry.key.public_half(), leaves.back());
    }
    transaction.commit();
    return leaves;
  }

 private:
  seal_authority(const crypto::private_key& key, const char* name)
      : authority_(key, crypto::trial_authority::make(
                            key, crypto::subject_template(name).fill(1, ""),
                            moment(seal_time - 10 * seal_day),
                            crypto::system_random())) {}

  crypto::random_source random_ = crypto::system_random();
  crypto::trial_authority authority_;
};

} // namespace chancery::tests
