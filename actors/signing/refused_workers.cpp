// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/refused_workers.hpp"

#include <algorithm>
#include <utility>

namespace chancery::actors {

namespace {

auto refusal_of(const std::vector<refused_worker>& refused,
                const std::string& name) {
  return std::ranges::find(refused, name, &refused_worker::name);
}

} // namespace

void refused_workers::refuse(const std::string& name, const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (refusal_of(refused_, name) != refused_.end())
    return;
  refused_.push_back({name, why});
  for (const auto& [number, entry] : watchers_)
    if (entry.name == name)
      entry.told(why);
}

std::optional<std::string> refused_workers::why(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto i = refusal_of(refused_, name);
  return i == refused_.end() ? std::nullopt : std::optional(i->why);
}

std::vector<refused_worker> refused_workers::list() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

std::uint64_t refused_workers::watch(const std::string& name, watcher told) {
  const std::lock_guard lock(mutex_);
  watchers_.emplace(++last_watch_, watch_entry{name, std::move(told)});
  return last_watch_;
}

void refused_workers::unwatch(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  watchers_.erase(number);
}

} // namespace chancery::actors
