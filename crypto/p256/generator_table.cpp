// SPDX-License-Identifier: Apache-2.0
#include "crypto/p256/generator_table.hpp"

#include "crypto/p256/portable_field.hpp"

#include <cstddef>

namespace chancery::crypto::p256 {

namespace {

words times(const words& a, const words& b) { return multiply<field_p>(a, b); }
words plus(const words& a, const words& b) { return add_mod<field_p>(a, b); }
words minus(const words& a, const words& b) {
  return subtract_mod<field_p>(a, b);
}

/// In and out in Montgomery form: (a R)^-1 R^2 = a^-1 R.
words inverse(const words& a) {
  return times(invert<field_p>(a), power_of_two<field_p>(3 * 256));
}

words to_montgomery(const words& a) {
  return times(a, power_of_two<field_p>(2 * 256));
}

affine_point on_line(const affine_point& a, const affine_point& b,
                     const words& slope) {
  const auto x = minus(minus(times(slope, slope), a.x), b.x);
  return {x, minus(times(slope, minus(a.x, x)), a.y)};
}

affine_point doubled(const affine_point& a) {
  const auto square = times(a.x, a.x);
  // 3 x^2 - 3, as the curve's a is -3.
  const auto less = minus(square, power_of_two<field_p>(256));
  const auto slope =
      times(plus(plus(less, less), less), inverse(plus(a.y, a.y)));
  return on_line(a, a, slope);
}

/// sums[i] += steps[i], with one inversion for all of them.
void add_each(std::vector<affine_point>& sums,
              const std::vector<affine_point>& steps) {
  std::vector<words> before;
  auto product = power_of_two<field_p>(256);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    before.push_back(product);
    product = times(product, minus(steps[i].x, sums[i].x));
  }
  product = inverse(product);
  for (auto i = sums.size(); i-- > 0;) {
    const auto slope =
        times(times(product, before[i]), minus(steps[i].y, sums[i].y));
    product = times(product, minus(steps[i].x, sums[i].x));
    sums[i] = on_line(sums[i], steps[i], slope);
  }
}

} // namespace

std::vector<affine_point> generator_table(int window_bits, int windows) {
  std::vector<affine_point> now, twice;
  affine_point base{to_montgomery(base_x), to_montgomery(base_y)};
  for (int w = 0; w < windows; ++w) {
    now.push_back(base);
    for (int bit = 0; bit < window_bits; ++bit) {
      base = doubled(base);
      if (bit == 0)
        twice.push_back(base);
    }
  }
  const auto entries = std::size_t{1} << (window_bits - 1);
  std::vector<affine_point> table(now.size() * entries);
  for (std::size_t e = 0; e < entries; ++e) {
    for (std::size_t w = 0; w < now.size(); ++w)
      table[w * entries + e] = now[w];
    if (e + 1 < entries)
      add_each(now, twice);
  }
  return table;
}

} // namespace chancery::crypto::p256
