// SPDX-License-Identifier: Apache-2.0
#pragma once

// Units of other hosts that wait for their verdict, without actors: what is
// still to be verified of each, and what was found so far. Their leases have
// been judged already, and may end meanwhile. Plain class, one thread at a
// time.

#include "actors/signing/range_book.hpp"
#include "actors/signing/signing_messages.hpp"
#include "crypto/base/random.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

/// Signatures that a verifier takes at a time.
inline constexpr std::uint32_t chunk_signatures = 1'024;

/// A sample has at least so many signatures of a unit that has them.
inline constexpr std::uint32_t sample_min = 16;

struct parked_unit {
  struct part {
    const remote_batch* batch = nullptr; ///< of `unit`
    held_range range;                    ///< that its lease held
  };

  remote_unit_ptr unit;
  std::vector<part> parts{};     ///< to be stored; the others came too late
  std::uint64_t records = 0;     ///< in the parts
  std::uint32_t wrong = 0;       ///< signatures found so far
  std::uint32_t first_wrong = 0; ///< index in the unit, if there is one

  /// "3 of 1536 signatures of a unit are wrong; the first is that of record 17
  /// under key K". Call it only if there is one.
  std::string complaint() const;
};

class parked_units {
 public:
  /// One in `share` signatures of a unit is verified, chosen after it came, and
  /// all of them when one is wrong; 1: all at once.
  parked_units(std::uint32_t share, crypto::random_source random);

  /// Keeps a unit with at least one part; returns its ticket.
  std::uint64_t park(parked_unit unit);

  /// What is to be verified next of this unit. Each chunk once.
  std::vector<unit_chunk> next_chunks(std::uint64_t ticket);

  /// One chunk's verdict. True when no verdict is missing: then either
  /// next_chunks returns more, or the unit is judged. False for a ticket that
  /// is gone.
  bool take(std::uint64_t ticket, const chunk_verdict& verdict);

  /// Forgets the unit and returns it.
  parked_unit release(std::uint64_t ticket);
  /// The tickets of a worker's units.
  std::vector<std::uint64_t> of(const std::string& worker) const;

  bool empty() const noexcept { return units_.empty(); }

 private:
  struct entry {
    parked_unit unit;
    std::vector<std::uint32_t> unverified{}; ///< indexes, ascending
    std::uint32_t chunks_out = 0;
    bool sampled = false;
  };

  std::vector<std::uint32_t> draw(std::vector<std::uint32_t>& from);

  std::uint32_t share_;
  crypto::random_source random_;
  std::uint64_t last_ticket_ = 0;
  std::map<std::uint64_t, entry> units_;
};

} // namespace chancery::actors
