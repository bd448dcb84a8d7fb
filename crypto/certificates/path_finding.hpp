// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was found out about a certificate by checking its path to a root
// (certificate_path.hpp).

#include "crypto/certificates/certificate.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto {

enum class certificate_verdict : std::uint8_t {
  valid,
  untrusted, ///< no path to a root, or one that breaks a rule
  expired,
  not_yet_valid,
  revoked,
  malformed, ///< breaks a rule about a certificate's form
};

std::string_view to_text(certificate_verdict verdict);

struct path_finding {
  certificate_verdict verdict = certificate_verdict::untrusted;
  std::string why; ///< a sentence; empty when valid
  std::vector<std::string> warnings;
  /// From the leaf to the root; empty when none leads to a root.
  std::vector<certificate> path;
  /// The earliest end of the path's certificates; seconds since 1970.
  std::optional<std::int64_t> ends;
  /// A list that covers it was there for each certificate but the root.
  bool revocation_known = false;
};

} // namespace chancery::crypto
