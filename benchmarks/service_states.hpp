// SPDX-License-Identifier: Apache-2.0
#pragma once

// `chancery serve` without load: how soon it is ready on a folder with many
// records, and what it does while nothing comes and a worker is connected.

#include <cstdint>
#include <filesystem>

namespace chancery::benchmarks {

/// Makes a data folder with as many keys and signed records.
void make_signed_folder(const std::filesystem::path& program,
                        const std::filesystem::path& data,
                        const std::filesystem::path& logs, std::uint64_t keys,
                        std::uint64_t records);

struct service_start {
  double first_line_seconds = 0;
  double ready_seconds = 0; ///< from its start until /readyz answers 200
};

service_start measure_service_start(const std::filesystem::path& program,
                                    const std::filesystem::path& data,
                                    const std::filesystem::path& logs);

struct idle_service {
  double percent = 0;              ///< of a core, of the service
  double worker_percent = 0;       ///< of a core, of the worker
  std::uint64_t events_before = 0; ///< of the journal
  std::uint64_t events_after = 0;
};

/// A service and a worker over TLS on this host, which have signed some records
/// and then get none for `seconds`. Makes its files in `folder`.
idle_service measure_idle_service(const std::filesystem::path& program,
                                  const std::filesystem::path& folder,
                                  unsigned seconds);

} // namespace chancery::benchmarks
