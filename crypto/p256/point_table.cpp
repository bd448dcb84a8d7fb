// SPDX-License-Identifier: Apache-2.0
#include "crypto/p256/point_table.hpp"

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

/// x = X / Z^2, y = Y / Z^3.
struct jacobian_point {
  words x, y, z;
};

/// D. Bernstein's formulas for a = -3 (2001).
jacobian_point doubled(const jacobian_point& p) {
  const auto twice = [](const words& a) { return plus(a, a); };
  const auto delta = times(p.z, p.z), gamma = times(p.y, p.y);
  const auto beta = times(p.x, gamma);
  const auto product = times(minus(p.x, delta), plus(p.x, delta));
  const auto alpha = plus(twice(product), product);
  const auto beta4 = twice(twice(beta));
  const auto x = minus(times(alpha, alpha), twice(beta4));
  const auto sum = plus(p.y, p.z);
  const auto z = minus(minus(times(sum, sum), gamma), delta);
  const auto gamma8 = twice(twice(twice(times(gamma, gamma))));
  return {x, minus(times(alpha, minus(beta4, x)), gamma8), z};
}

/// With one inversion for all.
std::vector<affine_point> to_affine(const std::vector<jacobian_point>& points) {
  std::vector<words> before;
  auto product = power_of_two<field_p>(256);
  for (const auto& p : points) {
    before.push_back(product);
    product = times(product, p.z);
  }
  product = inverse(product);
  std::vector<affine_point> all(points.size());
  for (auto i = points.size(); i-- > 0;) {
    const auto over = times(product, before[i]);
    product = times(product, points[i].z);
    const auto square = times(over, over);
    all[i] = {times(points[i].x, square),
              times(points[i].y, times(square, over))};
  }
  return all;
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

std::vector<affine_point> odd_multiples(const affine_point& p, int window_bits,
                                        int windows) {
  // For each window i, 2^(w i) P and its double.
  std::vector<jacobian_point> firsts, doubles;
  jacobian_point at{p.x, p.y, power_of_two<field_p>(256)};
  for (int w = 0; w < windows; ++w) {
    firsts.push_back(at);
    at = doubled(at);
    doubles.push_back(at);
    for (int bit = 1; bit < window_bits; ++bit)
      at = doubled(at);
  }
  auto now = to_affine(firsts);
  const auto steps = to_affine(doubles);
  const auto entries = std::size_t{1} << (window_bits - 1);
  std::vector<affine_point> table(now.size() * entries);
  for (std::size_t e = 0; e < entries; ++e) {
    for (std::size_t w = 0; w < now.size(); ++w)
      table[w * entries + e] = now[w];
    if (e + 1 < entries)
      add_each(now, steps);
  }
  return table;
}

affine_point to_affine_point(const words& x, const words& y) {
  return {to_montgomery(x), to_montgomery(y)};
}

affine_point affine_point_from(const unsigned char* point) {
  return to_affine_point(from_bytes(point), from_bytes(point + 32));
}

} // namespace chancery::crypto::p256
