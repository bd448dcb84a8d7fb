// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/greeting_proof.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <numeric>
#include <set>
#include <vector>

BOOST_AUTO_TEST_SUITE(greeting_proof_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

greeting_prover prover(std::uint8_t first = 0x50) {
  std::vector<std::uint8_t> secret(32);
  std::iota(secret.begin(), secret.end(), first);
  return greeting_prover(std::as_bytes(std::span(secret)));
}

greeting_terms sample_terms() {
  greeting_terms t;
  t.worker_nonce = std::string(32, 'w');
  t.coordinator_nonce = std::string(32, 'c');
  t.worker_instance = std::string(16, 'i');
  t.coordinator_instance = std::string(16, 'j');
  t.folder = std::string(16, 'f');
  t.epoch = 7;
  t.epoch_id = std::string(16, 'e');
  t.worker_serial = "0a1b";
  t.coordinator_serial = "2c3d";
  t.channel_binding = std::string(32, 'x');
  return t;
}

std::vector<std::string greeting_terms::*> texts() {
  return {
      &greeting_terms::worker_nonce,    &greeting_terms::coordinator_nonce,
      &greeting_terms::worker_instance, &greeting_terms::coordinator_instance,
      &greeting_terms::folder,          &greeting_terms::epoch_id,
      &greeting_terms::worker_serial,   &greeting_terms::coordinator_serial,
      &greeting_terms::channel_binding};
}

constexpr auto both_sides = {greeting_side::coordinator, greeting_side::worker};

} // namespace

BOOST_AUTO_TEST_CASE(the_proofs_are_as_documented) {
  // Computed with Python, from the table in greeting_proof.hpp:
  //   t = lambda b: struct.pack('>I', len(b)) + b
  //   hmac.new(bytes(range(0x50, 0x70)), label + t(b'w'*32) + t(b'c'*32) +
  //     t(b'i'*16) + t(b'j'*16) + t(b'f'*16) + struct.pack('>I', 7) +
  //     t(b'e'*16) + t(b'0a1b') + t(b'2c3d') + t(b'x'*32),
  //     hashlib.sha256).hexdigest()
  const auto p = prover();
  BOOST_TEST(
      to_hex(bytes(p.mac(greeting_side::coordinator, sample_terms()))) ==
      "3b4b86601d5d43b59f4be44e7393d26864212c16eda89385e9d75c93aa7b9991");
  BOOST_TEST(
      to_hex(bytes(p.mac(greeting_side::worker, sample_terms()))) ==
      "75e6dfa9ece15fb8a2a0286ef088bf30fd436bb6513b42b66372ec80b6b4c7d2");
}

BOOST_AUTO_TEST_CASE(each_side_accepts_only_the_proof_of_the_other) {
  const auto p = prover();
  const auto t = sample_terms();
  const auto ours = p.mac(greeting_side::coordinator, t);
  BOOST_TEST(p.check(greeting_side::coordinator, t, ours));
  BOOST_TEST(!p.check(greeting_side::worker, t, ours));
  const auto theirs = p.mac(greeting_side::worker, t);
  BOOST_TEST(p.check(greeting_side::worker, t, theirs));
  BOOST_TEST(!p.check(greeting_side::coordinator, t, theirs));
}

BOOST_AUTO_TEST_CASE(each_term_counts) {
  const auto p = prover();
  for (const auto side : both_sides) {
    std::set<std::string> macs{p.mac(side, sample_terms())};
    const auto changed = [&](const greeting_terms& t) {
      BOOST_TEST(!p.check(side, t, p.mac(side, sample_terms())));
      macs.insert(p.mac(side, t));
    };
    for (const auto text : texts()) {
      for (const char end : {'\0', 'z'}) {
        auto t = sample_terms();
        (t.*text).back() = end;
        changed(t);
        t = sample_terms();
        t.*text += end;
        changed(t);
      }
      auto t = sample_terms();
      (t.*text).pop_back();
      changed(t);
      (t.*text).clear();
      changed(t);
    }
    for (const std::uint32_t epoch : {0u, 6u, 0x07000000u, 0xffffffffu}) {
      auto t = sample_terms();
      t.epoch = epoch;
      changed(t);
    }
    BOOST_TEST(macs.size() == 1 + 9u * 6 + 4);
  }
}

BOOST_AUTO_TEST_CASE(no_byte_may_move_to_the_next_term) {
  const auto p = prover();
  const auto all = texts();
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    auto t = sample_terms();
    t.*all[i + 1] = (t.*all[i]).back() + t.*all[i + 1];
    (t.*all[i]).pop_back();
    BOOST_TEST((p.mac(greeting_side::worker, t) !=
                p.mac(greeting_side::worker, sample_terms())));
  }
}

BOOST_AUTO_TEST_CASE(another_secret_gives_another_proof) {
  const auto t = sample_terms();
  for (const auto side : both_sides)
    BOOST_TEST(!prover(0x51).check(side, t, prover(0x50).mac(side, t)));
}

BOOST_AUTO_TEST_CASE(a_proof_of_a_wrong_length_is_wrong) {
  const auto p = prover();
  const auto t = sample_terms();
  const auto right = p.mac(greeting_side::worker, t);
  for (std::size_t size = 0; size < right.size(); ++size)
    BOOST_TEST(!p.check(greeting_side::worker, t, right.substr(0, size)));
  BOOST_TEST(!p.check(greeting_side::worker, t, right + '\0'));
  BOOST_TEST(!p.check(greeting_side::worker, t, right + right));
}

BOOST_AUTO_TEST_CASE(every_bit_of_a_proof_counts) {
  const auto p = prover();
  const auto t = sample_terms();
  const auto right = p.mac(greeting_side::worker, t);
  for (std::size_t bit = 0; bit < right.size() * 8; ++bit) {
    auto wrong = right;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << bit % 8));
    BOOST_TEST(!p.check(greeting_side::worker, t, wrong));
  }
}

BOOST_AUTO_TEST_SUITE_END()
