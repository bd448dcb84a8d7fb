// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes a tar archive, piece by piece, to a function: POSIX ustar, with pax
// headers for what does not fit (libarchive's "restricted pax"). All files have
// mode 0644 and belong to user 0. Keeps no content. Throws std::runtime_error,
// and what the function threw. One thread.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct archive;

namespace chancery::apps {

class tar_stream {
 public:
  explicit tar_stream(std::function<void(std::string_view)> out);
  tar_stream(const tar_stream&) = delete;
  tar_stream& operator=(const tar_stream&) = delete;
  ~tar_stream();

  /// Begins a file; exactly `size` bytes of it follow. The time is in ms since
  /// 1970, of which the archive keeps the seconds.
  void begin(const std::string& name, std::uint64_t size,
             std::uint64_t time_ms);
  void data(std::string_view bytes);

  /// Ends the archive. Without it, what came out is no whole one.
  void finish();

 private:
  struct sink {
    std::function<void(std::string_view)> out;
    std::exception_ptr error{}; ///< of `out`, which was called by C code
  };
  static std::ptrdiff_t pass_on(::archive*, void* to, const void* bytes,
                                std::size_t size);
  void check(std::ptrdiff_t result);

  std::unique_ptr<sink> sink_;
  std::unique_ptr<::archive, int (*)(::archive*)> archive_;
};

} // namespace chancery::apps
