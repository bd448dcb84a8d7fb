// SPDX-License-Identifier: Apache-2.0
#include "tests/constant_time/ephemerals.hpp"

#include "crypto/p256/kernel_memory.hpp"
#include "crypto/p256/point_table.hpp"
#include "tests/constant_time/kernels.hpp"

#include <valgrind/memcheck.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <span>

namespace chancery::constant_time {

namespace {

using namespace crypto::p256;

using scalars_of_a_block = std::array<words, ephemeral_products::count_max>;

[[noreturn]] void fail_products(const kernel& k, const char* what) {
  std::fprintf(stderr, "constant_time: %s, ephemeral keys: %s\n", k.name, what);
  std::exit(1);
}

/// The table of 3 G.
kernel_memory some_key_table(const kernel& k) {
  kernel_memory table(k.key_table_size);
  const auto point =
      odd_multiples(to_affine_point(base_x, base_y), 2, 1).back();
  k.make_key_table(
      odd_multiples(point, k.key_window_bits, k.key_windows).data(),
      table.get());
  return table;
}

ephemeral_products multiply(const kernel& k, const scalars_of_a_block& scalars,
                            const kernel_memory& table, int count) {
  ephemeral_products out;
  const kernel_memory scratch(k.multiplying_scratch_size);
  std::memset(scratch.get(), 0, k.multiplying_scratch_size);
  k.multiply({.count = count,
              .scalars = scalars.data(),
              .key_table = table.get(),
              .points = out.points.data(),
              .shared = out.shared.data(),
              .again = out.again.data()},
             scratch.get());
  if (VALGRIND_CHECK_MEM_IS_DEFINED(scratch.get(),
                                    k.multiplying_scratch_size) != 0)
    fail_products(k, "data that depends on a scalar is left");
  return out;
}

/// Whether each byte of these depends on a scalar.
template <std::size_t Size>
bool is_marked(const std::array<unsigned char, Size>& all, std::size_t size) {
  std::array<unsigned char, Size> bits{};
  if (VALGRIND_GET_VBITS(all.data(), bits.data(), size) != 1)
    return false;
  for (std::size_t i = 0; i < size; ++i)
    if (bits[i] == 0)
      return false;
  return true;
}

ephemeral_products try_products(const kernel& k, scalars_of_a_block scalars,
                                const kernel_memory& table, int count) {
  const auto expected = multiply(k, scalars, table, count);
  (void)VALGRIND_MAKE_MEM_UNDEFINED(scalars.data(), sizeof scalars);
  auto found = multiply(k, scalars, table, count);
  const auto places = static_cast<std::size_t>(count);
  if (!is_marked(found.points, 64 * places) ||
      !is_marked(found.shared, 32 * places))
    fail_products(k, "the scalars did not reach every byte");
  // `again` keeps its marks: the kernel must have declassified it.
  (void)VALGRIND_MAKE_MEM_DEFINED(found.points.data(), found.points.size());
  (void)VALGRIND_MAKE_MEM_DEFINED(found.shared.data(), found.shared.size());
  if (found != expected)
    fail_products(k, "the products differ from those of defined scalars");
  return found;
}

} // namespace

std::vector<ephemeral_products> try_ephemerals(const kernel& k) {
  const auto table = some_key_table(k);
  std::mt19937_64 random(4);
  scalars_of_a_block any;
  for (auto& each : any)
    each = {{random(), random(), random(), random() >> 1}};
  auto special = any;
  special[0] = {{1}};
  special[1] = group_order;
  special[1].w[0] -= 1;
  auto unusable = special;
  unusable[2] = {};
  unusable[4] = met_with_five_bits;
  unusable[5] = met_with_seven_bits;
  unusable[9] = group_order;
  std::vector<ephemeral_products> usable;
  for (const int count : {1, 3, 17})
    for (const auto& scalars : {any, special})
      usable.push_back(try_products(k, scalars, table, count));
  for (const auto& out : usable)
    if (out.again != ephemeral_products{}.again)
      fail_products(k, "a usable scalar was rejected");
  const auto again = try_products(k, unusable, table, 17).again;
  if (!again[2] || !again[4] || !again[9] || again[3] || again[16])
    fail_products(k, "an unusable scalar was accepted or a usable one not");
  std::printf("%s: %zu blocks of ephemeral keys\n", k.name, usable.size() + 1);
  return usable;
}

} // namespace chancery::constant_time
