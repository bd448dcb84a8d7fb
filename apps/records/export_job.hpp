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
#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace chancery::apps {

/// Records that an export leaves out, as their signatures have another format.
struct other_formats {
  std::uint64_t count = 0;
  std::uint64_t first = 0; ///< id, if there is one
};

struct export_job {
  const storage::record_store& store;
  const crypto::public_keyring& keys;
  const record_selection& selection;
  const std::atomic<bool>& stop;
  std::atomic<std::uint64_t>& done; ///< signatures written
  bool verify = true;               ///< each signature before it is written
  std::uint16_t format = storage::signature_format::raw; ///< that is exported
  other_formats* left_out = nullptr;                     ///< may be null

  /// Whether the batch has the format; counts the record when not.
  bool takes(std::uint64_t record, const storage::batch_row& batch) const {
    if (batch.format == format)
      return true;
    if (left_out != nullptr && left_out->count++ == 0)
      left_out->first = record;
    return false;
  }
};

/// Bytes of records or seals that an export keeps until they are verified,
/// without the last one.
inline constexpr std::size_t unverified_bytes_max = std::size_t{4} << 20;

enum class text_format {
  jsonl,    ///< a line per signature (signature_line.hpp)
  csv,      ///< a header, and a row per signature (signature_row.hpp)
  jades,    ///< a line per seal, compact (seal_text.hpp)
  flattened ///< the same in JSON serialization
};

std::uint64_t export_text(const export_job& job, text_format format,
                          const std::filesystem::path& file);

/// To stdout, as export_tar_to_stdout: flushed when it returns. They throw
/// std::runtime_error when a write failed.
std::uint64_t export_text_to_stdout(const export_job& job, text_format format);

} // namespace chancery::apps
