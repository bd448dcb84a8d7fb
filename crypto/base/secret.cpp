// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/secret.hpp"

#include <botan/mem_ops.h>

namespace chancery::crypto {

void wipe(std::span<std::byte> memory) noexcept {
  if (!memory.empty())
    Botan::secure_scrub_memory(memory.data(), memory.size());
}

void wipe(std::string& text) noexcept {
  wipe(std::as_writable_bytes(std::span(text)));
  text.clear();
}

} // namespace chancery::crypto
