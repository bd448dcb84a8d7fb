// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/verify.hpp"

#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(verify_test)

using namespace chancery;
using namespace chancery::tests;
using actors::verify_options;
using actors::verify_result;

namespace {

constexpr std::uint64_t records = 300;

// A signed store, and copies of its records and signatures. A test changes the
// copies, and verify() checks a store made of them, because the store itself
// cannot change a row.
struct signed_records {
  signed_records() : keys(keyring_of(4)), original(records) {
    sign(original.store, keys, 25);
    const auto view = original.store.read();
    for (std::uint64_t id = 0; id < records; ++id) {
      const auto record = *view.record(id);
      const auto signature = *view.signature(id);
      texts.emplace_back(reinterpret_cast<const char*>(record.data()),
                         record.size());
      signatures.emplace_back(signature.begin(), signature.end());
    }
  }

  verify_result verify(const verify_options& options = {}) {
    store_fixture copy(0);
    auto transaction = copy.store.write();
    for (const auto& text : texts)
      transaction.append_record(bytes_of(text));
    const auto view = original.store.read();
    for (std::uint64_t id = 0; id < signed_before;) {
      const auto row = *view.batch_of(id);
      std::vector<std::byte> run;
      for (std::uint32_t i = 0; i < row.count; ++i)
        run.insert(run.end(), signatures[id + i].begin(),
                   signatures[id + i].end());
      BOOST_REQUIRE(transaction.put_batch(row, run));
      id += row.count;
    }
    transaction.commit();
    std::atomic<std::uint64_t> done{0};
    const std::atomic<bool> never{false};
    const auto result = actors::verify_signatures(
        copy.store, crypto::public_half(keys), options, done, never);
    BOOST_TEST(done == options.sample.value_or(records));
    return result;
  }

  crypto::keyring keys;
  store_fixture original;
  std::vector<std::string> texts;
  std::vector<std::vector<std::byte>> signatures;
  std::uint64_t signed_before = records; // ids below it: whole batches
};

verify_options threads(std::size_t n) { return {.threads = n}; }

} // namespace

BOOST_AUTO_TEST_CASE(all_that_was_signed_verifies) {
  signed_records s;
  const auto result = s.verify();
  BOOST_TEST(result.records == records);
  BOOST_TEST(result.checked == records);
  BOOST_TEST(result.wrong == 0u);
  BOOST_TEST(result.unsigned_records == 0u);
  BOOST_TEST(!result.first_wrong.has_value());
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_of_a_signature_is_found) {
  for (const std::size_t at : {0u, 31u, 32u, 63u}) {
    signed_records s;
    s.signatures[123][at] ^= std::byte{1};
    const auto result = s.verify();
    BOOST_TEST(result.wrong == 1u);
    BOOST_TEST((result.first_wrong == 123u));
    BOOST_TEST(contains(result.first_wrong_why, "does not verify"));
  }
}

BOOST_AUTO_TEST_CASE(swapped_signatures_are_found) {
  signed_records s;
  std::swap(s.signatures[50], s.signatures[51]);
  const auto result = s.verify();
  BOOST_TEST(result.wrong == 2u);
  BOOST_TEST((result.first_wrong == 50u));
}

BOOST_AUTO_TEST_CASE(a_changed_record_is_found) {
  signed_records s;
  s.texts[299] += " and more";
  s.texts[7].clear();
  const auto result = s.verify();
  BOOST_TEST(result.wrong == 2u);
  BOOST_TEST((result.first_wrong == 7u));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_in_the_keyring_is_found) {
  signed_records s;
  s.keys = keyring_of(3);
  const auto result = s.verify();
  BOOST_TEST(result.wrong > 0u);
  BOOST_TEST(contains(result.first_wrong_why, "is not in the keyring"));
}

BOOST_AUTO_TEST_CASE(records_without_a_signature_are_counted_and_not_wrong) {
  signed_records s;
  s.signed_before = 200;
  const auto result = s.verify();
  BOOST_TEST(result.checked == 200u);
  BOOST_TEST(result.unsigned_records == 100u);
  BOOST_TEST(result.wrong == 0u);
}

BOOST_AUTO_TEST_CASE(a_sample_has_the_size_that_was_asked_for) {
  signed_records s;
  for (const std::uint64_t sample : {0u, 1u, 7u, 299u, 300u}) {
    const auto result = s.verify({1, sample});
    BOOST_TEST(result.checked == sample);
    BOOST_TEST(result.records == records);
  }
  // Spread evenly: a sample of half the records takes every second one.
  s.signatures[10][0] ^= std::byte{1};
  BOOST_TEST(s.verify({1, 150}).wrong == 1u);
}

BOOST_AUTO_TEST_CASE(a_sample_over_the_table_is_the_table) {
  signed_records s;
  std::atomic<std::uint64_t> done{0};
  const std::atomic<bool> never{false};
  const auto result =
      actors::verify_signatures(s.original.store, crypto::public_half(s.keys),
                                {1, 1'000'000}, done, never);
  BOOST_TEST(result.checked == records);
}

BOOST_AUTO_TEST_CASE(several_threads_give_the_same_answer) {
  signed_records s;
  for (const auto id : {3u, 77u, 250u})
    s.signatures[id][5] ^= std::byte{4};
  for (const std::size_t n : {0u, 1u, 2u, 5u}) {
    const auto result = s.verify(threads(n));
    BOOST_TEST(result.checked == records);
    BOOST_TEST(result.wrong == 3u);
    BOOST_TEST((result.first_wrong == 3u));
  }
}

BOOST_AUTO_TEST_CASE(it_stops_when_it_is_told_to) {
  signed_records s;
  std::atomic<std::uint64_t> done{0};
  const std::atomic<bool> stop{true};
  const auto result = actors::verify_signatures(
      s.original.store, crypto::public_half(s.keys), {}, done, stop);
  BOOST_TEST(result.checked == 0u);
}

// A service signs on meanwhile.
BOOST_AUTO_TEST_CASE(a_shared_snapshot_shows_one_moment_to_all_threads) {
  signed_records s;
  auto& store = s.original.store;
  const auto view = store.read();
  auto transaction = store.write();
  for (int i = 0; i < 5'000; ++i)
    transaction.append_record(bytes_of("later"));
  storage::batch_row row;
  row.first = records;
  row.count = 10;
  BOOST_REQUIRE(transaction.put_batch(row, std::vector<std::byte>(640)));
  transaction.commit();
  for (const std::size_t n : {1, 4}) {
    auto options = threads(n);
    options.view = &view;
    std::atomic<std::uint64_t> done{0};
    const std::atomic<bool> never{false};
    const auto keys = crypto::public_half(s.keys);
    const auto result =
        actors::verify_signatures(store, keys, options, done, never);
    BOOST_TEST(result.records == records);
    BOOST_TEST(result.checked == records);
    BOOST_TEST(result.wrong == 0u);
    options.view = nullptr;
    const auto today =
        actors::verify_signatures(store, keys, options, done, never);
    BOOST_TEST(today.records == records + 5'000);
    BOOST_TEST(today.wrong == 10u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
