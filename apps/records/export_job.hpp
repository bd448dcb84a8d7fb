// SPDX-License-Identifier: Apache-2.0
#pragma once

// The export formats. Each reads every chosen signature once, in record order,
// in bounded memory, and leaves either the whole result or nothing behind; on
// stdout, the part whose signatures are verified. They return what
// for_each_signature does (signed_records.hpp). They throw std::runtime_error
// when `stop` is set before the end, and for the first signature that does not
// verify over its record.

#include "apps/records/record_selection.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>

namespace chancery::apps {

struct export_job {
  const storage::record_store& store;
  const crypto::public_keyring& keys;
  const record_selection& selection;
  const std::atomic<bool>& stop;
  std::atomic<std::uint64_t>& done; ///< signatures written
  bool verify = true;               ///< each signature before it is written
};

enum class text_format {
  jsonl, ///< a line per signature (signature_line.hpp)
  csv    ///< a header, and a row per signature (signature_row.hpp)
};

std::uint64_t export_text(const export_job& job, text_format format,
                          const std::filesystem::path& file);

/// To stdout, as export_tar_to_stdout: flushed when it returns. They throw
/// std::runtime_error when a write failed.
std::uint64_t export_text_to_stdout(const export_job& job, text_format format);

/// The files of der_files.hpp in a folder, which is new or empty; one with
/// entries is refused before anything is read. They are on disk when it
/// returns.
std::uint64_t export_der(const export_job& job,
                         const std::filesystem::path& folder);

/// The same files as an archive (tar_stream.hpp).
std::uint64_t export_tar(const export_job& job,
                         const std::filesystem::path& file);
std::uint64_t export_tar_to_stdout(const export_job& job);

} // namespace chancery::apps
