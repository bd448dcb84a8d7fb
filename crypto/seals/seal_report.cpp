// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_report.hpp"

namespace chancery::crypto {

std::string_view to_text(seal_signature s) noexcept {
  switch (s) {
  case seal_signature::valid:
    return "valid";
  case seal_signature::invalid:
    return "invalid";
  case seal_signature::unknown:
    return "unknown";
  }
  return {};
}

std::string_view to_text(seal_level l) noexcept {
  switch (l) {
  case seal_level::none:
    return "none";
  case seal_level::b_b:
    return "B-B";
  case seal_level::b_t:
    return "B-T";
  }
  return {};
}

std::string_view to_text(seal_certificate c) noexcept {
  switch (c) {
  case seal_certificate::valid:
    return "valid";
  case seal_certificate::warning:
    return "warning";
  case seal_certificate::absent:
    return "absent";
  case seal_certificate::mismatch:
    return "mismatch";
  case seal_certificate::malformed:
    return "malformed";
  case seal_certificate::untrusted:
    return "untrusted";
  case seal_certificate::expired:
    return "expired";
  case seal_certificate::not_yet_valid:
    return "not_yet_valid";
  case seal_certificate::revoked:
    return "revoked";
  }
  return {};
}

std::string_view to_text(seal_verdict v) noexcept {
  switch (v) {
  case seal_verdict::valid:
    return "valid";
  case seal_verdict::indeterminate:
    return "indeterminate";
  case seal_verdict::invalid:
    return "invalid";
  }
  return {};
}

} // namespace chancery::crypto
