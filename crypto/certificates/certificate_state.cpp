// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate_state.hpp"

namespace chancery::crypto {

std::string_view to_text(certificate_state state) {
  switch (state) {
  case certificate_state::none:
    return "none";
  case certificate_state::future:
    return "future";
  case certificate_state::valid:
    return "valid";
  case certificate_state::ending:
    return "ending";
  case certificate_state::expired:
    return "expired";
  case certificate_state::revoked:
    return "revoked";
  }
  return "unknown";
}

bool can_seal(certificate_state state) noexcept {
  return state == certificate_state::valid ||
         state == certificate_state::ending;
}

certificate_state state_of(const path_finding& finding, std::int64_t at,
                           std::int64_t warning_seconds) {
  switch (finding.verdict) {
  case certificate_verdict::untrusted:
  case certificate_verdict::malformed:
    return certificate_state::none;
  case certificate_verdict::not_yet_valid:
    return certificate_state::future;
  case certificate_verdict::expired:
    return certificate_state::expired;
  case certificate_verdict::revoked:
    return certificate_state::revoked;
  case certificate_verdict::valid:
    break;
  }
  const bool soon = finding.ends && *finding.ends - at <= warning_seconds;
  return soon ? certificate_state::ending : certificate_state::valid;
}

} // namespace chancery::crypto
