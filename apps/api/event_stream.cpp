// SPDX-License-Identifier: Apache-2.0
#include "apps/api/event_stream.hpp"

#include "actors/base/threads.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/random.hpp"

#include <array>
#include <exception>
#include <utility>

namespace chancery::apps {

namespace {

/// Between two looks at the sources, and at what waits for the next second.
constexpr std::chrono::milliseconds beat{250};

std::string new_process_part() {
  std::array<std::byte, 6> octets{};
  crypto::system_random()(octets);
  return crypto::base64url_encode(octets);
}

} // namespace

event_source state_source(std::string type,
                          std::function<std::optional<std::string>()> json) {
  return {.every = std::chrono::seconds(1),
          .look =
              [type = std::move(type), json = std::move(json)] {
                std::vector<event> now;
                if (auto text = json())
                  now.push_back({.type = type,
                                 .json = *std::move(text),
                                 .passing = true});
                return now;
              },
          .only_for_readers = true};
}

event_stream::event_stream(std::vector<event_source> sources,
                           const event_limits& limits)
    : limits_(limits), hub_(new_process_part(), limits) {
  for (auto& source : sources)
    sources_.push_back({std::move(source)});
  thread_ = actors::start_thread([this] { run(); });
}

event_stream::~event_stream() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void event_stream::publish(std::string_view type, std::string json) {
  const bool now = hub_.publish(
      {.type = std::string(type), .json = std::move(json)}, clock::now());
  if (!now)
    return; // at the next beat
  {
    const std::scoped_lock lock(mutex_);
    published_ = true;
  }
  changed_.notify_all();
}

void event_stream::subscribe(http_stream stream, std::string_view last_id,
                             std::function<bool()> may_read) {
  hub_.subscribe(std::move(stream), last_id, std::move(may_read));
}

void event_stream::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    published_ = false;
    lock.unlock();
    const auto now = clock::now();
    ask_sources(now);
    hub_.deliver(now);
    lock.lock();
    changed_.wait_for(lock, beat, [this] { return ending_ || published_; });
  }
}

void event_stream::ask_sources(clock::time_point now) {
  const bool read = hub_.readers() > 0;
  for (auto& [source, due] : sources_) {
    if (now < due || (source.only_for_readers && !read))
      continue;
    due = now + source.every;
    try {
      for (auto& one : source.look())
        hub_.publish(std::move(one), now);
    } catch (const std::exception&) { // such as a database that is busy
    }
  }
}

void add_event_route(route_table& table, std::shared_ptr<event_stream> events) {
  const auto unread_max = events ? events->limits().unread_max : 0;
  table.add(
      {"GET",
       "/v1/events",
       "listEvents",
       scope::read,
       {},
       {},
       answered_by_stream{
           "text/event-stream", unread_max,
           [events = std::move(events)](const api_request& request,
                                        http_stream stream,
                                        std::function<bool()> may_read) {
             events->subscribe(
                 std::move(stream),
                 find_field(request.http.fields, "Last-Event-ID").value_or(""),
                 std::move(may_read));
           }}});
}

} // namespace chancery::apps
