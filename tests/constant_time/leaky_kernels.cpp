// SPDX-License-Identifier: Apache-2.0
#include "tests/constant_time/kernels.hpp"

#include "crypto/p256/kernel_parts.hpp"
#include "crypto/p256/portable_machine.hpp"

namespace chancery::constant_time {

namespace {

using namespace crypto::p256;

struct branching : portable {
  template <int Bits, int Windows>
  static scalar recode(const words* from) {
    words k = *from;
    if (k.w[0] % 2 == 0) {
      crypto::p256::subtract(k, group_order, k);
      asm volatile(""); // prevents a conditional move
    }
    return portable::recode<Bits, Windows>(&k);
  }
};

struct indexing : portable {
  template <class Table>
  static void look_up(words& x, words& y, const Table& t, const scalar& s,
                      int window) {
    word negative;
    const auto& p = t.points[window][digit<Table::bits>(s, window, negative)];
    x = p.x;
    y = p.y;
    negate(y, negative);
  }
};

struct choosing : portable {
  static words chosen(word mask, const words& yes, const words& no) {
    if (mask != 0) {
      asm volatile(""); // prevents a conditional move
      return yes;
    }
    return no;
  }
};

} // namespace

const kernel& branching_kernel() {
  static constexpr auto k = kernel_parts<branching>::make("with a branch");
  return k;
}

const kernel& indexing_kernel() {
  static constexpr auto k = kernel_parts<indexing>::make("with a look-up");
  return k;
}

const kernel& choosing_kernel() {
  static constexpr auto k = kernel_parts<choosing>::make("with a choice");
  return k;
}

} // namespace chancery::constant_time
