// SPDX-License-Identifier: Apache-2.0
#include "storage/errors.hpp"
#include "storage/journal.hpp"
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

BOOST_AUTO_TEST_SUITE(journal)

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

std::mt19937_64& source() {
  static std::mt19937_64 random(20261121);
  return random;
}

template <class T>
T any() {
  return static_cast<T>(source()());
}

template <std::size_t N>
std::array<std::uint8_t, N> any_bytes() {
  std::array<std::uint8_t, N> out{};
  for (auto& byte : out)
    byte = any<std::uint8_t>();
  return out;
}

epoch_opened any_opened() {
  epoch_opened e{
      any<std::uint32_t>(), any_bytes<16>(),      any<std::uint32_t>(),
      any<std::uint8_t>(),  any<std::uint32_t>(), any<unsigned>() % 2 == 1,
      any<std::uint64_t>(), any<std::uint64_t>(), {}};
  for (unsigned n = any<unsigned>() % 5; n > 0; --n)
    e.key_order.push_back(any_bytes<32>());
  return e;
}

batch_row any_row() {
  return {any<std::uint64_t>(), any<std::uint32_t>(),
          any<std::uint64_t>(), any_bytes<32>(),
          any<std::uint16_t>(), static_cast<short_reason>(any<unsigned>() % 5),
          any<std::uint64_t>()};
}

signatures_withdrawn any_withdrawal() {
  signatures_withdrawn e{any<std::uint64_t>(), any_row(), {}};
  e.row.count = 100;
  for (std::uint32_t at = any<unsigned>() % 10; at < 90;) {
    const std::uint32_t count = 1 + any<unsigned>() % 10;
    e.runs.push_back({e.row.first + at, count});
    at += count + 1 + any<unsigned>() % 20;
  }
  return e;
}

event any_event() {
  switch (any<unsigned>() % 7) {
  case 0:
    return any_opened();
  case 1:
    return lease_lent{any<std::uint64_t>(), any_bytes<32>(),
                      any<unsigned>() % 2 == 1, any<std::uint32_t>(),
                      std::string(any<unsigned>() % 20, 'w')};
  case 2:
    return lease_returned{any<std::uint64_t>()};
  case 3:
    return lease_lost{any<std::uint64_t>()};
  case 4:
    return any_withdrawal();
  case 5:
    return workers_verified{any<std::uint32_t>(), worker_policy::sample, 7};
  default:
    return epoch_closed{any<std::uint32_t>(), any<std::uint64_t>()};
  }
}

std::string hex(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

bool refused(const std::string& encoded) {
  return !text_of<corrupt>([&] { decode_event(as_bytes(encoded)); }).empty();
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_encoded_is_decoded) {
  for (int i = 0; i < 2000; ++i) {
    const event e = any_event();
    BOOST_TEST((decode_event(as_bytes(encode(e))) == e));
    const batch_row row = any_row();
    BOOST_TEST((decode_batch_row(row.first, as_bytes(encode(row))) == row));
  }
}

BOOST_AUTO_TEST_CASE(the_bytes_are_those_that_are_drawn) {
  BOOST_TEST(hex(encode(event(lease_returned{0x0102030405060708}))) ==
             "030102030405060708");
  BOOST_TEST(hex(encode(event(lease_lost{1}))) == "040000000000000001");
  BOOST_TEST(hex(encode(event(epoch_closed{2, 3}))) ==
             "05000000020000000000000003");
  lease_lent lent{5, {}, true, 0x1000, "w1"};
  lent.key.fill(0xab);
  std::string key;
  for (int i = 0; i < 32; ++i)
    key += "ab";
  BOOST_TEST(hex(encode(event(lent))) ==
             "020000000000000005" + key + "01000010007731");
  epoch_opened opened{1, {}, 100, 2, 9, false, 10, 11, {lent.key}};
  BOOST_TEST(hex(encode(event(opened))) == "0100000001" + std::string(32, '0') +
                                               "00000064"
                                               "02"
                                               "00000009"
                                               "00"
                                               "000000000000000a"
                                               "000000000000000b" +
                                               key);
  batch_row row{77, 3, 4, lent.key, 1, short_reason::waited, 5};
  BOOST_TEST(hex(encode(row)) ==
             "000000030000000000000004" + key + "0001030000000000000005");
  BOOST_TEST(encode(row).size() == 55u);
}

BOOST_AUTO_TEST_CASE(every_cut_is_corrupt_or_another_event) {
  for (int i = 0; i < 300; ++i) {
    const event e = any_event();
    const std::string whole = encode(e);
    for (std::size_t n = 0; n < whole.size(); ++n) {
      const std::string cut = whole.substr(0, n);
      try {
        // Only a list or a name may be cut: the rest is a valid event, but a
        // different one.
        const event other = decode_event(as_bytes(cut));
        BOOST_TEST((other != e));
        BOOST_TEST(encode(other) == cut);
        BOOST_TEST((e.index() <= 1 || e.index() == 5));
      } catch (const corrupt&) {
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_batch_row_is_corrupt) {
  const std::string whole = encode(any_row());
  for (std::size_t n = 0; n < whole.size(); ++n)
    BOOST_CHECK_THROW(decode_batch_row(0, as_bytes(whole.substr(0, n))),
                      corrupt);
  BOOST_CHECK_THROW(decode_batch_row(0, as_bytes(whole + '\0')), corrupt);
}

BOOST_AUTO_TEST_CASE(what_encode_does_not_write_is_corrupt) {
  using namespace std::string_literals;
  BOOST_TEST(refused(""));
  BOOST_TEST(refused("\0"s));
  BOOST_TEST(refused("\6"s));
  BOOST_TEST(refused("\7"s));
  BOOST_TEST(refused("\10"s));
  BOOST_TEST(refused("\13"s));
  BOOST_TEST(refused("\xff"s));
  BOOST_TEST(refused(encode(event(lease_returned{1})) + '\0'));
  BOOST_TEST(refused(encode(event(lease_lost{1})) + '\0'));
  BOOST_TEST(refused(encode(event(epoch_closed{1, 1})) + '\0'));
  BOOST_TEST(refused(encode(event(epoch_opened{})) + '\0'));
  std::string lent = encode(event(lease_lent{}));
  lent[1 + 8 + 32] = 2; // the remote flag
  BOOST_TEST(refused(lent));
  std::string row = encode(batch_row{});
  row[46] = 5; // the reason
  BOOST_CHECK_THROW(decode_batch_row(0, as_bytes(row)), corrupt);
}

BOOST_AUTO_TEST_CASE(a_withdrawal_names_runs_in_order_within_its_batch) {
  const auto of = [](std::vector<id_run> runs) {
    return encode(event(signatures_withdrawn{1, row_of(10, 10), runs}));
  };
  BOOST_TEST(!refused(of({{10, 10}})));
  BOOST_TEST(!refused(of({{10, 1}, {12, 8}})));
  BOOST_TEST(refused(of({})));
  BOOST_TEST(refused(of({{9, 1}})));
  BOOST_TEST(refused(of({{20, 1}})));
  BOOST_TEST(refused(of({{10, 11}})));
  BOOST_TEST(refused(of({{12, 0}})));
  BOOST_TEST(refused(of({{12, 2}, {14, 1}}))); // they touch
  BOOST_TEST(refused(of({{12, 2}, {13, 1}})));
  BOOST_TEST(refused(of({{14, 1}, {12, 1}})));
}

BOOST_AUTO_TEST_CASE(a_withdrawal_leaves_a_row_for_each_other_run) {
  const auto left = [](std::vector<id_run> runs) {
    std::string text;
    for (const auto& piece :
         pieces_of({1, row_of(10, 10, 7), std::move(runs)})) {
      BOOST_TEST(piece.fence == 7u);
      BOOST_TEST((piece.reason == short_reason::withdrawn));
      text +=
          std::to_string(piece.first) + "+" + std::to_string(piece.count) + " ";
    }
    return text;
  };
  BOOST_TEST(left({{10, 10}}) == "");
  BOOST_TEST(left({{10, 1}}) == "11+9 ");
  BOOST_TEST(left({{19, 1}}) == "10+9 ");
  BOOST_TEST(left({{11, 2}, {15, 1}}) == "10+1 13+2 16+4 ");
}

BOOST_AUTO_TEST_CASE(the_policy_for_workers_is_one_of_two) {
  const auto of = [](unsigned policy, std::uint32_t share) {
    return encode(
        event(workers_verified{3, static_cast<worker_policy>(policy), share}));
  };
  BOOST_TEST(hex(of(2, 100)) == "0a000000030200000064");
  BOOST_TEST(!refused(of(1, 1)));
  BOOST_TEST(refused(of(1, 2)));
  BOOST_TEST(!refused(of(2, 1)));
  BOOST_TEST(refused(of(2, 0)));
  BOOST_TEST(refused(of(0, 1)));
  BOOST_TEST(refused(of(3, 1)));
}

BOOST_AUTO_TEST_CASE(random_bytes_never_decode_to_something_else) {
  for (int i = 0; i < 20000; ++i) {
    std::string noise(any<unsigned>() % 80, '\0');
    for (char& c : noise)
      c = any<char>();
    if (!noise.empty())
      noise[0] = static_cast<char>(any<unsigned>() % 12);
    try {
      BOOST_TEST(encode(decode_event(as_bytes(noise))) == noise);
    } catch (const corrupt&) {
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
