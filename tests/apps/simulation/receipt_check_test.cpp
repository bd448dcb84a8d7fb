// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/receipt_check.hpp"

#include "tests/apps/ledgers.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(receipt_check_test)

using namespace chancery;

namespace {

std::string fault(const tests::small_ledger& ledger,
                  const std::vector<actors::held_receipt>& held) {
  std::atomic<std::uint64_t> done{0};
  return apps::check_receipts(*ledger.store, ledger.node(), held, done);
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_the_ledger_has_holds) {
  const tests::small_ledger ledger(5);
  std::atomic<std::uint64_t> done{0};
  BOOST_TEST(apps::check_receipts(*ledger.store, ledger.node(), ledger.held(),
                                  done) == "");
  BOOST_TEST(done == 5U);
  BOOST_TEST(fault(ledger, {}) == "");
}

BOOST_AUTO_TEST_CASE(a_receipt_of_what_is_not_there_is_found) {
  const tests::small_ledger ledger(5);
  auto held = ledger.held();
  held[2].index = 5;
  BOOST_TEST(says(fault(ledger, held), "message 5, "));
  BOOST_TEST(says(fault(ledger, held), "it is not in the ledger"));
}

BOOST_AUTO_TEST_CASE(another_message_in_its_place_is_found) {
  const tests::small_ledger ledger(5);
  auto held = ledger.held();
  held[2].leaf[31] ^= 1;
  BOOST_TEST(says(fault(ledger, held), "message 2, "));
  BOOST_TEST(says(fault(ledger, held), "another message at its index"));
}

BOOST_AUTO_TEST_CASE(two_receipts_for_one_message_are_found) {
  const tests::small_ledger ledger(5);
  auto held = ledger.held();
  held.push_back(held[4]);
  BOOST_TEST(says(fault(ledger, held), "two receipts"));
}

BOOST_AUTO_TEST_CASE(a_stored_receipt_that_is_wrong_is_found) {
  using maker = std::string (*)(const tests::small_ledger&, const std::string&);
  const std::pair<maker, const char*> cases[]{
      {[](const auto& ledger, const auto& jws) {
         auto receipt = ledger.receipt_of(jws, 1);
         auto& last = receipt[receipt.size() - 2];
         last = last == 'A' ? 'B' : 'A';
         return receipt;
       },
       "does not verify"},
      {[](const auto& ledger, const auto& jws) {
         return ledger.receipt_of(jws, 7);
       },
       "differs from the client's"},
      {[](const auto& ledger, const auto&) {
         return ledger.receipt_of("another message", 1);
       },
       "differs from the client's"},
      {[](const auto&, const auto& jws) { return jws; }, "cannot be parsed"}};
  for (const auto& [make, word] : cases) {
    tests::small_ledger ledger(1);
    const auto jws = ledger.client.message(ledger.client.payload(2));
    ledger.append(jws, make(ledger, jws));
    BOOST_TEST(says(fault(ledger, ledger.held()), word));
  }
}

BOOST_AUTO_TEST_SUITE_END()
