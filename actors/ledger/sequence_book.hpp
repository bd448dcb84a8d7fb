// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rule of sequence numbers, judged once for each message, in the order of
// arrival, against what is committed and what is on its way there:
//
//   higher than the client's last one                    accept
//   one that was accepted, with the same payload         repeat
//   anything else                                        stale
//
// What is pending is kept here; what is committed is asked of a snapshot that
// is at least as new as the last confirm(). No CAF; one thread.

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
  repeat_pending, ///< its first is on its way to the disk
  repeat_stored,  ///< its first has a receipt
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

  /// An accepted message is on its way to the disk.
  void expect(const crypto::key_id& client, std::uint64_t sequence,
              std::string_view compact);

  /// It is there; the oldest expected one of its client.
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
