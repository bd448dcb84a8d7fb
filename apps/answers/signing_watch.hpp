// SPDX-License-Identifier: Apache-2.0
#pragma once

// A signing run's counters in the forms of the progress line and the status
// file. The returned functions refer to the counters, which must outlive them.

#include "actors/systems/signing_run.hpp"
#include "apps/terminal/progress_line.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <vector>

namespace chancery::apps {

/// Done and total count all records, also those signed before this run.
std::function<progress_sample()>
signing_sample(const actors::signing_progress& progress);

/// [{"worker": "w2", "why": "..."}]
nlohmann::ordered_json
refused_json(const std::vector<actors::refused_worker>& refused);

/// The content of status.json.
std::function<nlohmann::ordered_json()>
signing_status(const actors::signing_progress& progress,
               const actors::signing_options& options);

/// Says how long no key is lent at first, where one has to wait.
void note_quarantine(const storage::record_store& store);

} // namespace chancery::apps
