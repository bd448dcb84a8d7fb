// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/signature_line.hpp"

#include "actors/signing/lease_replay.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/keys/key.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chancery::apps {

std::string name_member(std::optional<std::string_view> name) {
  if (!name)
    return {};
  return fmt::format(R"("name":{},)", nlohmann::json(*name).dump());
}

// Nothing but the name needs escaping: numbers, base64url and times.
std::string signature_line(const stored_signature& signature,
                           std::string_view algorithm) {
  const auto& batch = signature.batch;
  return fmt::format(
      R"({{"record":{},{}"key":"{}","alg":"{}","signature":"{}",)"
      R"("batch":{{"first":{},"count":{},"lease":"{}"}},"time":"{}"{}}})",
      signature.record, name_member(signature.name), crypto::to_text(batch.key),
      algorithm, crypto::base64url_encode(signature.bytes), batch.first,
      batch.count, actors::fence_text(batch.fence), time_text(batch.time_ms),
      signature.replaces ? R"(,"replaces":true)" : "");
}

} // namespace chancery::apps
