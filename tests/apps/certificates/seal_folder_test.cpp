// SPDX-License-Identifier: Apache-2.0
#include "apps/certificates/seal_folder.hpp"

#include "tests/apps/stores.hpp"
#include "tests/crypto/certificates/seal_fixture.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(seal_folder_test)

using namespace chancery;
using namespace chancery::apps;
using tests::seal_fixture;
using tests::small_store;

namespace {

std::size_t enrol(small_store& s, const seal_fixture& f, std::size_t key,
                  const crypto::certificate& leaf) {
  const std::vector<taken_certificate> taken{
      {f.key(key).id(), {leaf, f.authority.own()}}};
  auto transaction = s.store->write();
  const auto added = store_certificates(transaction, taken, 1);
  transaction.commit();
  return added;
}

void put_list(small_store& s, const seal_fixture& f,
              const crypto::revocation_list& list) {
  auto transaction = s.store->write();
  transaction.put_revocation_list(list_key_of(f.authority.own()), list.der());
  transaction.commit();
}

std::string_view state_of_key(small_store& s, const seal_fixture& f,
                              std::size_t key, std::int64_t later = 0) {
  const auto view = s.store->read();
  return crypto::to_text(
      key_standings(view, f.seconds() + later, 30).of(f.key(key).id()).state);
}

constexpr std::int64_t day = 86'400;

} // namespace

BOOST_AUTO_TEST_CASE(a_keyring_for_raw_records_is_refused) {
  const data_folder folder("there");
  require_seals(folder, crypto::keyring_purpose::seal);
  try {
    require_seals(folder, crypto::keyring_purpose::raw);
    BOOST_FAIL("not refused");
  } catch (const std::runtime_error& e) {
    BOOST_TEST(std::string_view(e.what()).find("init --purpose seal") !=
               std::string_view::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_key_goes_through_its_certificates_states) {
  const seal_fixture f;
  small_store s;
  BOOST_TEST(state_of_key(s, f, 0) == "none");
  const auto leaf = f.issue(0, 90);
  BOOST_TEST(enrol(s, f, 0, leaf) == 1);
  BOOST_TEST(state_of_key(s, f, 0) == "valid");
  BOOST_TEST(state_of_key(s, f, 1) == "none");
  BOOST_TEST(state_of_key(s, f, 0, -10) == "future");
  BOOST_TEST(state_of_key(s, f, 0, 61 * day) == "ending");
  BOOST_TEST(state_of_key(s, f, 0, 91 * day) == "expired");
  put_list(s, f, f.revoke({leaf}));
  BOOST_TEST(state_of_key(s, f, 0, 1) == "revoked");
}

BOOST_AUTO_TEST_CASE(the_last_certificate_counts) {
  const seal_fixture f;
  small_store s;
  const auto first = f.issue(0, 40);
  const auto second = f.issue(0, 400);
  BOOST_TEST(enrol(s, f, 0, first) == 1);
  BOOST_TEST(enrol(s, f, 0, first) == 0);
  BOOST_TEST(enrol(s, f, 0, second) == 1);
  const auto view = s.store->read();
  key_standings standings(view, f.seconds(), 30);
  const auto standing = standings.of(f.key(0).id());
  BOOST_REQUIRE(standing.chain.has_value());
  BOOST_TEST((standing.chain->leaf == second));
  BOOST_TEST((standing.chain->root == f.authority.own()));
  BOOST_TEST(view.enrolment_of(f.key(0).id())->number == 1);
  BOOST_TEST(view.certificates_of(first.id()).has_value());
}

BOOST_AUTO_TEST_CASE(the_list_of_an_authority_is_found) {
  const seal_fixture f;
  const seal_fixture other;
  small_store s;
  const auto list = f.revoke({});
  put_list(s, f, list);
  const auto view = s.store->read();
  const auto found = stored_list_of(view, f.authority.own());
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(std::ranges::equal(found->der(), list.der()));
  BOOST_TEST(!stored_list_of(view, other.authority.own()).has_value());
}

BOOST_AUTO_TEST_CASE(a_list_in_another_authoritys_place_is_refused) {
  const seal_fixture f;
  const seal_fixture other;
  small_store s;
  put_list(s, f, other.revoke({}));
  BOOST_CHECK_THROW(stored_list_of(s.store->read(), f.authority.own()),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_list_names_the_key_of_its_authority) {
  const seal_fixture f;
  const seal_fixture other;
  BOOST_TEST(names_key_of(f.revoke({}), f.authority.own()));
  BOOST_TEST(!names_key_of(other.revoke({}), f.authority.own()));
  const auto id = f.authority.own().subject_key_id();
  BOOST_TEST(std::ranges::equal(list_key_of(f.authority.own()), id));
}

BOOST_AUTO_TEST_SUITE_END()
