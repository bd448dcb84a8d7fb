// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace certificates_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  record_store store = new_store(folder.path() / "records");

  template <class Change>
  void change(Change&& change) {
    auto txn = store.write();
    change(txn);
    txn.commit();
  }
};

certificate_chain chain_of(const std::vector<std::string>& ders) {
  certificate_chain chain;
  for (const auto& der : ders)
    chain.push_back(as_bytes(der));
  return chain;
}

bool is_corrupt(const std::string& bytes) {
  return !text_of<corrupt>([&] {
            decode_certificates(as_bytes(bytes));
          }).empty();
}

} // namespace

} // namespace certificates_

BOOST_FIXTURE_TEST_SUITE(certificates_, fixture)

BOOST_AUTO_TEST_CASE(a_chain_is_found_by_its_leaf) {
  const std::vector<std::string> ders{"leaf", "issuer", "root"};
  for (int again = 0; again < 2; ++again)
    change([&](auto& txn) { txn.put_certificates({1}, chain_of(ders)); });
  const auto view = store.read();
  const auto chain = view.certificates_of({1});
  BOOST_REQUIRE(chain.has_value());
  BOOST_REQUIRE(chain->size() == 3u);
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST(same((*chain)[i], as_bytes(ders[i])));
  BOOST_TEST(!view.certificates_of({2}).has_value());
}

BOOST_AUTO_TEST_CASE(the_last_enrolment_of_a_key_counts) {
  change([&](auto& txn) {
    txn.enrol({2}, {20}, 5);
    txn.enrol({1}, {10}, 6);
    txn.enrol({2}, {21}, 7);
  });
  change([&](auto& txn) { txn.enrol({2}, {22}, 8); });
  const auto view = store.read();
  BOOST_TEST((view.enrolment_of({2}) == enrolment{{2}, 2, {22}, 8}));
  BOOST_TEST((view.enrolment_of({1}) == enrolment{{1}, 0, {10}, 6}));
  for (const key_name other : {key_name{}, key_name{1, 1}, key_name{3}})
    BOOST_TEST(!view.enrolment_of(other).has_value());
  std::string order;
  view.each_enrolment([&](const enrolment& row) {
    order += std::to_string(row.leaf.front()) + " ";
  });
  BOOST_TEST(order == "10 20 21 22 ");
}

BOOST_AUTO_TEST_CASE(an_issuer_has_one_revocation_list) {
  change([&](auto& txn) {
    txn.put_revocation_list(as_bytes("a"), as_bytes("first"));
    txn.put_revocation_list(as_bytes("b"), as_bytes("other"));
    txn.put_revocation_list(as_bytes("a"), as_bytes("second"));
  });
  std::string lists;
  store.read().each_revocation_list([&](auto issuer, auto der) {
    for (const auto part : {issuer, der})
      lists.append(reinterpret_cast<const char*>(part.data()), part.size());
    lists += ' ';
  });
  BOOST_TEST(lists == "asecond bother ");
}

BOOST_AUTO_TEST_CASE(sizes_are_limited) {
  const std::string large(certificate_size_max + 1, 'c');
  change([&](auto& txn) {
    BOOST_CHECK_THROW(txn.put_certificates({1}, {}), std::invalid_argument);
    BOOST_CHECK_THROW(txn.put_certificates({1}, chain_of({large})),
                      std::invalid_argument);
    BOOST_CHECK_THROW(
        txn.put_certificates(
            {1}, chain_of(std::vector<std::string>(chain_length_max + 1, "c"))),
        std::invalid_argument);
    BOOST_CHECK_THROW(
        txn.put_revocation_list(as_bytes(std::string(65, 'i')), as_bytes("l")),
        std::invalid_argument);
    BOOST_CHECK_THROW(txn.put_revocation_list({}, as_bytes("l")),
                      std::invalid_argument);
  });
}

BOOST_AUTO_TEST_CASE(what_is_not_written_is_corrupt) {
  const auto whole = encode(chain_of({"leaf", "root"}));
  for (std::size_t n = 0; n < whole.size(); ++n)
    BOOST_TEST(is_corrupt(whole.substr(0, n)));
  BOOST_TEST(!is_corrupt(whole));
  BOOST_TEST(is_corrupt(whole + "x"));
  BOOST_TEST(is_corrupt(std::string(1, '\0')));
  BOOST_TEST(is_corrupt(std::string("\1\0\0\0\0", 5)));

  const enrolment row{{1}, 2, {3}, 4};
  const auto key = enrolment_key(row.key, row.number);
  const auto value = encode(row);
  BOOST_TEST((decode_enrolment(as_bytes(key), as_bytes(value)) == row));
  BOOST_CHECK_THROW(decode_enrolment(as_bytes(key + "x"), as_bytes(value)),
                    corrupt);
  BOOST_CHECK_THROW(decode_enrolment(as_bytes(key), as_bytes(value.substr(1))),
                    corrupt);
}

BOOST_AUTO_TEST_SUITE_END()
