// SPDX-License-Identifier: Apache-2.0
#include "crypto/p256/kernel_choice.hpp"

#include "crypto/p256/kernel_memory.hpp"
#include "crypto/p256/point_table.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace chancery::crypto::p256 {

namespace {

struct known_answer {
  words digest, r, s;
};

// RFC 6979 A.2.5, "With SHA-256": message = "sample", then "test".
constexpr words known_key{{0x7b8a622b120f6721, 0x4e50c3db36e89b12,
                           0x6b5c215767b1d693, 0xc9afa9d845ba7516}};
constexpr known_answer known_answers[]{
    {{{0x62113d8a62add1bf, 0x1a831d0268e98915, 0xe2ade1d694f41fc7,
       0xaf2bdbe1aa9b6ec1}},
     {{0xc34d0ea84eaf3716, 0x9d2c877b56aaf991, 0x1140dd9cd45e81d6,
       0xefd48b2aacb6a8fd}},
     {{0x4dc4ab2f843acda8, 0xf3e900dbb9aff406, 0xd436c7a1b6e29f65,
       0xf7cb1c942d657c41}}},
    {{{0xd15d6c15b0f00a08, 0xa3bf4f1b2b0b822c, 0x9a2feaa0c55ad015,
       0x9f86d081884c7d65}},
     {{0x4f28d3b0b7d38367, 0xed3efcf6c5132b35, 0x71d881567b1ea663,
       0xf1abb023518351cd}},
     {{0x0cc84250e46f0083, 0x5f267e60d3814b4c, 0xbd25926b49c64915,
       0x019f4113742a2b14}}}};

/// More than the lanes of any machine, and not a multiple of their number.
constexpr int tried = 19;

bool gives_known_answers(const kernel& k) {
  std::array<words, tried> keys, digests;
  std::array<unsigned char, 64 * tried> expected, signatures{};
  for (int i = 0; i < tried; ++i) {
    const auto& answer = known_answers[i % 2];
    const auto at = static_cast<std::size_t>(i);
    keys[at] = known_key;
    digests[at] = answer.digest;
    to_bytes(answer.r, &expected[64 * at]);
    to_bytes(answer.s, &expected[64 * at + 32]);
  }
  std::array<bool, tried> again{};
  const kernel_memory scratch(k.scratch_size);
  k.sign({.count = tried,
          .keys = keys.data(),
          .digests = digests.data(),
          .nonces = nullptr,
          .extra = nullptr,
          .first = 0,
          .attempt = 0,
          .signatures = signatures.data(),
          .again = again.data()},
         scratch.get());
  return signatures == expected &&
         std::ranges::none_of(again, [](bool a) { return a; });
}

std::vector<const kernel*> find_kernels() {
  std::vector<const kernel*> found;
#ifdef CHANCERY_P256_IFMA
  if (__builtin_cpu_supports("avx512ifma") &&
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("bmi2"))
    found.push_back(&ifma_kernel());
#endif
  found.push_back(&portable_kernel());
  return found;
}

} // namespace

bool prepare_and_test(const kernel& k) {
  k.prepare(
      odd_multiples(to_affine_point(base_x, base_y), k.window_bits, k.windows)
          .data());
  return gives_known_answers(k);
}

std::span<const kernel* const> kernels_of_this_processor() {
  static const auto kernels = find_kernels();
  return kernels;
}

std::span<const kernel* const> usable_kernels() {
  static const auto usable = [] {
    std::vector<const kernel*> passed;
    for (const auto* k : kernels_of_this_processor())
      if (prepare_and_test(*k))
        passed.push_back(k);
    return passed;
  }();
  return usable;
}

} // namespace chancery::crypto::p256
