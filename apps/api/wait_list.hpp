// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests that wait for something to come. One thread tries each about ten
// times a second, and whenever it is woken, until it has answered or its time
// is over. Any thread may add one.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace chancery::apps {

class wait_list {
 public:
  using clock = std::chrono::steady_clock;
  /// Returns true once it has answered, always if `last`. Throws nothing.
  using attempt = std::function<bool(bool last)>;

  /// `between`: how long none is tried when nothing wakes the list.
  explicit wait_list(std::size_t waiting_max,
                     clock::duration between = std::chrono::milliseconds(100));
  wait_list(const wait_list&) = delete;
  wait_list& operator=(const wait_list&) = delete;
  ~wait_list() { stop(); }

  /// How often it was woken. Who asks before a first attempt of its own, and
  /// says so when it adds the next ones, misses no wake between the two.
  std::uint64_t wakes() const;

  /// False when the list is full; then nothing happens. Tried for the last time
  /// at `until`; once the list has ended, at once and by the caller. `wakes`:
  /// as they were before the caller's own attempt.
  [[nodiscard]] bool add(clock::time_point until, std::uint64_t wakes,
                         attempt tried);

  /// All are tried soon, as what they wait for may have come. Cheap: wakes
  /// that come while they are tried count as one. Does not wait.
  void wake();

  /// Nobody waits from now on: all answer as it is. Does not wait for that.
  void end();

  /// The same, and returns when all have answered, so that what they hold is
  /// not let go on the list's own thread later. One thread at a time, and not
  /// that one.
  void stop();

 private:
  struct waiting {
    clock::time_point until;
    attempt tried;
  };

  void run();
  /// Tries all once, without the lock.
  void try_all(std::list<waiting>& all, bool last) const;

  const std::size_t waiting_max_;
  const clock::duration between_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<waiting> waiting_;
  std::size_t count_ = 0; ///< with those that are being tried
  std::uint64_t wakes_ = 0;
  bool woken_ = false; ///< not all have been tried since
  bool ending_ = false;
  bool gone_ = false;
  std::jthread thread_;
};

} // namespace chancery::apps
