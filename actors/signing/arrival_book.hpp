// SPDX-License-Identifier: Apache-2.0
#pragma once

// When records came that are not signed yet, by the groups in which they were
// committed, and so when they are due: a service signs a batch that is not full
// once its oldest record has waited for the longest wait. Plain class, one
// thread at a time.

#include <cstddef>
#include <cstdint>
#include <deque>

namespace chancery::actors {

class arrival_book {
 public:
  explicit arrival_book(std::uint32_t max_wait_ms)
      : max_wait_ms_(max_wait_ms) {}

  /// Records from `first` on came at this moment (ms since 1970, which never
  /// goes back), until a later call names a higher id. Those before the first
  /// call were there before, and are due at once.
  void came(std::uint64_t first, std::uint64_t time_ms);

  /// When the record is due, in ms since 1970; 0 when it was there before.
  std::uint64_t due_ms(std::uint64_t id) const;

  /// The records before `id` are signed: nobody will ask for them.
  void forget_before(std::uint64_t id);

  /// Groups that it remembers.
  std::size_t size() const noexcept { return groups_.size(); }

 private:
  struct group {
    std::uint64_t first;
    std::uint64_t time_ms;
  };

  std::uint32_t max_wait_ms_;
  std::deque<group> groups_; // by first
};

} // namespace chancery::actors
