// SPDX-License-Identifier: Apache-2.0
#pragma once

// The dispatcher's bookkeeping, without actors: which record range goes out
// next, which lease holds which range, and which ranges came back unsigned.
// Within a pass every unsigned record is handed out, and handed out again only
// after its lease has ended. A job hands out what is there; a service lets a
// range that would be short because the table ends wait for more records, until
// its first record has waited for the longest wait since it came. Plain class,
// one thread at a time.

#include "storage/record_store.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>

namespace chancery::actors {

/// Up to a batch size of consecutive unsigned records, under one lease.
struct held_range {
  std::uint64_t first = 0;
  std::uint32_t count = 0;
  storage::short_reason reason = storage::short_reason::full;
  storage::key_name key{};
  std::uint64_t time_ms = 0; ///< the batch's time, since 1970
};

/// How a service lets records wait.
struct waiting_terms {
  std::uint32_t max_wait_ms = 0;
  /// Records before this id were there when the epoch opened, and have waited
  /// enough.
  std::uint64_t records_before = 0;
};

class range_book {
 public:
  /// `terms`: of a service. Only tests switch `check_fences` off, to show what
  /// the check prevents.
  explicit range_book(std::uint32_t batch_size,
                      std::optional<waiting_terms> terms = {},
                      bool check_fences = true);

  /// Whether a range may be assigned to this lease: it has not ended, as far as
  /// this book knows, and holds none.
  bool usable(std::uint64_t fence) const;

  /// Assigns the next range to a usable lease: one that came back, else the
  /// next unsigned records of the table. Nothing when all are out, signed or
  /// not due. `time_ms` is the present, since 1970, and the batch's time.
  std::optional<held_range> take(const storage::snapshot& view,
                                 std::uint64_t fence,
                                 const storage::key_name& key,
                                 std::uint64_t time_ms = 0);

  /// Whether take has a range to give at this moment.
  bool more(const storage::snapshot& view, std::uint64_t time_ms = 0);

  /// When take will have one without more records, in ms since 1970: 0 for now;
  /// nothing when all are out or signed.
  std::optional<std::uint64_t> due_ms(const storage::snapshot& view);

  /// About how many ranges take has to give, up to `most`; 0 only if there is
  /// none.
  std::uint32_t due_count(const storage::snapshot& view, std::uint64_t time_ms,
                          std::uint32_t most);

  /// Takes the range from the lease and returns it, if the lease holds exactly
  /// this one. Nothing when the result must be refused.
  std::optional<held_range> hand_in(std::uint64_t fence, std::uint64_t first,
                                    std::uint32_t count);

  /// A range that was handed in goes to the next taker after all.
  void put_back(const held_range& range) { returned_.push_back(range); }

  /// The lease was lost: its range goes to the next taker, its later results
  /// are refused, and it gets no further range.
  void drop(std::uint64_t fence);

  /// The lease was given back: as drop, but a lease that holds no range is not
  /// remembered, as every lease ends this way.
  void release(std::uint64_t fence);

  /// Ranges that leases hold.
  std::size_t held() const noexcept { return held_.size(); }

  /// Starts over at the first record. Call it only while nothing is held or on
  /// its way to the store.
  void rewind();

 private:
  bool find_unsigned(const storage::snapshot& view);
  std::optional<held_range> cut(const storage::snapshot& view,
                                std::uint64_t time_ms);
  bool waits() const;
  std::uint64_t waited_ms(const storage::snapshot& view) const;

  std::uint32_t batch_size_;
  std::optional<waiting_terms> terms_; // of a service
  bool check_fences_;
  std::uint64_t position_ = 0; // all before it is handed out or signed
  std::uint64_t gap_ = 0;      // first signed id behind position_, or end_
  std::uint64_t end_ = 0;      // records when find_unsigned() looked last
  std::map<std::uint64_t, held_range> held_; // by fence
  std::map<std::uint64_t, held_range> late_; // dropped; used without the check
  std::set<std::uint64_t> ended_;            // fences of dropped leases
  std::deque<held_range> returned_;
};

} // namespace chancery::actors
