// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_book.hpp"

#include <utility>

namespace chancery::apps {

namespace {

/// Connections beyond the limit that were told to close and still have to do
/// it: descriptors_left has room for them.
constexpr std::size_t still_closing_max = 64;

} // namespace

http_book::arrival http_book::enter(const std::string& address, bool loopback) {
  std::unique_lock lock(mutex_);
  ++counters_.accepted;
  left_.wait_for(lock, limits_.give_way,
                 [this] { return draining_ || leaving_ < still_closing_max; });
  arrival made;
  if (draining_)
    return made;
  if (!loopback) {
    const auto count = of_address_.find(address);
    if (count != of_address_.end() &&
        count->second >= limits_.connections_of_address_max) {
      ++counters_.closed["address_full"];
      return made;
    }
  }
  if (places_.size() >= limits_.connections_max) {
    if (leaving_ < still_closing_max)
      made.gives_way = pop_first_to_go();
    if (!made.gives_way) {
      ++counters_.closed["full"];
      return made;
    }
  }
  made.id = ++last_id_;
  auto& at = places_[made.id];
  if (!loopback) {
    at.address = address;
    ++of_address_[address];
  }
  return made;
}

void http_book::leave(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto found = places_.find(id);
  if (found == places_.end())
    return;
  auto& at = found->second;
  if (at.resting)
    at_rest_.erase(*at.resting);
  if (at.lingering)
    lingering_.erase(*at.lingering);
  end_work(at);
  if (at.leaving && --leaving_ < still_closing_max)
    left_.notify_one();
  if (const auto count = of_address_.find(at.address);
      count != of_address_.end() && --count->second == 0)
    of_address_.erase(count);
  places_.erase(found);
}

bool http_book::rest(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto found = places_.find(id);
  if (found == places_.end())
    return false;
  auto& at = found->second;
  end_work(at);
  if (draining_ || at.leaving)
    return false;
  if (at.resting)
    at_rest_.splice(at_rest_.end(), at_rest_, *at.resting);
  else
    at.resting = at_rest_.insert(at_rest_.end(), id);
  return true;
}

bool http_book::work(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto found = places_.find(id);
  if (found == places_.end())
    return false;
  auto& at = found->second;
  if (at.working)
    return true;
  if (!at.resting || draining_)
    return false;
  at_rest_.erase(*at.resting);
  at.resting.reset();
  at.working = true;
  ++working_;
  return true;
}

void http_book::linger(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto found = places_.find(id);
  if (found == places_.end())
    return;
  auto& at = found->second;
  end_work(at);
  if (!at.lingering && !at.leaving)
    at.lingering = lingering_.insert(lingering_.end(), id);
}

std::optional<std::uint64_t> http_book::give_way() {
  const std::scoped_lock lock(mutex_);
  return pop_first_to_go();
}

std::optional<std::uint64_t> http_book::pop_first_to_go() {
  const bool lingers = !lingering_.empty();
  auto& from = lingers ? lingering_ : at_rest_;
  if (from.empty())
    return std::nullopt;
  const auto id = from.front();
  from.pop_front();
  auto& at = places_.at(id);
  (lingers ? at.lingering : at.resting).reset();
  at.leaving = true;
  ++leaving_;
  ++counters_.closed[lingers ? "linger_gave_way" : "idle_gave_way"];
  return id;
}

void http_book::end_work(place& at) {
  if (!std::exchange(at.working, false))
    return;
  if (--working_ == 0)
    no_work_.notify_all();
}

bool http_book::reserve(std::uint64_t body_bytes) {
  const std::scoped_lock lock(mutex_);
  if (body_bytes > limits_.bodies_bytes_max - counters_.body_bytes)
    return false;
  counters_.body_bytes += body_bytes;
  return true;
}

void http_book::release(std::uint64_t body_bytes) {
  const std::scoped_lock lock(mutex_);
  counters_.body_bytes -= body_bytes;
}

bool http_book::reserve_answer(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  if (bytes > limits_.answers_bytes_max - counters_.answer_bytes)
    return false;
  counters_.answer_bytes += bytes;
  return true;
}

void http_book::release_answer(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  counters_.answer_bytes -= bytes;
}

bool http_book::begin_answer() {
  const std::scoped_lock lock(mutex_);
  if (counters_.under_way >= limits_.under_way_max)
    return false;
  ++counters_.under_way;
  return true;
}

void http_book::end_answer() {
  const std::scoped_lock lock(mutex_);
  --counters_.under_way;
}

void http_book::begin_stream() {
  const std::scoped_lock lock(mutex_);
  ++counters_.streams;
}

void http_book::end_stream() {
  const std::scoped_lock lock(mutex_);
  --counters_.streams;
}

void http_book::count_closed(const std::string& reason) {
  const std::scoped_lock lock(mutex_);
  ++counters_.closed[reason];
}

std::vector<std::uint64_t> http_book::begin_drain() {
  const std::scoped_lock lock(mutex_);
  draining_ = true;
  left_.notify_all();
  for (const auto id : at_rest_)
    places_.at(id).resting.reset();
  std::vector<std::uint64_t> idle(at_rest_.begin(), at_rest_.end());
  at_rest_.clear();
  return idle;
}

bool http_book::await_work(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return no_work_.wait_for(lock, patience, [this] { return working_ == 0; });
}

bool http_book::draining() const {
  const std::scoped_lock lock(mutex_);
  return draining_;
}

http_counters http_book::counters() const {
  const std::scoped_lock lock(mutex_);
  auto now = counters_;
  now.connections = places_.size();
  return now;
}

} // namespace chancery::apps
