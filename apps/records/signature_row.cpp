// SPDX-License-Identifier: Apache-2.0
#include "apps/records/signature_row.hpp"

#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/keys/key.hpp"

#include <fmt/format.h>

namespace chancery::apps {

namespace {

/// A name has no line ends, no blanks at its ends, and is not empty.
std::string csv_field(std::string_view name) {
  if (name.find_first_of(",\"") == std::string_view::npos)
    return std::string(name);
  std::string field = "\"";
  for (const char c : name)
    field.append(c == '"' ? 2 : 1, c);
  return field + '"';
}

} // namespace

std::string signature_row(const stored_signature& signature,
                          std::string_view algorithm) {
  return fmt::format("{},{},{},{},{},{}",
                     csv_field(signature.name.value_or("")), signature.record,
                     crypto::to_text(signature.batch.key), algorithm,
                     crypto::base64url_encode(signature.bytes),
                     time_text(signature.batch.time_ms));
}

} // namespace chancery::apps
