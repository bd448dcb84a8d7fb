// SPDX-License-Identifier: Apache-2.0
#include "crypto/providers/provider.hpp"

#include "crypto/base/hash.hpp"
#include "crypto/keys/pem.hpp"
#include "crypto/keys/signature.hpp"
#include "crypto/p256/kernel.hpp"
#include "crypto/providers/provider_parts.hpp"
#include "tests/crypto/fixture.hpp"
#include "tests/crypto/signing_cases.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>

BOOST_AUTO_TEST_SUITE(provider_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

std::vector<std::byte> digest_of(curve c, std::string_view text) {
  record_hasher hasher(c);
  std::vector<std::byte> digest(hasher.size());
  hasher(bytes(text), digest);
  return digest;
}

std::vector<std::byte> sign(batch_signer& signer, const private_key& key,
                            std::span<const std::byte> digests) {
  const auto count = digests.size() / field_size(key.curve());
  std::vector<std::byte> signatures(count * signature_size(key.curve()));
  const key_run run{&key, count};
  signer.sign_batch({&run, 1}, digests, signatures);
  return signatures;
}

std::vector<private_key> some_keys(curve c, std::size_t count) {
  std::vector<private_key> keys;
  for (std::size_t i = 0; i < count; ++i)
    keys.push_back(private_key::generate(c, system_random()));
  return keys;
}

} // namespace

BOOST_AUTO_TEST_CASE(botan_signs_as_rfc_6979_prints) {
  // RFC 6979 A.2.5, with SHA-256.
  const private_key p256(
      curve::p256,
      from_hex(
          "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"));
  const auto signer =
      make_batch_signer(provider::botan, curve::p256, system_random());
  BOOST_TEST(
      to_hex(sign(*signer, p256, digest_of(curve::p256, "sample"))) ==
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  BOOST_TEST(
      to_hex(sign(*signer, p256, digest_of(curve::p256, "test"))) ==
      "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
      "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");

  // RFC 6979 A.2.6, with SHA-384.
  const private_key p384(
      curve::p384,
      from_hex("6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA"
               "9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5"));
  const auto signer384 =
      make_batch_signer(provider::botan, curve::p384, system_random());
  BOOST_TEST(to_hex(sign(*signer384, p384, digest_of(curve::p384, "sample"))) ==
             "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa7"
             "3d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
             "99ef4aeb15f178cea1fe40db2603138f130e740a19624526"
             "203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8");
  BOOST_TEST(to_hex(sign(*signer384, p384, digest_of(curve::p384, "test"))) ==
             "8203b63d3c853e8d77227fb377bcf7b7b772e97892a80f36"
             "ab775d509d7a5feb0542a7f0812998da8f1dd3ca3cf023db"
             "ddd0760448d42d8a43af45af836fce4de8be06b485e9b61b"
             "827c2f13173923e06a739f040649a667bf3b828246baa5a5");
}

BOOST_DATA_TEST_CASE(each_provider_verifies_what_any_signed,
                     boost::unit_test::data::make(signing_cases()), which) {
  const auto c = which.of;
  const auto signer = make_batch_signer(which.by, c, system_random());
  const auto keys = some_keys(c, 3);
  // Runs of different lengths, with a repeated key and an empty run.
  const std::vector<key_run> runs{{&keys[0], 2},
                                  {&keys[1], 1},
                                  {&keys[2], 0},
                                  {&keys[0], 1},
                                  {&keys[2], 4}};
  std::vector<std::byte> digests(8 * field_size(c));
  system_random()(digests);
  std::vector<std::byte> signatures(8 * signature_size(c));
  signer->sign_batch(runs, digests, signatures);

  for (const auto p : providers_of(c)) {
    const auto verifier = make_verifier(p, c);
    std::size_t i = 0;
    for (const auto& run : runs)
      for (std::size_t n = 0; n < run.count; ++n, ++i)
        BOOST_TEST(verifier->verify(
            run.key->public_half(),
            std::span(digests).subspan(i * field_size(c), field_size(c)),
            std::span(signatures)
                .subspan(i * signature_size(c), signature_size(c))));
    BOOST_TEST(i == 8U);
  }
}

BOOST_DATA_TEST_CASE(nothing_but_the_signature_itself_verifies,
                     boost::unit_test::data::make(signing_cases()), which) {
  const auto c = which.of;
  const auto verifier = make_verifier(which.by, c);
  const auto keys = some_keys(c, 2);
  const auto& key = keys[0].public_half();
  const auto digest = digest_of(c, "a record");
  const auto signer = make_batch_signer(provider::botan, c, system_random());
  const auto right = sign(*signer, keys[0], digest);
  BOOST_TEST(verifier->verify(key, digest, right));
  BOOST_TEST(!verifier->verify(keys[1].public_half(), digest, right));
  BOOST_TEST(!verifier->verify(key, digest_of(c, "another"), right));
  for (std::size_t i = 0; i < right.size(); i += 5) {
    auto wrong = right;
    wrong[i] ^= std::byte{1};
    BOOST_TEST(!verifier->verify(key, digest, wrong));
  }
  // RFC 7518 3.4: one size only. SEC 1 4.1.4: r and s are in [1, n-1].
  const auto half = static_cast<std::ptrdiff_t>(field_size(c));
  auto wrong = right;
  wrong.push_back(std::byte{0});
  BOOST_TEST(!verifier->verify(key, digest, wrong));
  BOOST_TEST(!verifier->verify(key, digest, std::span(right).first(10)));
  BOOST_TEST(!verifier->verify(key, digest, {}));
  BOOST_TEST(!verifier->verify(key, std::span(digest).first(20), right));
  for (const auto filler : {std::byte{0}, std::byte{0xff}}) {
    wrong = right;
    std::fill_n(wrong.begin(), half, filler);
    BOOST_TEST(!verifier->verify(key, digest, wrong));
    wrong = right;
    std::fill_n(wrong.begin() + half, half, filler);
    BOOST_TEST(!verifier->verify(key, digest, wrong));
    std::fill(wrong.begin(), wrong.end(), filler);
    BOOST_TEST(!verifier->verify(key, digest, wrong));
  }
  const auto other = c == curve::p256 ? curve::p384 : curve::p256;
  BOOST_TEST(
      !verifier->verify(some_keys(other, 1)[0].public_half(), digest, right));
  BOOST_TEST(verifier->verify(key, digest, right));
}

BOOST_AUTO_TEST_CASE(the_openssl_command_line_verifies_too) {
  const temp_folder folder;
  const auto file = [&](const char* name) {
    return (folder.path() / name).string();
  };
  for (const auto [c, p] : signing_cases()) {
    const auto key = private_key::generate(c, system_random());
    const auto signer = make_batch_signer(p, c, system_random());
    const auto raw = sign(*signer, key, digest_of(c, "a record"));
    write_file(file("record"), "a record");
    write_file(file("der"), raw_to_der(c, raw));
    write_file(file("pem"), to_pem(key.public_half()));
    const auto verify = std::string("openssl dgst ") +
                        (c == curve::p256 ? "-sha256" : "-sha384") +
                        " -verify " + file("pem") + " -signature " +
                        file("der") + " " + file("record");
    BOOST_TEST(contains(run(verify), "Verified OK"));
    write_file(file("record"), "another");
    BOOST_CHECK_THROW(run(verify), std::runtime_error);
  }
}

BOOST_DATA_TEST_CASE(sizes_that_do_not_match_are_refused,
                     boost::unit_test::data::make({0, 1, 2}), which) {
  const auto c = curve::p256;
  const auto signer = make_batch_signer(
      providers_of(c)[static_cast<std::size_t>(which)], c, system_random());
  const auto key = private_key::generate(c, system_random());
  const auto foreign = private_key::generate(curve::p384, system_random());
  const auto refused = [&](std::vector<key_run> runs, std::size_t digests,
                           std::size_t signatures) {
    std::vector<std::byte> in(digests), out(signatures);
    BOOST_CHECK_THROW(signer->sign_batch(runs, in, out), std::invalid_argument);
  };
  refused({{&key, 1}}, 31, 64);
  refused({{&key, 1}}, 32, 63);
  refused({{&key, 1}}, 32, 128);
  refused({{&key, 1}}, 64, 128);
  refused({{&key, 2}}, 32, 64);
  refused({{&key, std::size_t(-1)}, {&key, 2}}, 32, 64);
  refused({}, 32, 64);
  refused({{&foreign, 1}}, 32, 64);
  BOOST_CHECK_NO_THROW(signer->sign_batch({}, {}, {}));
}

BOOST_DATA_TEST_CASE(a_key_that_came_to_anothers_place_signs_for_itself,
                     boost::unit_test::data::make({0, 1, 2}), which) {
  const auto c = curve::p256;
  const auto signer = make_batch_signer(
      providers_of(c)[static_cast<std::size_t>(which)], c, system_random());
  const auto verifier = make_verifier(provider::openssl, c);
  const auto digest = digest_of(c, "a record");
  for (int i = 0; i < 20; ++i) {
    // Each round's key is likely to have the address of the previous one.
    const auto key = std::make_unique<private_key>(
        private_key::generate(c, system_random()));
    BOOST_TEST(verifier->verify(key->public_half(), digest,
                                sign(*signer, *key, digest)));
  }
}

BOOST_AUTO_TEST_CASE(nonces_repeat_only_where_they_may) {
  const auto c = curve::p256;
  const auto key = private_key::generate(c, system_random());
  std::vector<std::byte> digests(64, std::byte{1}); // the same digest twice
  for (const auto p : providers_of(c)) {
    const auto signer = make_batch_signer(p, c, system_random());
    const auto pair = sign(*signer, key, digests);
    const bool equal =
        std::equal(pair.begin(), pair.begin() + 64, pair.begin() + 64);
    BOOST_TEST(equal == (p == provider::botan));
  }
}

BOOST_AUTO_TEST_CASE(a_verifier_outlives_more_keys_than_it_remembers) {
  const auto c = curve::p256;
  const auto key = private_key::generate(c, system_random());
  const auto digest = digest_of(c, "a record");
  const auto signer = make_batch_signer(provider::openssl, c, system_random());
  const auto signature = sign(*signer, key, digest);
  const auto verifier = make_verifier(provider::openssl, c);
  BOOST_TEST(verifier->verify(key.public_half(), digest, signature));
  for (int i = 0; i < 5000; ++i)
    BOOST_REQUIRE(!verifier->verify(
        private_key::generate(c, system_random()).public_half(), digest,
        signature));
  BOOST_TEST(verifier->verify(key.public_half(), digest, signature));
}

BOOST_AUTO_TEST_CASE(a_sized_signer_signs_one_and_many) {
  const auto c = curve::p256;
  const auto keys = some_keys(c, 2);
  const auto verifier = make_verifier(provider::openssl, c);
  for (const auto p : {provider::batch, provider::openssl, provider::botan}) {
    const auto signer = make_sized_signer(p, c, system_random());
    for (const std::size_t count : {1U, 2U, 30U, 1U})
      for (const auto& key : keys) {
        std::vector<std::byte> digests;
        for (std::size_t i = 0; i < count; ++i)
          std::ranges::copy(digest_of(c, std::to_string(i)),
                            std::back_inserter(digests));
        const auto made = sign(*signer, key, digests);
        for (std::size_t i = 0; i < count; ++i)
          BOOST_TEST(verifier->verify(key.public_half(),
                                      std::span(digests).subspan(32 * i, 32),
                                      std::span(made).subspan(64 * i, 64)));
      }
    std::vector<std::byte> none;
    BOOST_CHECK_NO_THROW(signer->sign_batch({}, none, none));
    BOOST_CHECK_THROW(sign(*signer, keys[0], std::vector<std::byte>(31)),
                      std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(names_stand_for_providers) {
  for (const auto [c, p] : signing_cases())
    BOOST_TEST((provider_from_name(to_text(p), c) == p));
  BOOST_TEST((provider_from_name("auto", curve::p256) ==
              (batch_p256_is_fastest() ? provider::batch : provider::openssl)));
  BOOST_TEST((provider_from_name("auto", curve::p384) == provider::botan));
  BOOST_CHECK_THROW(provider_from_name("batch", curve::p384),
                    std::invalid_argument);
  BOOST_TEST(contains(description(provider::batch), "batch ("));
  BOOST_TEST(description(provider::botan) == "botan");
  BOOST_TEST(to_text(static_cast<provider>(9)).empty());
  BOOST_CHECK_THROW(provider_from_name("", curve::p256), std::invalid_argument);
  BOOST_CHECK_THROW(provider_from_name("OpenSSL", curve::p256),
                    std::invalid_argument);
}

// A kernel that verifies more slowly than libcrypto must not verify, wherever
// it signs faster.
BOOST_AUTO_TEST_CASE(a_kernels_speed_of_verifying_is_measured) {
  auto k = p256::portable_kernel();
  k.verify = [](const p256::verifying_block& block, void*) {
    std::fill_n(block.valid, block.count, true);
    std::fill_n(block.undecided, block.count, false);
  };
  BOOST_TEST(verifies_faster_than_openssl(k));
  k.verify = [](const p256::verifying_block& block, void*) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::fill_n(block.valid, block.count, true);
    std::fill_n(block.undecided, block.count, false);
  };
  BOOST_TEST(!verifies_faster_than_openssl(k));
}

BOOST_AUTO_TEST_CASE(every_provider_passes_its_self_test) {
  for (const auto [c, p] : signing_cases())
    BOOST_TEST(passes_self_test(p, c));
  BOOST_TEST(!passes_self_test(provider::batch, curve::p384));
}

BOOST_AUTO_TEST_CASE(a_provider_that_fails_its_self_test_is_passed_over) {
  const std::vector candidates{provider::batch, provider::openssl,
                               provider::botan};
  std::vector<std::string> said;
  const auto say = [&](const std::string& line) { said.push_back(line); };
  const auto chosen = first_that_passes(
      candidates, [](provider p) { return p == provider::botan; }, say);
  BOOST_TEST((chosen == provider::botan));
  BOOST_REQUIRE(said.size() == 2u);
  BOOST_TEST(contains(said[0], "batch fails its self test"));
  BOOST_TEST(contains(said[1], "openssl fails its self test"));
  const auto none = [](provider) { return false; };
  BOOST_CHECK_THROW(first_that_passes(candidates, none, say),
                    std::runtime_error);
  BOOST_CHECK_THROW(first_that_passes(candidates, none, {}),
                    std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
