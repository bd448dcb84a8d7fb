// SPDX-License-Identifier: Apache-2.0
#include "tests/constant_time/agreements.hpp"

#include "crypto/p256/kernel_memory.hpp"
#include "crypto/p256/point_table.hpp"
#include "crypto/p256/portable_field.hpp"

#include <valgrind/memcheck.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

namespace chancery::constant_time {

namespace {

using namespace crypto::p256;

constexpr std::size_t most_points = 17;

struct public_points {
  std::array<words, most_points> x, y;
};

[[noreturn]] void fail_agreement(const kernel& k, const char* what) {
  std::fprintf(stderr, "constant_time: %s, an agreement: %s\n", k.name, what);
  std::exit(1);
}

/// Odd multiples of the base point, but one that is not on the curve.
public_points some_points() {
  public_points points;
  const auto multiples = odd_multiples(to_affine_point(base_x, base_y), 6, 1);
  for (std::size_t i = 0; i < most_points; ++i) {
    points.x[i] = multiply<field_p>(multiples[i].x, {{1, 0, 0, 0}});
    points.y[i] = multiply<field_p>(multiples[i].y, {{1, 0, 0, 0}});
  }
  points.x[2].w[0] ^= 1;
  return points;
}

struct agreed {
  shared_secrets shared{};
  std::array<bool, most_points> on_curve{};
  bool done = false;

  bool operator==(const agreed&) const = default;
};

agreed agree(const kernel& k, const words& scalar, const public_points& points,
             int count) {
  agreed out;
  const kernel_memory scratch(k.agreeing_scratch_size);
  std::memset(scratch.get(), 0, k.agreeing_scratch_size);
  out.done = k.agree({.count = count,
                      .scalar = &scalar,
                      .x = points.x.data(),
                      .y = points.y.data(),
                      .on_curve = out.on_curve.data(),
                      .shared = out.shared.data()},
                     scratch.get());
  if (VALGRIND_CHECK_MEM_IS_DEFINED(scratch.get(), k.agreeing_scratch_size) !=
      0)
    fail_agreement(k, "data that depends on the scalar is left");
  return out;
}

/// Whether each byte of a shared secret depends on the scalar.
bool is_undefined(const agreed& out, int count) {
  for (int i = 0; i < count; ++i) {
    std::array<unsigned char, 32> bits{};
    if (VALGRIND_GET_VBITS(out.shared.data() + 32 * i, bits.data(), 32) != 1)
      return false;
    for (const auto each : bits)
      if (out.on_curve[static_cast<std::size_t>(i)] && each == 0)
        return false;
  }
  return true;
}

shared_secrets try_scalar(const kernel& k, words scalar,
                          const public_points& points, int count) {
  const auto expected = agree(k, scalar, points, count);
  (void)VALGRIND_MAKE_MEM_UNDEFINED(&scalar, sizeof scalar);
  auto found = agree(k, scalar, points, count);
  if (found.done && !is_undefined(found, count))
    fail_agreement(k, "the scalar did not reach every byte");
  (void)VALGRIND_MAKE_MEM_DEFINED(found.shared.data(), found.shared.size());
  if (found != expected)
    fail_agreement(k, "it differs from that of a defined scalar");
  return found.shared;
}

} // namespace

std::vector<shared_secrets> try_agreements(const kernel& k) {
  const auto points = some_points();
  std::mt19937_64 random(3);
  const words any{{random(), random(), random(), random() >> 1}};
  words last = group_order;
  last.w[0] -= 1;
  // The sums give up 2.
  const std::array<words, 5> scalars{any, words{{1}}, words{{2}}, words{{30}},
                                     last};
  std::vector<shared_secrets> all;
  for (const auto& scalar : scalars)
    all.push_back(try_scalar(k, scalar, points, 3));
  all.push_back(try_scalar(k, any, points, static_cast<int>(most_points)));
  std::printf("%s: %zu blocks of agreements\n", k.name, all.size());
  return all;
}

} // namespace chancery::constant_time
