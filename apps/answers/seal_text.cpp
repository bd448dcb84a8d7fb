// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/seal_text.hpp"

#include "crypto/seals/jades_text.hpp"

#include <fmt/format.h>

namespace chancery::apps {

std::string seal_text(actors::seal_formats& formats,
                      const storage::snapshot& view,
                      const stored_signature& signature,
                      seal_serialization serialization) {
  const auto& batch = signature.batch;
  const auto record = view.record(signature.record);
  if (!record)
    throw storage::corrupt(
        fmt::format("record {} is signed but missing: run `chancery audit`",
                    signature.record));
  const auto header =
      formats
          .header_of(view, static_cast<std::uint32_t>(batch.fence >> 32),
                     batch.key)
          ->encoded(crypto::jades_time(batch.time_ms));
  return serialization == seal_serialization::compact
             ? crypto::jades_compact(header, *record, signature.bytes)
             : crypto::jades_flattened(header, *record, signature.bytes);
}

std::string seal_line(actors::seal_formats& formats,
                      const storage::snapshot& view,
                      const stored_signature& signature,
                      seal_serialization serialization) {
  const auto* quote = serialization == seal_serialization::compact ? "\"" : "";
  return fmt::format(R"({{"record":{},{}"jws":{}{}{}{}}})", signature.record,
                     name_member(signature.name), quote,
                     seal_text(formats, view, signature, serialization), quote,
                     signature.replaces ? R"(,"replaces":true)" : "");
}

} // namespace chancery::apps
