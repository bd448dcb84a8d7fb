// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/curve.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace chancery::crypto {

std::size_t field_size(curve c) noexcept { return c == curve::p256 ? 32 : 48; }

std::size_t signature_size(curve c) noexcept { return 2 * field_size(c); }

std::string_view jwk_curve_name(curve c) noexcept {
  return c == curve::p256 ? "P-256" : "P-384";
}

std::string_view jws_algorithm(curve c) noexcept {
  return c == curve::p256 ? "ES256" : "ES384";
}

curve curve_from_name(std::string_view name) {
  if (name == "p256" || name == "P-256")
    return curve::p256;
  if (name == "p384" || name == "P-384")
    return curve::p384;
  throw std::invalid_argument(
      fmt::format("unknown curve '{}': use p256 or p384", name));
}

} // namespace chancery::crypto
