// SPDX-License-Identifier: Apache-2.0
#include "storage/errors.hpp"
#include "storage/journal.hpp"
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <stdexcept>

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
  if (any<unsigned>() % 2 == 1)
    e.max_wait_ms = any<std::uint32_t>();
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

leases_lent any_lent_together() {
  leases_lent e{any<std::uint64_t>() >> 8 << 8,
                any<unsigned>() % 2 == 1,
                any<std::uint32_t>(),
                {},
                std::string(any<unsigned>() % 20, 'w')};
  for (unsigned n = 2 + any<unsigned>() % 30; n > 0; --n)
    e.keys.push_back(any_bytes<32>());
  return e;
}

format_announced any_announced() {
  format_announced e{any<std::uint32_t>(),
                     signature_format::jades,
                     std::string(any<unsigned>() % 20, 'j'),
                     {}};
  for (unsigned n = any<unsigned>() % 5; n > 0; --n)
    e.certificates.push_back(any_bytes<32>());
  return e;
}

event any_event() {
  switch (any<unsigned>() % 10) {
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
  case 6:
    return any_announced();
  case 7:
    return any_lent_together();
  case 8:
    return leases_returned{{any<std::uint64_t>(), any<std::uint64_t>()}};
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
  BOOST_TEST(hex(encode(event(
                 leases_lent{5, true, 0x1000, {lent.key, lent.key}, "w1"}))) ==
             "0b000000000000000501000010000002" + key + key + "7731");
  BOOST_TEST(hex(encode(event(leases_returned{{1, 2, 4}}))) ==
             "0c000000000000000100000000000000020000000000000004");
  epoch_opened opened{1, {}, 100, 2, 9, false, 10, 11, {lent.key}};
  BOOST_TEST(hex(encode(event(opened))) == "0100000001" + std::string(32, '0') +
                                               "00000064"
                                               "02"
                                               "00000009"
                                               "00"
                                               "000000000000000a"
                                               "000000000000000b" +
                                               key);
  opened.max_wait_ms = 250;
  BOOST_TEST(hex(encode(event(opened))) == "0600000001" + std::string(32, '0') +
                                               "00000064"
                                               "02"
                                               "00000009"
                                               "00"
                                               "000000000000000a"
                                               "000000000000000b"
                                               "000000fa" +
                                               key);
  BOOST_TEST(hex(encode(event(format_announced{7, 2, "json", {lent.key}}))) ==
             "08000000070002046a736f6e" + key);
  batch_row row{77, 3, 4, lent.key, 1, short_reason::waited, 5};
  BOOST_TEST(hex(encode(row)) ==
             "000000030000000000000004" + key + "0001030000000000000005");
  BOOST_TEST(encode(row).size() == 55u);
}

// epoch_opened, lease_lent, signatures_withdrawn, leases_lent, leases_returned,
// format_announced
constexpr std::size_t lists_or_names[] = {0, 1, 5, 7, 8, 9};

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
        const auto& kinds = lists_or_names;
        BOOST_TEST(
            (std::ranges::find(kinds, e.index()) != std::ranges::end(kinds)));
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
  BOOST_TEST(refused("\15"s));
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

BOOST_AUTO_TEST_CASE(an_event_of_leases_stands_for_one_event_each) {
  const key_name a{1}, b{2};
  const leases_lent lent{8, true, 9, {a, b}, "w"};
  BOOST_TEST(
      (leases_of(event_of(lent)) ==
       std::vector<lease_lent>{{8, a, true, 9, "w"}, {9, b, true, 9, "w"}}));
  BOOST_TEST((returns_of(event_of(leases_returned{{3, 5}})) ==
              std::vector<std::uint64_t>{3, 5}));
  // Alone they are the events that the journal always had.
  const leases_lent alone{8, true, 9, {a}, "w"};
  BOOST_TEST((event_of(alone) == event(lease_lent{8, a, true, 9, "w"})));
  BOOST_TEST((leases_of(event_of(alone)).size() == 1u));
  BOOST_TEST((event_of(leases_returned{{3}}) == event(lease_returned{3})));
  BOOST_TEST((returns_of(lease_returned{3}) == std::vector<std::uint64_t>{3}));
  BOOST_TEST(leases_of(lease_lost{3}).empty());
  BOOST_TEST(returns_of(lease_lost{3}).empty());
}

BOOST_AUTO_TEST_CASE(
    leases_that_are_not_together_are_neither_written_nor_read) {
  const auto unwritten = [](const event& e) {
    BOOST_CHECK_THROW(encode(e), std::invalid_argument);
  };
  unwritten(leases_lent{});
  unwritten(leases_lent{1, false, 0, {key_name{}}, ""});
  unwritten(leases_returned{});
  unwritten(format_announced{1, 2, std::string(256, 'j'), {}});
  unwritten(leases_returned{{1}});
  unwritten(leases_lent{1, false, 0, std::vector<key_name>(65'536), ""});
  const std::vector<key_name> two(2);
  const std::uint64_t last = 0x1ffffffff; // of epoch 1
  unwritten(leases_lent{last, false, 0, two, ""});
  BOOST_CHECK_NO_THROW(encode(event(leases_lent{last - 1, false, 0, two, ""})));

  auto bytes = encode(event(leases_lent{1, false, 0, two, ""}));
  auto changed = bytes;
  changed[15] = 1; // the number of leases
  BOOST_TEST(refused(changed));
  changed[15] = 3;
  BOOST_TEST(refused(changed));
  changed = bytes;
  changed[9] = 2; // the remote flag
  BOOST_TEST(refused(changed));
  bytes.replace(5, 4, "\xff\xff\xff\xff"); // the first lease's counter
  BOOST_TEST(refused(bytes));
  BOOST_TEST(refused(encode(event(leases_returned{{1, 2}})).substr(0, 9)));
  BOOST_TEST(refused(encode(event(leases_returned{{1, 2}})) + "x"));
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
      noise[0] = static_cast<char>(any<unsigned>() % 14);
    try {
      BOOST_TEST(encode(decode_event(as_bytes(noise))) == noise);
    } catch (const corrupt&) {
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
