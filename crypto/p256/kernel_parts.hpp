// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes a kernel from a machine, for kernel_ifma.cpp and kernel_portable.cpp.
// Signing, agreeing and multiplying end by overwriting the stack and the
// registers that they used.

#include "crypto/p256/agreeing.hpp"
#include "crypto/p256/multiplying.hpp"
#include "crypto/p256/signing.hpp"
#include "crypto/p256/verifying.hpp"

namespace chancery::crypto::p256 {

/// Upper bound of a kernel's stack use in bytes.
inline constexpr std::size_t stack_used_max = 32 * 1024;

template <class Machine>
struct kernel_parts {
  using scratch = signing_scratch<Machine>;
  using verifying = verifying_scratch<Machine>;
  using agreeing = agreeing_scratch<Machine>;
  using multiplying = multiplying_scratch<Machine>;
  using key_table = typename Machine::key_table;
  using verifying_table = typename Machine::verifying_table;

  static inline typename Machine::table table;

  template <class Table>
  static void fill(Table& t, int windows, const affine_point* points) {
    for (int w = 0; w < windows; ++w)
      for (int e = 0; e < Table::entries; ++e)
        t.set(w, e, points[w * Table::entries + e]);
  }

  static void prepare(const affine_point* points) {
    fill(table, Machine::windows, points);
    nonce_maker<Machine>::prepare();
  }

  static void make_key_table(const affine_point* points, void* memory) {
    fill(*static_cast<key_table*>(memory), Machine::key_windows, points);
  }

  static void make_verifying_table(const affine_point* points, void* memory) {
    fill(*static_cast<verifying_table*>(memory), Machine::key_windows, points);
  }

  static void verify(const verifying_block& block, void* memory) {
    static_cast<verifying*>(memory)->verify(block, table);
  }

  [[gnu::noinline]] static void wipe_stack() {
    unsigned char used[stack_used_max];
    wipe_value(used);
  }

  [[gnu::noinline]] static void sign_only(const signing_block& block,
                                          void* memory) {
    static_cast<scratch*>(memory)->sign(block, table);
  }

  static void sign(const signing_block& block, void* memory) {
    sign_only(block, memory);
    wipe_stack();
    Machine::wipe_registers();
  }

  [[gnu::noinline]] static bool agree_only(const agreement_block& block,
                                           void* memory) {
    return static_cast<agreeing*>(memory)->agree(block);
  }

  static bool agree(const agreement_block& block, void* memory) {
    const bool done = agree_only(block, memory);
    wipe_stack();
    Machine::wipe_registers();
    return done;
  }

  [[gnu::noinline]] static void multiply_only(const multiplying_block& block,
                                              void* memory) {
    static_cast<multiplying*>(memory)->multiply(block, table);
  }

  static void multiply(const multiplying_block& block, void* memory) {
    multiply_only(block, memory);
    wipe_stack();
    Machine::wipe_registers();
  }

  static constexpr kernel make(const char* name) {
    return {name,
            Machine::lane_count,
            scratch::block_max,
            sizeof(scratch),
            Machine::window_bits,
            Machine::windows,
            prepare,
            sign,
            sizeof(verifying),
            Machine::key_window_bits,
            Machine::key_windows,
            sizeof(key_table),
            make_key_table,
            sizeof(verifying_table),
            make_verifying_table,
            verify,
            agreeing::block_max,
            sizeof(agreeing),
            agree,
            sizeof(multiplying),
            multiply};
  }
};

} // namespace chancery::crypto::p256
