// SPDX-License-Identifier: Apache-2.0
// libFuzzer target that compares json_object with parse_strict_json: they must
// accept the same texts with the same values, and refuse the others with the
// same error text.
#include "tests/crypto/json_comparison.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto difference =
      chancery::crypto::test::json_difference_anywhere(text);
  if (!difference.empty()) {
    std::fprintf(stderr, "%s\n", difference.c_str());
    std::abort();
  }
  return 0;
}
