// SPDX-License-Identifier: Apache-2.0

// Tests whether the running time of the kernels of crypto/p256 depends on keys,
// nonces, or the points that a key agrees with. Blocks of two classes, mixed at
// random, are timed one by one, and timing_samples.hpp compares the classes.
// Some controls add a step that leaks to the kernel, which must be found;
// another compares random with random, which shows the effect of chance.
// README.md explains the figures.

#include "benchmarks/timing_samples.hpp"
#include "crypto/p256/kernel_choice.hpp"
#include "crypto/p256/kernel_memory.hpp"
#include "crypto/p256/point_table.hpp"
#include "crypto/p256/portable_field.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <random>
#include <span>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace {

using namespace chancery::benchmarks;
using namespace chancery::crypto::p256;

/// Digests or points of a timed block. Few, so that little hides a difference;
/// the AVX-512 kernel gets two full registers.
constexpr int block_max = 16;
constexpr int portable_block = 4;

/// Blocks that are prepared at a time, before they are timed.
constexpr std::size_t prepared_blocks = 1'024;

struct settings {
  std::size_t measurements = 60'000;
  std::uint64_t seed = 1;
  bool json = false;
};

struct material {
  words key, nonce, digest;
  word point; ///< index among some_points()
};

using block = std::array<material, block_max>;

/// Runs after the kernel's call, within the timed section.
using added_step = void (*)(const material& m, words& result);

enum class job { sign, sign_with_nonces, agree };

struct comparison {
  const char* name;
  material (*first)(const material& random);
  job what; ///< an agreement uses the first key of the block for all points
  added_step step;
  bool leaks;
};

constexpr words some_key{
    {0x6b5c2157, 0x67b1d693c9afa9d8, 0x45ba75167b8a622b, 0x120f672150c3db36}};
constexpr words some_nonce{{0x8a3f2d9d3b1c6f4e, 0x1f5e9c7d2b4a6083,
                            0x77aa35d10c9e42b6, 0x3d5f8e1b9a7c2640}};
constexpr words some_digest{{0xe9d1de3a4f7b2c58, 0x5c1a7f9e3d2b4860,
                             0x90ab34cd12ef5678, 0x2468ace013579bdf}};

// Each is called for the random class, too, where the result is not used.
material same(const material& random) { return random; }
material fixed(const material&) {
  return {some_key, some_nonce, some_digest, 5};
}
material fixed_key(const material& random) {
  return {some_key, random.nonce, random.digest, random.point};
}
material nonce_of_1(const material& random) {
  return {random.key, {{1, 0, 0, 0}}, random.digest, random.point};
}
material key_of_one_bit(const material& random) {
  return {{{0, 0, 1, 0}}, random.nonce, random.digest, random.point};
}
material base_point(const material& random) {
  return {random.key, random.nonce, random.digest, 0};
}
material even_key(const material& random) {
  auto m = random;
  m.key.w[0] &= ~word{1};
  return m;
}

void no_step(const material&, words&) {}

/// One product if the key is odd.
void product_if_odd(const material& m, words& result) {
  if (m.key.w[0] % 2 == 1) {
    result = multiply<order_n>(result, m.digest);
    asm volatile("");
  }
}

/// One product for each bit that is set in the nonce's lowest word.
void product_for_each_bit(const material& m, words& result) {
  for (word left = m.nonce.w[0]; left != 0; left &= left - 1)
    result = multiply<order_n>(result, m.digest);
}

constexpr comparison comparisons[] = {
    {"fixed key, nonce and digest", fixed, job::sign_with_nonces, no_step,
     false},
    {"fixed key and digest, RFC 6979", fixed, job::sign, no_step, false},
    {"nonce 1", nonce_of_1, job::sign_with_nonces, no_step, false},
    {"key of a single bit", key_of_one_bit, job::sign_with_nonces, no_step,
     false},
    {"control: random as well", same, job::sign_with_nonces, no_step, false},
    {"control: a product if the key is odd", even_key, job::sign_with_nonces,
     product_if_odd, true},
    {"control: a product for each bit", nonce_of_1, job::sign_with_nonces,
     product_for_each_bit, true},
    {"agreement: fixed key", fixed_key, job::agree, no_step, false},
    {"agreement: key of a single bit", key_of_one_bit, job::agree, no_step,
     false},
    {"agreement: the base point", base_point, job::agree, no_step, false},
    {"agreement, control: random as well", same, job::agree, no_step, false},
    {"agreement, control: if the key is odd", even_key, job::agree,
     product_if_odd, true},
};

/// Small and large odd multiples of the base point.
std::vector<affine_point> some_points() {
  auto points = odd_multiples(to_affine_point(base_x, base_y), 6, 2);
  for (auto& point : points)
    point = {multiply<field_p>(point.x, {{1, 0, 0, 0}}),
             multiply<field_p>(point.y, {{1, 0, 0, 0}})};
  return points;
}

#if defined(__x86_64__)
constexpr const char* unit = "ticks";
std::uint64_t now() {
  _mm_lfence();
  const std::uint64_t t = __rdtsc();
  _mm_lfence();
  return t;
}
#else
constexpr const char* unit = "ns";
std::uint64_t now() {
  return static_cast<std::uint64_t>(
      std::chrono::steady_clock::now().time_since_epoch().count());
}
#endif

class stopwatch {
 public:
  stopwatch(const kernel& k, const comparison& c, std::uint64_t seed)
      : kernel_(k), comparison_(c), random_(seed),
        scratch_(std::max(k.scratch_size, k.agreeing_scratch_size)),
        count_(k.lanes > 1 ? block_max : portable_block),
        blocks_(prepared_blocks), second_(prepared_blocks) {}

  std::vector<timing_sample> run(std::size_t measurements) {
    std::vector<timing_sample> samples;
    prepare();
    for (std::size_t i = 0; i < prepared_blocks / 8; ++i)
      (void)time(i); // warms the processor up
    while (samples.size() < measurements) {
      prepare();
      for (std::size_t i = 0; i < prepared_blocks; ++i)
        samples.push_back({second_[i] != 0, time(i)});
    }
    return samples;
  }

 private:
  words random_scalar() {
    return {{random_(), random_(), random_(), random_() >> 1}};
  }

  /// Both classes are made by the same instructions; a mask selects one.
  void prepare() {
    for (std::size_t i = 0; i < prepared_blocks; ++i) {
      second_[i] = random_() >> 63;
      const word mask = mask_of(second_[i]);
      for (auto& m : blocks_[i]) {
        const material random{random_scalar(), random_scalar(), random_scalar(),
                              random_() % points_.size()};
        const auto special = comparison_.first(random);
        m = {select(mask, random.key, special.key),
             select(mask, random.nonce, special.nonce),
             select(mask, random.digest, special.digest),
             (random.point & mask) | (special.point & ~mask)};
      }
    }
  }

  /// Inputs and outputs have the same addresses for all blocks.
  std::uint64_t time(std::size_t block) {
    block_ = blocks_[block];
    for (std::size_t i = 0; i < block_max; ++i) {
      keys_[i] = block_[i].key;
      nonces_[i] = block_[i].nonce;
      digests_[i] = block_[i].digest;
      x_[i] = points_[block_[i].point].x;
      y_[i] = points_[block_[i].point].y;
    }
    words result = some_nonce;
    const auto begin = now();
    if (comparison_.what == job::agree)
      agree();
    else
      sign();
    for (int i = 0; i < count_; ++i)
      comparison_.step(block_[static_cast<std::size_t>(i)], result);
    asm volatile("" : : "r"(&result) : "memory");
    return now() - begin;
  }

  void sign() {
    const bool given = comparison_.what == job::sign_with_nonces;
    kernel_.sign({.count = count_,
                  .keys = keys_.data(),
                  .digests = digests_.data(),
                  .nonces = given ? nonces_.data() : nullptr,
                  .extra = nullptr,
                  .first = 0,
                  .attempt = 0,
                  .signatures = signatures_.data(),
                  .again = flags_.data()},
                 scratch_.get());
  }

  void agree() {
    kernel_.agree({.count = count_,
                   .scalar = keys_.data(),
                   .x = x_.data(),
                   .y = y_.data(),
                   .on_curve = flags_.data(),
                   .shared = signatures_.data()},
                  scratch_.get());
  }

  const kernel& kernel_;
  const comparison& comparison_;
  const std::vector<affine_point> points_ = some_points();
  std::mt19937_64 random_;
  kernel_memory scratch_;
  int count_;
  std::vector<block> blocks_;
  std::vector<word> second_;
  block block_;
  std::array<words, block_max> keys_, nonces_, digests_, x_, y_;
  std::array<unsigned char, 64 * block_max> signatures_;
  std::array<bool, block_max> flags_;
};

/// The paper's thresholds: |t| > 4.5 is beyond chance for one test, > 10 for
/// many.
const char* says(const comparison& c, double t) {
  if (c.leaks)
    return t > 10 ? "found, as it should" : "NOT FOUND";
  return t > 10 ? "differs" : t > 4.5 ? "look again" : "none seen";
}

nlohmann::ordered_json measure(const settings& s) {
  nlohmann::ordered_json found{{"measurements", s.measurements},
                               {"unit", unit},
                               {"comparisons", nlohmann::json::array()}};
  for (const auto* k : usable_kernels())
    for (const auto& c : comparisons) {
      fmt::print(stderr, "{}: {}\n", k->name, c.name);
      const auto v = judge(stopwatch(*k, c, s.seed).run(s.measurements));
      found["comparisons"].push_back({{"kernel", k->name},
                                      {"first_class", c.name},
                                      {"block", v.typical},
                                      {"difference", v.difference},
                                      {"t_all", v.all_t},
                                      {"t", v.t},
                                      {"verdict", says(c, v.t)}});
    }
  return found;
}

void print_table(const nlohmann::ordered_json& found) {
  fmt::print("{} blocks per comparison, half of them random; unit: {}\n",
             found.at("measurements").get<std::size_t>(),
             found.at("unit").get<std::string>());
  fmt::print("{:<13}{:<39}{:>7}{:>11}{:>8}{:>8}  {}\n", "kernel",
             "random against", "block", "difference", "all |t|", "max |t|",
             "verdict");
  for (const auto& c : found.at("comparisons")) {
    const auto number = [&](const char* name) {
      return c.at(name).get<double>();
    };
    fmt::print("{:<13}{:<39}{:>7.0f}{:>11.0f}{:>8.1f}{:>8.1f}  {}\n",
               c.at("kernel").get<std::string>(),
               c.at("first_class").get<std::string>(), number("block"),
               number("difference"), number("t_all"), number("t"),
               c.at("verdict").get<std::string>());
  }
}

void add_options(CLI::App& app, settings& s) {
  app.add_option("--measurements", s.measurements,
                 "Blocks timed per comparison")
      ->check(CLI::Range(std::size_t{2'000}, std::size_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--seed", s.seed, "Seed of keys, nonces and class order")
      ->capture_default_str();
  app.add_flag("--json", s.json, "Print JSON instead of the table");
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Looks for timing differences between secrets");
  settings s;
  add_options(app, s);
  CLI11_PARSE(app, argc, argv);
  try {
    const auto found = measure(s);
    if (s.json)
      fmt::print("{}\n", found.dump(2));
    else
      print_table(found);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "timing_benchmark: {}\n", e.what());
    return 1;
  }
}
