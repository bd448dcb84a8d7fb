// SPDX-License-Identifier: Apache-2.0
#pragma once

// The records that an export takes, one after the other. One thread.

#include "apps/records/export_job.hpp"
#include "apps/records/signed_records.hpp"

#include <cstdint>
#include <functional>

namespace chancery::apps {

/// As for_each_signature, of the job's selection, without records of another
/// format, which the job counts.
std::uint64_t
for_each_exported(const export_job& job,
                  const std::function<void(const signed_record&)>& call);

/// Throws std::runtime_error when the job was stopped before its end.
void require_whole(const export_job& job);

} // namespace chancery::apps
