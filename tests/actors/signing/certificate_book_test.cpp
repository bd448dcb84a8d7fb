// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/certificate_book.hpp"

#include "storage/errors.hpp"
#include "tests/apps/stores.hpp"
#include "tests/crypto/certificates/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(certificate_book_test)

using namespace chancery;
using namespace chancery::actors;
using tests::seal_fixture;
using tests::small_store;

namespace {

void put_chain(small_store& s, const crypto::key_id& key,
               const std::vector<crypto::certificate>& chain) {
  storage::certificate_chain rows;
  for (const auto& c : chain)
    rows.push_back(c.der());
  auto transaction = s.store->write();
  transaction.put_certificates(chain.front().id(), rows);
  transaction.enrol(key, chain.front().id(), 1);
  transaction.commit();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_keys_chain_is_judged_at_any_time) {
  const seal_fixture f;
  small_store s;
  const auto leaf = f.issue(0);
  put_chain(s, f.key(0).id(), {leaf, f.authority.own()});
  const auto view = s.store->read();
  certificate_book book(view);
  const auto chain = book.current(view, f.key(0).id());
  BOOST_REQUIRE(chain.has_value());
  BOOST_TEST((chain->leaf == leaf));
  BOOST_TEST(chain->issuers.empty());
  BOOST_TEST((chain->root == f.authority.own()));
  BOOST_TEST(!book.current(view, f.key(1).id()).has_value());
  using enum crypto::certificate_verdict;
  const auto at = [&](std::int64_t later) {
    return book.judge(*chain, f.seconds() + later).verdict;
  };
  BOOST_TEST((at(0) == valid));
  BOOST_TEST((at(-1) == not_yet_valid));
  BOOST_TEST((at(91 * 86'400) == expired));
}

BOOST_AUTO_TEST_CASE(stored_lists_revoke) {
  const seal_fixture f;
  small_store s;
  const auto leaf = f.issue(0);
  put_chain(s, f.key(0).id(), {leaf, f.authority.own()});
  const auto list = f.revoke({leaf});
  auto transaction = s.store->write();
  transaction.put_revocation_list(list.issuer_key_id(), list.der());
  transaction.commit();
  const auto view = s.store->read();
  certificate_book book(view);
  BOOST_TEST(book.lists().size() == 1);
  const auto finding =
      book.judge(book.chain_of(view, leaf.id()), f.seconds() + 1);
  BOOST_TEST((finding.verdict == crypto::certificate_verdict::revoked));
  BOOST_TEST(finding.revocation_known);
}

BOOST_AUTO_TEST_CASE(authorities_are_listed_once) {
  const seal_fixture f;
  small_store s;
  put_chain(s, f.key(0).id(), {f.issue(0), f.authority.own()});
  put_chain(s, f.key(1).id(), {f.issue(1), f.authority.own()});
  const auto all = stored_authorities(s.store->read());
  BOOST_REQUIRE(all.size() == 1);
  BOOST_TEST((all.front() == f.authority.own()));
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_said) {
  const seal_fixture f;
  small_store s;
  const auto leaf = f.issue(0);
  auto transaction = s.store->write();
  const std::vector<std::byte> rubbish(40, std::byte{0x30});
  transaction.put_certificates(leaf.id(), {rubbish, rubbish});
  transaction.enrol(f.key(0).id(), leaf.id(), 1);
  transaction.enrol(f.key(1).id(), f.issue(1).id(), 1);
  transaction.commit();
  const auto view = s.store->read();
  certificate_book book(view);
  BOOST_CHECK_THROW(book.current(view, f.key(0).id()), storage::corrupt);
  BOOST_CHECK_THROW(book.current(view, f.key(1).id()), storage::corrupt);
  auto more = s.store->write();
  more.put_revocation_list(rubbish, rubbish);
  more.commit();
  BOOST_CHECK_THROW(certificate_book(s.store->read()), storage::corrupt);
}

BOOST_AUTO_TEST_SUITE_END()
