// SPDX-License-Identifier: Apache-2.0

// Compares each operation of each machine with Botan's integers, in every lane,
// on random values and on all pairs of awkward_values().

#include "crypto/p256/portable_field.hpp"
#include "fixture.hpp"

#include <botan/numthry.h>
#include <botan/reducer.h>

#include <boost/test/unit_test.hpp>

#include "../fixture.hpp"

BOOST_AUTO_TEST_SUITE(field_test)

using namespace chancery::crypto;
using namespace chancery::crypto::p256;
using namespace chancery::crypto::p256::test;
using Botan::BigInt;

namespace {

struct operands {
  std::vector<words> a, b, c;
};

/// All pairs of awkward values, with a third operand in turn; then random
/// values.
operands some_operands(const BigInt& below) {
  operands o;
  std::vector<words> values;
  for (const auto& value : awkward_values())
    if (big(value) < below)
      values.push_back(value);
  const auto random = chancery::crypto::test::replayed_random(7);
  for (const auto& a : values)
    for (const auto& b : values) {
      o.a.push_back(a);
      o.b.push_back(b);
      o.c.push_back(values[o.a.size() % values.size()]);
    }
  while (o.a.size() < 6'000 || o.a.size() % 8 != 0) {
    o.a.push_back(small(big(random_words(random)) % below));
    o.b.push_back(small(big(random_words(random)) % below));
    o.c.push_back(small(big(random_words(random)) % below));
  }
  return o;
}

BigInt over_r(const probe& p, const BigInt& m) {
  return Botan::inverse_mod(
      BigInt::power_of_2(static_cast<std::size_t>(p.montgomery_bits)), m);
}

/// Runs an operation on all operands and compares it with the expected results.
template <class Operation, class Expected>
void compare(const probe& p, const BigInt& m, Operation&& operation,
             Expected&& expected) {
  const auto o = some_operands(p.takes_any ? BigInt::power_of_2(256) : m);
  const auto lanes = static_cast<std::size_t>(p.lanes);
  const Botan::Modular_Reducer reducer(m);
  std::vector<words> r(lanes);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i + lanes <= o.a.size(); i += lanes) {
    operation(&o.a[i], &o.b[i], &o.c[i], r.data());
    for (std::size_t l = 0; l < lanes; ++l) {
      const auto right = reducer.reduce(
          expected(big(o.a[i + l]), big(o.b[i + l]), big(o.c[i + l])) +
          (m << 260));
      wrong += big(r[l]) != right ? 1 : 0;
    }
  }
  BOOST_TEST(wrong == 0u, p.name);
}

} // namespace

BOOST_AUTO_TEST_CASE(products_are_right_mod_both_moduli) {
  for (const auto* p : probes()) {
    const auto rp = over_r(*p, prime()), rn = over_r(*p, order());
    compare(
        *p, prime(),
        [&](auto* a, auto* b, auto*, auto* r) { p->multiply_p(a, b, r); },
        [&](auto a, auto b, auto) { return a * b * rp; });
    compare(
        *p, order(),
        [&](auto* a, auto* b, auto*, auto* r) { p->multiply_n(a, b, r); },
        [&](auto a, auto b, auto) { return a * b * rn; });
  }
}

BOOST_AUTO_TEST_CASE(differences_are_right_as_factors) {
  for (const auto* p : probes()) {
    const auto rp = over_r(*p, prime());
    compare(
        *p, prime(),
        [&](auto* a, auto* b, auto* c, auto* r) {
          p->difference_times(a, b, c, r);
        },
        [&](auto a, auto b, auto c) { return (b + prime() * 2 - a) * c * rp; });
  }
}

BOOST_AUTO_TEST_CASE(products_less_something_are_right) {
  for (const auto* p : probes()) {
    const auto rp = over_r(*p, prime());
    compare(
        *p, prime(),
        [&](auto* a, auto* b, auto* c, auto* r) {
          p->square_minus(a, b, c, r);
        },
        [&](auto a, auto b, auto c) { return a * a * rp - b - c; });
    compare(
        *p, prime(),
        [&](auto* a, auto* b, auto* c, auto* r) {
          p->multiply_minus(a, b, c, r);
        },
        [&](auto a, auto b, auto c) { return a * b * rp - c; });
  }
}

BOOST_AUTO_TEST_CASE(multiples_of_products_are_right) {
  for (const auto* p : probes()) {
    const auto rp = over_r(*p, prime());
    compare(
        *p, prime(), [&](auto* a, auto*, auto*, auto* r) { p->square(a, r); },
        [&](auto a, auto, auto) { return a * a * rp; });
    compare(
        *p, prime(),
        [&](auto* a, auto* b, auto*, auto* r) { p->four_products(a, b, r); },
        [&](auto a, auto b, auto) { return a * b * rp * 4; });
    compare(
        *p, prime(),
        [&](auto* a, auto* b, auto*, auto* r) { p->three_products(a, b, r); },
        [&](auto a, auto b, auto) { return a * b * rp * 3; });
  }
}

BOOST_AUTO_TEST_CASE(differences_of_products_are_right) {
  for (const auto* p : probes()) {
    const auto rp = over_r(*p, prime()), twice = prime() * 2;
    compare(
        *p, prime(),
        [&](auto* a, auto* b, auto* c, auto* r) { p->difference(a, b, c, r); },
        [&](auto a, auto b, auto c) {
          return ((b + twice - a) * (c + twice - a) + c * (twice * 2 - b)) * rp;
        });
    compare(
        *p, prime(),
        [&](auto* a, auto* b, auto* c, auto* r) {
          p->minus_eight_squares(a, b, c, r);
        },
        [&](auto a, auto b, auto c) {
          return ((b + twice - a) * (c + twice - a) + 8 * c * (twice * 2 - c)) *
                 rp;
        });
  }
}

BOOST_AUTO_TEST_CASE(sums_are_right_as_factors) {
  for (const auto* p : probes()) {
    const auto rn = over_r(*p, order());
    compare(
        *p, order(),
        [&](auto* a, auto* b, auto* c, auto* r) { p->add_times(a, b, c, r); },
        [&](auto a, auto b, auto c) { return (a + b) * c * rn; });
  }
}

BOOST_AUTO_TEST_CASE(one_inversion_serves_all_lanes) {
  const auto random = chancery::crypto::test::replayed_random(8);
  for (const auto* p : probes())
    for (const bool by_order : {false, true}) {
      const auto m = by_order ? order() : prime();
      const auto square =
          BigInt::power_of_2(2 * static_cast<std::size_t>(p->montgomery_bits));
      const auto lanes = static_cast<std::size_t>(p->lanes);
      std::vector<words> a(lanes), r(lanes);
      const auto values = awkward_values();
      for (std::size_t round = 0; round < 200; ++round) {
        for (std::size_t l = 0; l < lanes; ++l) {
          const auto value = round * lanes + l < values.size()
                                 ? big(values[round * lanes + l]) % m
                                 : big(random_words(random)) % m;
          a[l] = small(value.is_zero() ? BigInt(1) : value);
        }
        const auto invert = by_order ? p->invert_n : p->invert_p;
        BOOST_REQUIRE(invert(a.data(), r.data()));
        for (std::size_t l = 0; l < lanes; ++l)
          BOOST_TEST(
              (big(r[l]) == Botan::inverse_mod(big(a[l]), m) * square % m));
      }
      for (std::size_t l = 0; l < lanes; ++l) {
        auto one_zero = a;
        one_zero[l] = {};
        BOOST_TEST(
            !(by_order ? p->invert_n : p->invert_p)(one_zero.data(), r.data()));
      }
    }
}

BOOST_AUTO_TEST_CASE(an_inverse_is_botans) {
  const auto random = chancery::crypto::test::replayed_random(9);
  auto values = awkward_values();
  for (int i = 0; i < 2'000; ++i)
    values.push_back(random_words(random));
  for (const auto& value : values) {
    const auto p = small(big(value) % prime()), n = small(big(value) % order());
    BOOST_TEST(
        (big(invert<field_p>(p)) ==
         (is_zero(p) != 0 ? BigInt(0) : Botan::inverse_mod(big(p), prime()))));
    BOOST_TEST(
        (big(invert<order_n>(n)) ==
         (is_zero(n) != 0 ? BigInt(0) : Botan::inverse_mod(big(n), order()))));
  }
}

BOOST_AUTO_TEST_SUITE_END()
