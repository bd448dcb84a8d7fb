// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/path_finding.hpp"

namespace chancery::crypto {

std::string_view to_text(certificate_verdict verdict) {
  switch (verdict) {
  case certificate_verdict::valid:
    return "valid";
  case certificate_verdict::untrusted:
    return "untrusted";
  case certificate_verdict::expired:
    return "expired";
  case certificate_verdict::not_yet_valid:
    return "not_yet_valid";
  case certificate_verdict::revoked:
    return "revoked";
  case certificate_verdict::malformed:
    return "malformed";
  }
  return "unknown";
}

} // namespace chancery::crypto
