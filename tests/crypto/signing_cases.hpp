// SPDX-License-Identifier: Apache-2.0
#pragma once

// The providers, and the curves that each supports.

#include "crypto/providers/provider.hpp"

#include <ostream>
#include <vector>

namespace chancery::crypto::test {

inline constexpr curve curves[]{curve::p256, curve::p384};

inline std::vector<provider> providers_of(curve c) {
  if (c == curve::p384)
    return {provider::openssl, provider::botan};
  return {provider::openssl, provider::botan, provider::batch};
}

struct signing_case {
  curve of;
  provider by;
};

/// Each provider on each of its curves.
inline std::vector<signing_case> signing_cases() {
  std::vector<signing_case> cases;
  for (const auto c : curves)
    for (const auto p : providers_of(c))
      cases.push_back({c, p});
  return cases;
}

inline std::ostream& operator<<(std::ostream& out, const signing_case& s) {
  return out << to_text(s.by) << " on " << field_size(s.of) * 8 << " bits";
}

} // namespace chancery::crypto::test
