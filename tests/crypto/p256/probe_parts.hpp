// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes the probe of a machine, for probe_ifma.cpp and probe_portable.cpp.

#include "crypto/p256/shared_inversion.hpp"
#include "probe.hpp"

namespace chancery::crypto::p256::test {

template <class Machine>
struct probe_parts {
  using m = Machine;

  static void multiply_p(const words* a, const words* b, words* r) {
    m::template store<field_p>(
        m::template multiply<field_p>(m::load(a), m::load(b)), r);
  }

  static void multiply_n(const words* a, const words* b, words* r) {
    m::template store<order_n>(
        m::template multiply<order_n>(m::load(a), m::load(b)), r);
  }

  static void difference_times(const words* a, const words* b, const words* c,
                               words* r) {
    m::template store<field_p>(
        m::template multiply<field_p>(m::subtract(m::load(b), m::load(a)),
                                      m::load(c)),
        r);
  }

  static void square_minus(const words* a, const words* b, const words* c,
                           words* r) {
    m::template store<field_p>(
        m::square_minus(m::load(a), m::load(b), m::load(c)), r);
  }

  static void multiply_minus(const words* a, const words* b, const words* c,
                             words* r) {
    m::template store<field_p>(
        m::multiply_minus(m::load(a), m::load(b), m::load(c)), r);
  }

  static void square(const words* a, words* r) {
    m::template store<field_p>(m::square(m::load(a)), r);
  }

  static void four_products(const words* a, const words* b, words* r) {
    m::template store<field_p>(
        m::template multiply_times<4>(m::load(a), m::load(b)), r);
  }

  static void three_products(const words* a, const words* b, words* r) {
    m::template store<field_p>(
        m::template multiply_times<3>(m::load(a), m::load(b)), r);
  }

  static void difference(const words* a, const words* b, const words* c,
                         words* r) {
    m::template store<field_p>(
        m::difference(m::subtract(m::load(b), m::load(a)),
                      m::subtract(m::load(c), m::load(a)), m::load(c),
                      m::load(b)),
        r);
  }

  static void minus_eight_squares(const words* a, const words* b,
                                  const words* c, words* r) {
    m::template store<field_p>(
        m::minus_eight_squares(m::subtract(m::load(b), m::load(a)),
                               m::subtract(m::load(c), m::load(a)), m::load(c)),
        r);
  }

  static void add_times(const words* a, const words* b, const words* c,
                        words* r) {
    m::template store<order_n>(
        m::template multiply<order_n>(
            m::template add<order_n>(m::load(a), m::load(b)), m::load(c)),
        r);
  }

  template <class Modulus>
  static bool invert(const words* a, words* r) {
    typename m::element values[1] = {m::load(a)};
    const bool done = invert_lanes<m, Modulus, 1>(values);
    if (done)
      m::template store<Modulus>(values[0], r);
    return done;
  }

  static constexpr probe make(const char* name, bool takes_any) {
    return {name,
            m::lane_count,
            m::montgomery_bits,
            takes_any,
            multiply_p,
            multiply_n,
            difference_times,
            square_minus,
            multiply_minus,
            square,
            four_products,
            three_products,
            difference,
            minus_eight_squares,
            add_times,
            invert<field_p>,
            invert<order_n>};
  }
};

} // namespace chancery::crypto::p256::test
