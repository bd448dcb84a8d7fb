// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a record key stands with its certificate: what lists show, and what
// decides whether the key may seal. Pure functions; any thread.

#include "crypto/certificates/certificate_path.hpp"

#include <cstdint>
#include <string_view>

namespace chancery::crypto {

enum class certificate_state : std::uint8_t {
  none,   ///< no certificate, or one that is not trusted
  future, ///< not valid yet
  valid,
  ending, ///< valid, and ends soon
  expired,
  revoked,
};

std::string_view to_text(certificate_state state);

/// A key in this state may seal.
bool can_seal(certificate_state state) noexcept;

/// `finding` is of the time `at`; the path ends soon when at most
/// `warning_seconds` are left.
certificate_state state_of(const path_finding& finding, std::int64_t at,
                           std::int64_t warning_seconds);

} // namespace chancery::crypto
