// SPDX-License-Identifier: Apache-2.0
#pragma once

// Records on their way into a signing service, and what became of them. Plain
// values; no actors.

#include "storage/record_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chancery::actors {

/// Limits of one request.
inline constexpr std::size_t submitted_records_max = 10'000;
inline constexpr std::size_t submitted_bytes_max = std::size_t{32} << 20;

struct submitted_record {
  std::string name; ///< empty: it has none
  std::string bytes;
};

/// Marks a request that may be sent again: the same mark gets the first answer.
struct request_mark {
  /// Whose request, and the key that they chose: up to 400 bytes.
  std::string key;
  /// SHA-256 of everything that makes requests equal.
  std::array<std::uint8_t, 32> fingerprint{};
};

/// The id of a record that is not stored: of a taken name, the other record of
/// this name is in the same request.
inline constexpr std::uint64_t no_record = UINT64_MAX;

/// Stored whole or not at all.
struct record_request {
  std::vector<submitted_record> records; ///< at least one
  /// A record whose name belongs to other bytes is left out; else it refuses
  /// the whole request.
  bool skip_taken = false;
  std::optional<request_mark> mark{};
};

enum class record_refusal : std::uint8_t {
  malformed,   ///< over a limit, or a name that is none
  name_taken,  ///< record_answer::records says which
  key_reused,  ///< the mark's key with another fingerprint
  in_progress, ///< the same mark is under way
  busy,        ///< too much waits
  disk_full,   ///< less room than the reserve; nothing was stored
  stopping,
  internal
};

struct record_answer {
  /// One for each record of the request, in its order: the id is of the record
  /// that has the name now. Empty when it was refused, but for name_taken.
  std::vector<storage::named_record> records{};
  std::uint64_t received_ms = 0; ///< when they were stored, since 1970
  bool replayed = false;         ///< the first answer to this mark
  std::optional<record_refusal> refused{};
  std::string reason{}; ///< a sentence, when it was refused
};

inline record_answer refused_answer(record_refusal why, std::string reason) {
  record_answer answer;
  answer.refused = why;
  answer.reason = std::move(reason);
  return answer;
}

/// Called once, on any thread; throws nothing and does not wait.
using record_reply = std::function<void(record_answer)>;

} // namespace chancery::actors
