// SPDX-License-Identifier: Apache-2.0
#include "crypto/providers/provider.hpp"

#include "crypto/keys/signature.hpp"
#include "tests/crypto/fixture.hpp"
#include "tests/crypto/signing_cases.hpp"
#include "tests/erring_signer.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(provider_checked_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;
using chancery::tests::erring_signer;

namespace {

/// An erring signer below the check, and what a call needs.
struct checked_fixture {
  checked_fixture(provider p, curve on, self_check extent)
      : c(on), keys{private_key::generate(on, system_random()),
                    private_key::generate(on, system_random())} {
    auto below = std::make_unique<erring_signer>(
        make_batch_signer(p, on, system_random()), on);
    erring = below.get();
    signer = make_checked(std::move(below), p, on, extent, system_random());
  }

  /// Signs `count` + 1 digests under one key, and `count` under another.
  void sign(std::size_t count) {
    const std::vector<key_run> runs{{&keys[0], count + 1}, {&keys[1], count}};
    std::vector<std::byte> digests((2 * count + 1) * field_size(c));
    system_random()(digests);
    std::vector<std::byte> signatures((2 * count + 1) * signature_size(c));
    signer->sign_batch(runs, digests, signatures);
  }

  curve c;
  std::vector<private_key> keys;
  erring_signer* erring;
  std::unique_ptr<batch_signer> signer;
};

} // namespace

BOOST_AUTO_TEST_CASE(the_paranoid_find_every_wrong_signature) {
  for (const auto [c, p] : signing_cases()) {
    checked_fixture f(p, c, self_check::all);
    const auto name = to_text(p); // clang 14 captures no binding
    f.sign(2);
    const auto size = signature_size(c);
    for (std::size_t i = 0; i < 5 * size; i += field_size(c) - 1) {
      const auto at = i / size;
      f.erring->at = at;
      f.erring->byte = i % size;
      BOOST_CHECK_EXCEPTION(f.sign(2), wrong_signature, [&](const auto& e) {
        return e.index() == at && e.key() == f.keys[at / 3].id() &&
               contains(e.what(), name);
      });
    }
    f.erring->at = SIZE_MAX;
    BOOST_CHECK_NO_THROW(f.sign(2));
  }
}

BOOST_AUTO_TEST_CASE(a_sample_finds_a_provider_that_always_errs_at_once) {
  for (const auto [c, p] : signing_cases()) {
    checked_fixture f(p, c, self_check::sample);
    f.erring->every = true;
    BOOST_CHECK_THROW(f.sign(3), wrong_signature);
  }
}

BOOST_AUTO_TEST_CASE(the_samples_of_a_call_reach_each_of_its_signatures) {
  for (const auto p : {provider::openssl, provider::botan})
    for (std::size_t at = 0; at < 5; ++at) {
      checked_fixture f(p, curve::p256, self_check::sample);
      f.erring->at = at;
      const auto many = [&f] {
        for (int i = 0; i < 200; ++i) // fails to find it: once in 10^19
          f.sign(2);
      };
      BOOST_CHECK_THROW(many(), wrong_signature);
    }
}

BOOST_AUTO_TEST_CASE(the_batch_provider_is_sampled_beyond_its_first_call) {
  checked_fixture f(provider::batch, curve::p256, self_check::sample);
  f.sign(500); // one of these is verified, and is right
  f.erring->every = true;
  const auto a_window = [&f] {
    for (int i = 0; i < 9; ++i)
      f.sign(500);
  };
  BOOST_CHECK_THROW(a_window(), wrong_signature);
}

BOOST_AUTO_TEST_CASE(no_signature_is_no_call_to_check) {
  for (const auto extent : {self_check::sample, self_check::all}) {
    checked_fixture f(provider::openssl, curve::p256, extent);
    BOOST_CHECK_NO_THROW(f.signer->sign_batch({}, {}, {}));
  }
}

BOOST_AUTO_TEST_SUITE_END()
