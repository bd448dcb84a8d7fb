// SPDX-License-Identifier: Apache-2.0
#pragma once

// Aligned memory for a kernel's scratch or the table of a key. Belongs to one
// thread at a time.

#include <cstddef>
#include <memory>
#include <new>

namespace chancery::crypto::p256 {

class kernel_memory {
 public:
  explicit kernel_memory(std::size_t size)
      : memory_(::operator new(size, alignment)) {}

  void* get() const noexcept { return memory_.get(); }

 private:
  static constexpr std::align_val_t alignment{64};

  struct release {
    void operator()(void* p) const noexcept { ::operator delete(p, alignment); }
  };

  std::unique_ptr<void, release> memory_;
};

} // namespace chancery::crypto::p256
