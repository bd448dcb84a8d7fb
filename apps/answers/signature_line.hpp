// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stored signature as a line of JSON, as `export` and the API show it. Pure
// functions; any thread.

#include "storage/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chancery::apps {

/// {"record":7,"key":"<thumbprint>","alg":"ES256","signature":"<base64url>",
///  "batch":{"first":0,"count":100,"lease":"1.1"},"time":"<RFC 3339>"}, without
/// a newline. `signature` is raw r||s.
std::string signature_line(std::uint64_t record,
                           const storage::batch_row& batch,
                           std::span<const std::byte> signature,
                           std::string_view algorithm);

} // namespace chancery::apps
