// SPDX-License-Identifier: Apache-2.0
#pragma once

// GET /v1/events: an event_hub with a thread, which delivers what anybody
// publishes and asks sources for what is new. Any thread may publish and
// subscribe.

#include "apps/api/event_hub.hpp"
#include "apps/api/route_table.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace chancery::apps {

/// Where events come from that nobody publishes. Asked on the stream's thread,
/// at most four times a second; an exception says that there is nothing new.
struct event_source {
  std::chrono::milliseconds every{250};
  std::function<std::vector<event>()> look;
  bool only_for_readers = false; ///< not asked while nobody reads
};

/// How something is, once a second while somebody reads. `json` gives an
/// object, or nothing to say.
event_source state_source(std::string type,
                          std::function<std::optional<std::string>()> json);

class event_stream {
 public:
  /// Throws actors::no_thread.
  explicit event_stream(std::vector<event_source> sources,
                        const event_limits& limits = {});
  event_stream(const event_stream&) = delete;
  event_stream& operator=(const event_stream&) = delete;
  /// Breaks off what is still read.
  ~event_stream();

  /// Never waits for readers. `type` is a word, `json` an object.
  void publish(std::string_view type, std::string json);

  /// As event_hub::subscribe.
  void subscribe(http_stream stream, std::string_view last_id,
                 std::function<bool()> may_read);

  std::size_t readers() const { return hub_.readers(); }
  const event_limits& limits() const noexcept { return limits_; }

 private:
  using clock = event_hub::clock;
  struct asked_source {
    event_source source;
    clock::time_point due{};
  };

  void run();
  void ask_sources(clock::time_point now);

  const event_limits limits_;
  event_hub hub_;
  std::vector<asked_source> sources_; ///< of its thread
  std::mutex mutex_;
  std::condition_variable changed_;
  bool published_ = false;
  bool ending_ = false;
  std::thread thread_;
};

/// `events` may be null where no request comes.
void add_event_route(route_table& table, std::shared_ptr<event_stream> events);

} // namespace chancery::apps
