// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/signature_line.hpp"

#include "actors/signing/lease_replay.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/keys/key.hpp"

#include <fmt/format.h>

namespace chancery::apps {

// Nothing in a line needs escaping: numbers, base64url and times.
std::string signature_line(std::uint64_t record,
                           const storage::batch_row& batch,
                           std::span<const std::byte> signature,
                           std::string_view algorithm) {
  return fmt::format(
      R"({{"record":{},"key":"{}","alg":"{}","signature":"{}",)"
      R"("batch":{{"first":{},"count":{},"lease":"{}"}},"time":"{}"}})",
      record, crypto::to_text(batch.key), algorithm,
      crypto::base64url_encode(signature), batch.first, batch.count,
      actors::fence_text(batch.fence), time_text(batch.time_ms));
}

} // namespace chancery::apps
