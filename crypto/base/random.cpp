// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace chancery::crypto {

namespace {

void fill_from_kernel(std::span<std::byte> out) {
  while (!out.empty()) {
    const auto n = ::getrandom(out.data(), out.size(), 0);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      throw std::system_error(errno, std::generic_category(),
                              "the operating system returned no random bytes");
    out = out.subspan(static_cast<std::size_t>(n));
  }
}

} // namespace

random_source system_random() { return fill_from_kernel; }

random_id make_random_id(const random_source& random) {
  random_id id;
  random(std::as_writable_bytes(std::span(id)));
  return id;
}

} // namespace chancery::crypto
