// SPDX-License-Identifier: Apache-2.0
#pragma once

// An authority of one's own, to try seals without one that others trust: it
// identifies nobody, so its seals prove nothing to anybody. It issues
// certificates as EN 319 412-3 has them for seals, without policies, and
// revokes them in lists (CRL version 2, RFC 5280 section 5). Its own
// certificate allows no authority below it.
//
// An immutable value; `now` and the random source are parameters. Any thread.

#include "crypto/base/random.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/revocation_list.hpp"
#include "crypto/keys/key.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace chancery::crypto {

inline constexpr auto seal_days_default = std::chrono::days(825);
inline constexpr auto trial_authority_days = std::chrono::days(3650);

/// What certificates of one run have in common.
struct seal_terms {
  std::chrono::system_clock::time_point now;
  std::chrono::seconds valid = seal_days_default;
  std::string issuer_url =
      {};                    ///< where the authority's certificate is, or none
  std::string list_url = {}; ///< where its list of revocations is, or none
};

class trial_authority {
 public:
  /// Makes the authority's own certificate. `name` is DER.
  static certificate make(const private_key& key,
                          std::span<const std::byte> name,
                          std::chrono::system_clock::time_point now,
                          const random_source& random);

  /// Throws std::invalid_argument unless `own` is that of an authority with
  /// this key.
  trial_authority(private_key key, certificate own);

  const certificate& own() const noexcept { return own_; }

  /// Valid from now on: what is sealed earlier would be sealed without it. Ends
  /// with the authority's own certificate at the latest. `subject` is DER.
  /// Throws std::invalid_argument when the authority has expired, or for an
  /// address that is none.
  certificate issue(const public_key& key, std::span<const std::byte> subject,
                    const seal_terms& terms, const random_source& random) const;

  /// The list that follows `last`, with these certificates in addition, revoked
  /// from the next full second on: lists count seconds, and what was sealed
  /// within this one stays valid. Throws std::invalid_argument when one is not
  /// of this authority or is revoked already, or `last` is not its list.
  revocation_list next_list(const std::optional<revocation_list>& last,
                            std::span<const certificate> revoked,
                            revocation_reason reason,
                            std::chrono::system_clock::time_point now,
                            std::chrono::days valid,
                            const random_source& random) const;

 private:
  void require_own(const certificate& c) const;

  private_key key_;
  certificate own_;
};

} // namespace chancery::crypto
