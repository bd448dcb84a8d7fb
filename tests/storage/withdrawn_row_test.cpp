// SPDX-License-Identifier: Apache-2.0
#include "storage/withdrawn_row.hpp"

#include "storage/errors.hpp"
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(withdrawn_row_test)

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

withdrawn_row some_row() {
  return {7, 3, row_of(5, 10), 99, signatures_of(7, 1), "a bit was lost"};
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_encoded_is_decoded) {
  const auto row = some_row();
  const auto key = withdrawn_key(7, 3);
  const auto value = encode(row);
  BOOST_TEST(key.size() == 16u);
  BOOST_TEST(value.size() == 8 + 55 + 8 + 64 + row.reason.size());
  const auto back = decode_withdrawn_row(as_bytes(key), as_bytes(value), 64);
  BOOST_TEST((back == row));
}

BOOST_AUTO_TEST_CASE(every_cut_is_corrupt_or_has_a_shorter_reason) {
  const auto key = withdrawn_key(7, 3);
  const auto value = encode(some_row());
  const auto decode = [&](const std::string& k, const std::string& v) {
    return decode_withdrawn_row(as_bytes(k), as_bytes(v), 64);
  };
  for (std::size_t n = 0; n < value.size(); ++n)
    if (n <= 8 + 55 + 8 + 64)
      BOOST_CHECK_THROW(decode(key, value.substr(0, n)), corrupt);
    else
      BOOST_CHECK_NO_THROW(decode(key, value.substr(0, n)));
  BOOST_CHECK_THROW(decode(key.substr(1), value), corrupt);
  BOOST_CHECK_THROW(decode(key + "x", value), corrupt);
  BOOST_CHECK_THROW(decode(key, value + "\n"), corrupt);
}

BOOST_AUTO_TEST_CASE(a_reason_is_one_readable_line) {
  BOOST_TEST(is_withdrawal_reason("a"));
  BOOST_TEST(is_withdrawal_reason("fault of w1: \xc3\xa4 \xe2\x82\xac "
                                  "\xf0\x9f\x92\xa9"));
  BOOST_TEST(is_withdrawal_reason(std::string(1000, 'x')));
  BOOST_TEST(!is_withdrawal_reason(std::string(1001, 'x')));
  for (const char* bad : {"", "a\nb", "\t", "\x7f", "\xc2\x80", "\xc2",
                          "\xc0\xaf", "\x80", "\xe0\x80\xaf", "\xed\xa0\x80",
                          "\xf4\x90\x80\x80", "\xf5", "\xff", "\xe2\x82"})
    BOOST_TEST(!is_withdrawal_reason(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
