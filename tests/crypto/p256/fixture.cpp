// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

namespace chancery::crypto::p256::test {

const Botan::EC_Group& group() {
  static const Botan::EC_Group g("secp256r1");
  return g;
}

Botan::PointGFp multiple(const Botan::BigInt& k) {
  return group().get_base_point() * k;
}

std::vector<words> awkward_values() {
  std::vector<words> values;
  const auto limit = Botan::BigInt::power_of_2(256);
  const auto around = [&](const Botan::BigInt& center) {
    for (int i = -2; i <= 2; ++i) {
      const auto value = center + i;
      if (!value.is_negative() && value < limit)
        values.push_back(small(value));
    }
  };
  around(0);
  around(prime());
  around(order());
  around(prime() / 2);
  around(order() / 2);
  around(limit);
  for (const std::size_t bit :
       {44, 52, 64, 96, 104, 128, 156, 192, 208, 224, 252, 255})
    around(Botan::BigInt::power_of_2(bit));
  // Alternating full and empty limbs of 52 and of 64 bits.
  for (const std::size_t width : {52, 64})
    for (std::size_t first : {std::size_t{0}, width}) {
      Botan::BigInt value;
      for (auto at = first; at < 256; at += 2 * width)
        value +=
            (Botan::BigInt::power_of_2(std::min<std::size_t>(width, 256 - at)) -
             1)
            << at;
      values.push_back(small(value));
    }
  return values;
}

// k = n + 2 low, low = 2^m - n (mod 2^(m + 1)).
Botan::BigInt scalar_whose_halves_meet(int window_bits) {
  const auto m = 32 * static_cast<std::size_t>(window_bits);
  const auto half = Botan::BigInt::power_of_2(m), whole = half * 2;
  auto low = (half + whole * (order() / whole + 1) - order()) % whole;
  if (low < half)
    return 0; // k would be above n
  low = whole - low;
  return order() - low * 2;
}

std::vector<const probe*> probes() {
  std::vector<const probe*> found;
#ifdef CHANCERY_P256_IFMA
  if (kernels_of_this_processor().size() > 1)
    found.push_back(&ifma_probe());
#endif
  found.push_back(&portable_probe());
  return found;
}

} // namespace chancery::crypto::p256::test
