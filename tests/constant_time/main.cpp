// SPDX-License-Identifier: Apache-2.0

// Signs with secrets that are marked as undefined, so that valgrind reports
// each branch and each address that depends on one: the method of A. Langley's
// ctgrind (2010). Then compares the signatures with those of a run on defined
// secrets. Keys, nonces (given or derived) and the random words that nonces are
// derived with are secret; digests are not. Then the same for key agreements,
// where the scalar is secret and the points are not, and for ephemeral keys,
// whose scalars are secret.
//
//   constant_time_test            the kernels of crypto/p256
//   constant_time_test branch     one with a branch on a secret, and
//   constant_time_test look_up    one with a look-up by a secret, and
//   constant_time_test choice     an agreement with a branch on a secret, and
//   constant_time_test product    an ephemeral key's product with a look-up by
//                                 a secret, which valgrind must report

#include "crypto/p256/kernel_memory.hpp"
#include "tests/constant_time/agreements.hpp"
#include "tests/constant_time/ephemerals.hpp"
#include "tests/constant_time/kernels.hpp"

#include <valgrind/memcheck.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string_view>
#include <vector>

namespace {

using namespace chancery::constant_time;
using namespace chancery::crypto::p256;

constexpr std::size_t count_max = 17;

enum class way { hedged, deterministic, second_nonce, injected, unusable };
constexpr way ways[] = {way::hedged, way::deterministic, way::second_nonce,
                        way::injected, way::unusable};

struct secrets {
  std::array<words, count_max> keys, nonces;
  std::array<std::uint32_t, 4> extra;
};

struct outcome {
  std::array<unsigned char, 64 * count_max> signatures{};
  std::array<bool, count_max> again{};

  bool operator==(const outcome&) const = default;
};

[[noreturn]] void fail(const kernel& k, int count, const char* what) {
  std::fprintf(stderr, "constant_time: %s, %d digests: %s\n", k.name, count,
               what);
  std::exit(1);
}

words random_scalar(std::mt19937_64& random) {
  words w{{random(), random(), random(), random()}};
  w.w[3] >>= 1; // below n
  return w;
}

/// Makes some of the nonces unusable: 0, n, and values that the sums give up.
void put_unusable(std::array<words, count_max>& nonces) {
  nonces[0] = {};
  nonces[1] = met_with_five_bits;
  nonces[2] = met_with_seven_bits;
  nonces[9] = group_order;
  nonces[16] = met_with_seven_bits;
}

/// Signs once. Fails if a bit of the scratch still depends on a secret.
outcome sign(const kernel& k, const secrets& s,
             const std::array<words, count_max>& digests, int count, way w) {
  outcome out;
  const kernel_memory scratch(k.scratch_size);
  std::memset(scratch.get(), 0, k.scratch_size);
  const bool given = w == way::injected || w == way::unusable;
  k.sign({.count = count,
          .keys = s.keys.data(),
          .digests = digests.data(),
          .nonces = given ? s.nonces.data() : nullptr,
          .extra = w == way::deterministic ? nullptr : s.extra.data(),
          .first = 0,
          .attempt = w == way::second_nonce ? 1 : 0,
          .signatures = out.signatures.data(),
          .again = out.again.data()},
         scratch.get());
  if (VALGRIND_CHECK_MEM_IS_DEFINED(scratch.get(), k.scratch_size) != 0)
    fail(k, count, "data that depends on a secret is left in the scratch");
  return out;
}

/// Whether the marks have propagated: each byte of the signatures has a bit
/// that depends on a secret.
bool all_undefined(const outcome& out, int count) {
  const auto size = static_cast<std::size_t>(64 * count);
  std::array<unsigned char, 64 * count_max> bits{};
  if (VALGRIND_GET_VBITS(out.signatures.data(), bits.data(), size) != 1)
    return false;
  for (std::size_t i = 0; i < size; ++i)
    if (bits[i] == 0)
      return false;
  return true;
}

outcome try_block(const kernel& k, int count, way w, std::mt19937_64& random) {
  secrets s;
  std::array<words, count_max> digests;
  for (std::size_t i = 0; i < count_max; ++i) {
    s.keys[i] = random_scalar(random);
    s.nonces[i] = random_scalar(random);
    digests[i] = {{random(), random(), random(), random()}};
  }
  for (auto& each : s.extra)
    each = static_cast<std::uint32_t>(random());
  if (w == way::unusable)
    put_unusable(s.nonces);
  const auto expected = sign(k, s, digests, count, w);
  const bool all_usable = expected.again == outcome{}.again;
  if (all_usable == (w == way::unusable))
    fail(k, count, "usable nonces were rejected or unusable ones accepted");
  (void)VALGRIND_MAKE_MEM_UNDEFINED(&s, sizeof s);
  auto found = sign(k, s, digests, count, w);
  if (!all_undefined(found, count))
    fail(k, count, "secrets did not reach every byte of the signatures");
  // `again` keeps its marks: the kernel must have declassified it.
  (void)VALGRIND_MAKE_MEM_DEFINED(found.signatures.data(),
                                  found.signatures.size());
  if (found != expected)
    fail(k, count, "the signatures differ from those with defined secrets");
  return found;
}

/// Returns the outcomes with usable nonces, which must be equal in all kernels.
std::vector<outcome> try_kernel(const kernel& k) {
  std::mt19937_64 random(1);
  std::vector<outcome> usable;
  int blocks = 0;
  for (const int count : {1, 3, static_cast<int>(count_max)})
    for (const auto w : ways) {
      const auto out = try_block(k, count, w, random);
      if (w != way::unusable)
        usable.push_back(out);
      ++blocks;
    }
  std::printf("%s: %d blocks signed\n", k.name, blocks);
  return usable;
}

} // namespace

int main(int argc, char** argv) {
  if (RUNNING_ON_VALGRIND == 0) {
    std::fprintf(stderr, "constant_time: not under valgrind; "
                         "run tests/constant_time/run.sh check\n");
    return 2;
  }
  const std::string_view leak = argc > 1 ? argv[1] : "";
  if (leak == "branch") {
    try_kernel(prepared(branching_kernel()));
  } else if (leak == "look_up") {
    try_kernel(prepared(indexing_kernel()));
  } else if (leak == "choice") {
    try_agreements(prepared(choosing_kernel()));
  } else if (leak == "product") {
    try_ephemerals(prepared(indexing_kernel()));
  } else {
    const auto expected = try_kernel(prepared(portable_kernel()));
    const auto shared = try_agreements(portable_kernel());
    const auto products = try_ephemerals(portable_kernel());
    if (try_kernel(prepared(emulated_kernel())) != expected ||
        try_agreements(emulated_kernel()) != shared ||
        try_ephemerals(emulated_kernel()) != products) {
      std::fprintf(stderr, "constant_time: the kernels do not agree\n");
      return 1;
    }
  }
  return 0;
}
