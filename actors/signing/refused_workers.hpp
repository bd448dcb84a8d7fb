// SPDX-License-Identifier: Apache-2.0
#pragma once

// The workers that are refused for the rest of a run, by the names in their
// certificates: each has handed in a wrong signature. Any thread may call it;
// watchers are called on the thread that refuses.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

struct refused_worker {
  std::string name;
  std::string why; ///< a sentence
};

class refused_workers {
 public:
  using watcher = std::function<void(const std::string& why)>;

  /// Calls this worker's watchers. Only the first refusal of a name counts.
  void refuse(const std::string& name, const std::string& why);

  std::optional<std::string> why(const std::string& name) const;
  /// In the order of refusing.
  std::vector<refused_worker> list() const;

  /// `told` is called once when the worker is refused from now on; it must not
  /// call this object. Returns a number for unwatch.
  std::uint64_t watch(const std::string& name, watcher told);
  void unwatch(std::uint64_t number);

 private:
  struct watch_entry {
    std::string name;
    watcher told;
  };

  mutable std::mutex mutex_;
  std::vector<refused_worker> refused_;
  std::uint64_t last_watch_ = 0;
  std::map<std::uint64_t, watch_entry> watchers_;
};

} // namespace chancery::actors
