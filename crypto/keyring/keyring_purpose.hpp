// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the keys of a keyring sign, fixed when the keyring is made. A raw
// signature is over whatever bytes a record has. A record whose bytes are the
// signing input of a seal would make a raw signature a valid seal over content
// that nobody imported, so no key may sign both. Plain values; any thread.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::crypto {

enum class keyring_purpose : std::uint8_t {
  raw = 0,  ///< the digests of records
  seal = 1, ///< seals in standard formats, under certificates
};

inline std::string_view to_text(keyring_purpose purpose) {
  return purpose == keyring_purpose::seal ? "seal" : "raw";
}

/// Throws std::invalid_argument for another text than to_text() returns.
inline keyring_purpose keyring_purpose_from_name(std::string_view name) {
  for (const auto purpose : {keyring_purpose::raw, keyring_purpose::seal})
    if (name == to_text(purpose))
      return purpose;
  throw std::invalid_argument("'" + std::string(name) +
                              "' is no purpose of a keyring: raw or seal");
}

} // namespace chancery::crypto
