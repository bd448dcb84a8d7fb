// SPDX-License-Identifier: Apache-2.0
#pragma once

// The events of GET /v1/events: limits how many there are, numbers them, keeps
// the latest, and gives each to everybody who reads. It has no thread and no
// clock (event_stream.hpp has them). Any thread.
//
//   retry: 2000                 once, at the begin of a stream
//   id: 4Suk4qic.17             where it begins, unless events follow at once
//
//   event: skipped              before an event that stands for others, too
//   data: {"event":"block","count":3}
//
//   id: 4Suk4qic.18             this process, and a number from 1
//   event: block
//   data: {"index":4,...}
//
// Each ends with an empty line (HTML, "Server-sent events"). A comment, ":
// keep-alive", comes at times, so that a peer that went without a word is
// noticed.

#include "apps/http/http_stream.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

struct event {
  std::string type; ///< a word: "block"
  std::string json; ///< an object, a few KiB at most
  /// How many of this type were left out before it.
  std::uint64_t skipped = 0;
  /// A state and no event: it gets no id, and is not kept.
  bool passing = false;
};

struct event_limits {
  std::size_t readers_max = 64;
  /// What one may leave unread.
  std::size_t unread_max = std::size_t{64} << 10;
  /// For those that come back. All of it has to fit into unread_max.
  std::size_t kept_max = 256;
  std::size_t kept_bytes_max = std::size_t{48} << 10;
  /// Of each type. Beyond it the newest waits for the next second, and stands
  /// for the others.
  std::size_t a_second_max = 50;
  std::chrono::milliseconds keep_alive{15'000};
};

class event_hub {
 public:
  using clock = std::chrono::steady_clock;

  /// `process` differs between processes: an id of another one is unknown.
  event_hub(std::string process, const event_limits& limits)
      : process_(std::move(process)), limits_(limits) {}

  /// Cheap: somebody else delivers. False while it has to wait for that second.
  bool publish(event one, clock::time_point now);

  /// Gives everything to everybody, with a keep-alive when it is time, and
  /// forgets readers that have gone or may not read any more.
  void deliver(clock::time_point now);

  /// `last_id` is the Last-Event-ID of one that comes back; empty: it begins
  /// with the next event. Of an unknown one, with all that is kept. Throws
  /// `problem` when there are too many. `may_read` is asked again at each
  /// keep-alive, and must not call this object.
  void subscribe(http_stream stream, std::string_view last_id,
                 std::function<bool()> may_read);

  /// With those that have gone since the last delivery.
  std::size_t readers() const;

 private:
  /// Events of one type.
  struct lane {
    clock::time_point begin{}; ///< of a second
    std::size_t passed = 0;    ///< in it
    std::optional<event> newest;
  };
  struct reader {
    http_stream stream;
    std::function<bool()> may_read;
  };
  struct kept_event {
    std::uint64_t number;
    std::string text;
  };

  bool has_room(const event& one) const;
  void pass(lane& of, event one);
  void begin_second(lane& of, clock::time_point now);
  std::vector<event> take_ready(clock::time_point now);
  std::string numbered(const event& one);
  std::string beginning(std::string_view last_id) const;
  std::optional<std::uint64_t> known(std::string_view last_id) const;
  void keep_alive();

  const std::string process_;
  const event_limits limits_;

  std::mutex inbox_; ///< never locked for long
  std::map<std::string, lane, std::less<>> lanes_;
  std::vector<event> ready_;
  std::size_t ready_bytes_ = 0;

  mutable std::mutex outbox_;
  std::list<reader> readers_;
  std::deque<kept_event> kept_;
  std::size_t kept_bytes_ = 0;
  std::uint64_t last_ = 0;                      ///< number of the last event
  std::optional<clock::time_point> kept_alive_; ///< at the last one
};

} // namespace chancery::apps
