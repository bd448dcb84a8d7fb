// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rule of sequence numbers. Each message is judged once, in the order of
// arrival, against the committed messages and the pending ones:
//
//   higher than the client's last one                    accept
//   one that was accepted, with the same payload         repeat
//   anything else                                        stale
//
// Pending messages are kept here; committed ones are looked up in a snapshot,
// which must be at least as new as the last confirm(). No CAF. Not thread-safe.

#include "crypto/keys/key.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "storage/ledger_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace chancery::actors {

enum class sequence_ruling : std::uint8_t {
  accept,
  repeat_pending, ///< the first one is not on disk yet
  repeat_stored,  ///< the first one has a receipt
  stale,
};

struct judged_sequence {
  sequence_ruling ruling = sequence_ruling::stale;
  std::uint64_t stored_index = 0; ///< of repeat_stored
};

class sequence_book {
 public:
  /// `compact` is the message's JWS, as the client signed it.
  judged_sequence judge(const crypto::key_id& client, std::uint64_t sequence,
                        std::string_view compact,
                        const storage::ledger_snapshot& view) const;

  /// Adds an accepted message that is not on disk yet.
  void expect(const crypto::key_id& client, std::uint64_t sequence,
              std::string_view compact);

  /// The client's oldest expected message is on disk. Throws std::logic_error
  /// when none is expected.
  void confirm(const crypto::key_id& client);

  std::size_t pending() const noexcept;

 private:
  struct pending_message {
    std::uint64_t sequence;
    std::array<std::uint8_t, 32> payload; ///< SHA-256
  };

  std::unordered_map<crypto::key_id, std::deque<pending_message>,
                     crypto::key_id_hash>
      pending_;
};

} // namespace chancery::actors
