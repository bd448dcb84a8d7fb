// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far the signing of a folder is, as GET /v1/signing and the event
// `signing` show it. Any thread.

#include "apps/folders/signed_folder.hpp"

#include <nlohmann/json.hpp>

namespace chancery::apps {

/// Whether a process signs in the folder now.
bool somebody_signs(const signed_folder& folder);

/// Whoever signs, this process or another, says so in status.json; the rest is
/// what is stored.
nlohmann::ordered_json signing_json(const signed_folder& folder);

} // namespace chancery::apps
