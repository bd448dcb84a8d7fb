// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/sealing_keys.hpp"

#include "tests/actors/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sealing_keys_test)

using namespace chancery;
using namespace chancery::tests;
using namespace std::chrono_literals;
using crypto::certificate_state;

namespace {

struct fixture : store_fixture {
  fixture() : store_fixture(1) {}

  std::vector<storage::key_name> ids() const {
    std::vector<storage::key_name> all;
    for (const auto& entry : keys.keys())
      all.push_back(entry.key.id());
    return all;
  }

  /// Gives key `n` a certificate.
  crypto::certificate certify(std::size_t n, std::int64_t from,
                              std::int64_t days) {
    const auto& key = keys.keys()[n].key.public_half();
    auto leaf = authority.issue(key, from, days);
    auto transaction = store.write();
    authority.enrol(transaction, key, leaf);
    transaction.commit();
    return leaf;
  }

  void store_list(const crypto::revocation_list& list) {
    auto transaction = store.write();
    transaction.put_revocation_list(list.issuer_key_id(), list.der());
    transaction.commit();
  }

  actors::sealing_keys at(std::int64_t seconds,
                          std::chrono::seconds margin = 1h) {
    return actors::find_sealing_keys(
        store.read(), ids(), static_cast<std::uint64_t>(seconds) * 1'000 + 7,
        margin);
  }

  crypto::keyring keys = seal_keyring_of(4);
  seal_authority authority;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(only_keys_with_a_valid_certificate_seal, fixture) {
  const auto leaf = certify(1, seal_time - seal_day, 10);
  certify(2, seal_time + seal_day, 10);
  certify(3, seal_time - 9 * seal_day, 8);
  const auto found = at(seal_time);
  BOOST_TEST((found.ids == std::vector{ids()[1]}));
  BOOST_TEST((found.leaves.at(ids()[1]) == leaf.id()));
  BOOST_TEST(found.left_out.at(certificate_state::none) == 1u);
  BOOST_TEST(found.left_out.at(certificate_state::future) == 1u);
  BOOST_TEST(found.left_out.at(certificate_state::expired) == 1u);
  BOOST_TEST(found.left_out_text() ==
             "3 keys are left out: 1 without a certificate, 1 not valid yet, 1 "
             "expired or nearly so");
  BOOST_TEST(at(seal_time + 2 * seal_day).ids.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(the_first_end_counts_less_the_margin, fixture) {
  const auto first = certify(0, seal_time - seal_day, 10);
  certify(1, seal_time - seal_day, 20);
  const auto end = first.not_after() - 3'600;
  BOOST_TEST(at(seal_time).ends_ms.value() ==
             static_cast<std::uint64_t>(end) * 1'000);
  // In its last hour the key is left out, so that an epoch never ends at once.
  BOOST_TEST(at(end - 1).ids.size() == 2u);
  BOOST_TEST(at(end).ids.size() == 1u);
  BOOST_TEST(at(end).ends_ms.value() > static_cast<std::uint64_t>(end) * 1'000);
  BOOST_TEST(at(end, 0s).ids.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(the_issuers_end_counts_as_well, fixture) {
  certify(0, seal_time - seal_day, 9'999); // longer than the authority
  const auto found = at(seal_time);
  BOOST_TEST(found.ends_ms.value() ==
             static_cast<std::uint64_t>(authority.own().not_after() - 3'600) *
                 1'000);
}

BOOST_FIXTURE_TEST_CASE(a_revoked_certificate_is_left_out, fixture) {
  const auto leaf = certify(0, seal_time - seal_day, 10);
  certify(1, seal_time - seal_day, 10);
  store_list(authority.revoke(leaf, seal_time));
  BOOST_TEST((at(seal_time - 1).ids == std::vector{ids()[1]}));
  BOOST_TEST(at(seal_time).left_out.at(certificate_state::revoked) == 1u);
  // A new certificate of the same key may seal again.
  certify(0, seal_time - seal_day, 10);
  BOOST_TEST(at(seal_time).ids.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(without_certificates_nothing_may_seal, fixture) {
  const auto found = at(seal_time);
  BOOST_TEST(found.ids.empty());
  BOOST_TEST(!found.ends_ms.has_value());
  BOOST_TEST(found.left_out_text() ==
             "4 keys are left out: 4 without a certificate");
}

BOOST_AUTO_TEST_SUITE_END()
