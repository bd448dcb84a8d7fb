// SPDX-License-Identifier: Apache-2.0
#pragma once

// Exports that are many files, into a folder or an archive. They return and
// throw as the other formats do (export_job.hpp).

#include "apps/records/der_files.hpp"
#include "apps/records/export_job.hpp"
#include "apps/records/seal_files.hpp"

#include <cstdint>
#include <filesystem>

namespace chancery::apps {

enum class file_format {
  der,       ///< der_files.hpp
  jades,     ///< seal_files.hpp, compact
  flattened, ///< the same in JSON serialization
};

inline std::uint64_t put_files(const export_job& job, file_format format,
                               file_target& target) {
  if (format == file_format::der)
    return put_der_files(job, target);
  return put_seal_files(job,
                        format == file_format::jades
                            ? seal_serialization::compact
                            : seal_serialization::flattened,
                        target);
}

/// Into a folder, which is new or empty; one with entries is refused before
/// anything is read. The files are on disk when it returns.
std::uint64_t export_files(const export_job& job, file_format format,
                           const std::filesystem::path& folder);

/// The same files as an archive (tar_stream.hpp).
std::uint64_t export_tar(const export_job& job, file_format format,
                         const std::filesystem::path& file);
std::uint64_t export_tar_to_stdout(const export_job& job, file_format format);

} // namespace chancery::apps
