// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stored signature as a line of JSON, as `export` and the API show it. A pure
// function; any thread.

#include "storage/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chancery::apps {

/// Valid as long as what it points to.
struct stored_signature {
  std::uint64_t record = 0;
  std::optional<std::string_view> name{}; ///< the record's
  const storage::batch_row& batch;
  std::span<const std::byte> bytes; ///< raw r||s
  /// An earlier signature was shown, and has been withdrawn.
  bool replaces = false;
};

/// {"record":7,"name":"2026-118","key":"<thumbprint>","alg":"ES256",
///  "signature":"<base64url>","batch":{"first":0,"count":100,"lease":"1.1"},
///  "time":"<RFC 3339>","replaces":true}, without a newline. A record without a
/// name has no "name"; "replaces" is there when it is true.
std::string signature_line(const stored_signature& signature,
                           std::string_view algorithm);

/// `"name":"2026-118",`; nothing for a record without a name.
std::string name_member(std::optional<std::string_view> name);

} // namespace chancery::apps
