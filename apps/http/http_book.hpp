// SPDX-License-Identifier: Apache-2.0
#pragma once

// The books of a server: which connections there are, which of them rest
// between two requests and for how long, what bodies are in memory, and how
// many answers are owed. It decides who may come in and who has to go; sockets
// are not its business. Any thread.
//
// A connection enters, then rests and works in turn, then leaves. It works from
// the first octet of a request until the last of its answer.

#include "apps/http/http_counters.hpp"
#include "apps/http/http_limits.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace chancery::apps {

class http_book {
 public:
  /// Of `limits` it takes those of connections, bodies and answers owed.
  explicit http_book(const http_limits& limits) : limits_(limits) {}

  struct arrival {
    std::uint64_t id = 0; ///< 0: this connection is closed at once
    /// The first that lingers, else the longest at rest: it has to close, and
    /// may not work any more.
    std::optional<std::uint64_t> gives_way;
  };
  /// Addresses of loopback count for nothing. Waits, for limits.give_way at
  /// most, while many that were told to close have not done it.
  arrival enter(const std::string& address, bool loopback);
  void leave(std::uint64_t id);

  /// Also while it shakes hands. False when it has to close instead.
  bool rest(std::uint64_t id);
  bool work(std::uint64_t id);
  /// Neither: it only waits for its peer to read the last answer.
  void linger(std::uint64_t id);

  /// Makes room for a descriptor that the system does not have.
  std::optional<std::uint64_t> give_way();

  bool reserve(std::uint64_t body_bytes);
  void release(std::uint64_t body_bytes);

  /// The same for answers that wait for their readers.
  bool reserve_answer(std::uint64_t bytes);
  void release_answer(std::uint64_t bytes);

  /// An answer is owed; false when too many are.
  bool begin_answer();
  void end_answer();

  /// An answer that goes on being sent. It is owed no more, and takes the place
  /// of a connection alone.
  void begin_stream();
  void end_stream();

  void count_closed(const std::string& reason);

  /// From now on nobody may come in or rest. Those that rest now, to close.
  std::vector<std::uint64_t> begin_drain();
  /// False when some still work after `patience`.
  bool await_work(std::chrono::milliseconds patience);
  bool draining() const;

  http_counters counters() const;

 private:
  struct place {
    std::string address;
    bool working = false;
    bool leaving = false; ///< it was chosen to give way
    std::optional<std::list<std::uint64_t>::iterator> resting;
    std::optional<std::list<std::uint64_t>::iterator> lingering;
  };

  std::optional<std::uint64_t> pop_first_to_go();
  void end_work(place& at);

  const http_limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable no_work_;
  std::condition_variable left_;
  std::unordered_map<std::uint64_t, place> places_;
  std::unordered_map<std::string, std::size_t> of_address_;
  std::list<std::uint64_t> at_rest_;   ///< the longest first
  std::list<std::uint64_t> lingering_; ///< the same
  std::uint64_t last_id_ = 0;
  std::size_t working_ = 0;
  std::size_t leaving_ = 0; ///< were chosen to give way
  bool draining_ = false;
  http_counters counters_;
};

} // namespace chancery::apps
