// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stored seal as the text that other programs verify. Any thread.

#include "actors/signing/seal_formats.hpp"
#include "apps/answers/signature_line.hpp"
#include "storage/record_store.hpp"

#include <string>
#include <string_view>

namespace chancery::apps {

enum class seal_serialization { compact, flattened };

/// By RFC 7515 7.1 or 7.2.2, without a line end. The signature's batch has the
/// format of seals. Throws storage::corrupt when the record or its certificate
/// is missing.
std::string seal_text(actors::seal_formats& formats,
                      const storage::snapshot& view,
                      const stored_signature& signature,
                      seal_serialization serialization);

/// {"record":7,"name":"2026-118","jws":"..","replaces":true}, without a
/// newline: as signature_line has its members. In flattened serialization "jws"
/// is an object.
std::string seal_line(actors::seal_formats& formats,
                      const storage::snapshot& view,
                      const stored_signature& signature,
                      seal_serialization serialization);

} // namespace chancery::apps
