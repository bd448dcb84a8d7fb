// SPDX-License-Identifier: Apache-2.0
#include "apps/api/event_hub.hpp"

#include "apps/api/problem.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

/// JSON has line breaks between values alone, where a blank is the same.
std::string on_one_line(std::string json) {
  std::ranges::replace(json, '\n', ' ');
  std::ranges::replace(json, '\r', ' ');
  return json;
}

std::string text_of(const event& one, const std::string& id) {
  std::string text;
  if (one.skipped > 0)
    text = fmt::format("event: skipped\n"
                       "data: {{\"event\":\"{}\",\"count\":{}}}\n\n",
                       one.type, one.skipped);
  if (!id.empty())
    text += fmt::format("id: {}\n", id);
  return text + fmt::format("event: {}\ndata: {}\n\n", one.type, one.json);
}

} // namespace

bool event_hub::publish(event one, clock::time_point now) {
  one.json = on_one_line(std::move(one.json));
  const std::scoped_lock lock(inbox_);
  auto& of = lanes_[one.type];
  if (now - of.begin >= std::chrono::seconds(1))
    begin_second(of, now);
  if (!of.newest && of.passed + 1 < limits_.a_second_max && has_room(one)) {
    pass(of, std::move(one));
    return true;
  }
  if (of.newest)
    one.skipped += of.newest->skipped + 1;
  of.newest = std::move(one);
  return false;
}

/// Half of what a reader may leave unread, so that one that keeps up is not
/// closed because nothing was delivered for a while.
bool event_hub::has_room(const event& one) const {
  return ready_.empty() ||
         ready_bytes_ + one.json.size() <= limits_.unread_max / 2;
}

void event_hub::pass(lane& of, event one) {
  ++of.passed;
  ready_bytes_ += one.json.size();
  ready_.push_back(std::move(one));
}

void event_hub::begin_second(lane& of, clock::time_point now) {
  of.begin = now;
  of.passed = 0;
  if (of.newest && has_room(*of.newest))
    pass(of, *std::exchange(of.newest, std::nullopt));
}

std::vector<event> event_hub::take_ready(clock::time_point now) {
  const std::scoped_lock lock(inbox_);
  for (auto& [type, of] : lanes_)
    if (of.newest && now - of.begin >= std::chrono::seconds(1))
      begin_second(of, now);
  ready_bytes_ = 0;
  return std::exchange(ready_, {});
}

void event_hub::deliver(clock::time_point now) {
  const auto ready = take_ready(now);
  const std::scoped_lock lock(outbox_);
  for (const auto& one : ready) {
    const auto text = one.passing ? text_of(one, "") : numbered(one);
    for (auto& to : readers_)
      to.stream.put(text);
  }
  if (!kept_alive_)
    kept_alive_ = now;
  if (now - *kept_alive_ >= limits_.keep_alive) {
    kept_alive_ = now;
    keep_alive();
  }
  std::erase_if(readers_, [](const reader& r) { return r.stream.gone(); });
}

/// Under the lock of the outbox, as all that follows.
std::string event_hub::numbered(const event& one) {
  auto text = text_of(one, fmt::format("{}.{}", process_, ++last_));
  kept_bytes_ += text.size();
  kept_.push_back({last_, text});
  while (kept_.size() > limits_.kept_max ||
         kept_bytes_ > limits_.kept_bytes_max) {
    kept_bytes_ -= kept_.front().text.size();
    kept_.pop_front();
  }
  return text;
}

void event_hub::keep_alive() {
  for (auto& to : readers_) {
    if (to.may_read())
      to.stream.put(": keep-alive\n\n");
    else
      to.stream.end();
  }
}

void event_hub::subscribe(http_stream stream, std::string_view last_id,
                          std::function<bool()> may_read) {
  const std::scoped_lock lock(outbox_);
  std::erase_if(readers_, [](const reader& r) { return r.stream.gone(); });
  if (readers_.size() >= limits_.readers_max)
    throw problem("busy", "too many others read the events");
  stream.put(beginning(last_id));
  readers_.push_back({std::move(stream), std::move(may_read)});
}

std::string event_hub::beginning(std::string_view last_id) const {
  const auto after = last_id.empty() ? last_ : known(last_id).value_or(0);
  std::string events;
  for (const auto& one : kept_)
    if (one.number > after)
      events += one.text;
  std::string text = "retry: 2000\n";
  if (events.empty()) // an id that no event has, for one that goes early
    text += fmt::format("id: {}.{}\n", process_, last_);
  return text + "\n" + events;
}

std::optional<std::uint64_t> event_hub::known(std::string_view last_id) const {
  if (!last_id.starts_with(process_ + "."))
    return std::nullopt;
  const auto number = parse_number(last_id.substr(process_.size() + 1));
  return number && *number <= last_ ? number : std::nullopt;
}

std::size_t event_hub::readers() const {
  const std::scoped_lock lock(outbox_);
  return readers_.size();
}

} // namespace chancery::apps
