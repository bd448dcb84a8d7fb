// SPDX-License-Identifier: Apache-2.0
#pragma once

// Memory that is overwritten before it is freed, for text and buffers that hold
// secrets on their way between a file and a key. A secret_string stores up to
// 15 characters inside the object and does not wipe those: use it for longer
// secrets only. Pure functions; any thread may call them.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace chancery::crypto {

/// Overwrites the memory; the compiler cannot optimize this away.
void wipe(std::span<std::byte> memory) noexcept;
void wipe(std::string& text) noexcept;

/// std::allocator that wipes memory before it frees it.
template <class T>
struct wiping_allocator {
  using value_type = T;

  wiping_allocator() = default;
  template <class U>
  wiping_allocator(const wiping_allocator<U>&) noexcept {}

  T* allocate(std::size_t n) { return std::allocator<T>{}.allocate(n); }

  void deallocate(T* p, std::size_t n) noexcept {
    wipe(std::as_writable_bytes(
        std::span(reinterpret_cast<char*>(p), n * sizeof(T))));
    std::allocator<T>{}.deallocate(p, n);
  }

  template <class U>
  bool operator==(const wiping_allocator<U>&) const noexcept {
    return true;
  }
};

using secret_string =
    std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;
using secret_bytes = std::vector<std::byte, wiping_allocator<std::byte>>;

} // namespace chancery::crypto
