// SPDX-License-Identifier: Apache-2.0
#pragma once

// Honest and dishonest histories for the audit: events and signed batches that
// a test changes before they are written to a store as if by a signing run.
// Signatures are real, by the key that each batch chooses.

#include "crypto/base/base64url.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/providers/provider.hpp"
#include "crypto/seals/jades_header.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace chancery::tests {

struct forged_batch {
  storage::batch_row row;
  std::size_t signing_key; ///< its place in the keyring
  /// Of seals: the certificate in the header.
  std::optional<crypto::certificate> leaf{};
};

class forged_history {
 public:
  static constexpr std::uint64_t records = 45;
  static constexpr std::size_t key_count = 4;

  crypto::keyring keys = keyring_of(key_count);
  std::vector<storage::event> events;
  std::vector<forged_batch> batches;
  /// The last records came later than the others, at a time that is known.
  std::optional<storage::arrival> arrival;
  /// The keys that the audit knows; unset: all.
  std::optional<crypto::keyring> known;
  /// Called before anything else is stored.
  std::function<void(storage::write_transaction&)> prepare;

  storage::key_name key(std::size_t n) const { return keys.keys()[n].key.id(); }

  void open(std::uint32_t epoch, std::uint32_t batch_size,
            const std::vector<std::size_t>& order) {
    storage::epoch_opened e;
    e.epoch = epoch;
    e.batch_size = batch_size;
    e.records = records;
    for (const auto n : order)
      e.key_order.push_back(key(n));
    events.emplace_back(e);
  }

  void lend(std::uint64_t fence, std::size_t n) {
    events.emplace_back(storage::lease_lent{fence, key(n), false, 0, ""});
  }

  void give_back(std::uint64_t fence) {
    events.emplace_back(storage::lease_returned{fence});
  }

  void sign(std::uint64_t fence, std::size_t n, std::uint64_t first,
            std::uint32_t count,
            storage::short_reason reason = storage::short_reason::full) {
    forged_batch batch;
    batch.row.first = first;
    batch.row.count = count;
    batch.row.fence = fence;
    batch.row.key = key(n);
    batch.row.reason = reason;
    batch.signing_key = n;
    batches.push_back(batch);
  }

  storage::epoch_opened& epoch(std::size_t event) {
    return std::get<storage::epoch_opened>(events.at(event));
  }

  storage::lease_lent& lease(std::size_t event) {
    return std::get<storage::lease_lent>(events.at(event));
  }

  actors::audit_report audit(const actors::audit_options& options = {}) const {
    const store_fixture f(records, unsynced(), keys.curve(),
                          [this](auto& store) { write(store); });
    return tests::audit(f.store, known.value_or(keys), options);
  }

  /// What a seal of that batch is over.
  static std::string signing_input(const crypto::certificate& leaf,
                                   const storage::batch_row& row,
                                   const std::string& record) {
    const std::span<const std::byte> chain[]{leaf.der()};
    return crypto::jades_header(crypto::curve::p256, "", chain)
               .encoded(crypto::jades_time(row.time_ms)) +
           "." + crypto::base64url_encode(bytes_of(record));
  }

  void write(storage::record_store& store) const {
    const auto signer = crypto::make_batch_signer(
        crypto::provider::openssl, keys.curve(), crypto::system_random());
    crypto::record_hasher hasher(keys.curve());
    auto transaction = store.write();
    if (prepare)
      prepare(transaction);
    if (arrival)
      transaction.put_arrival(*arrival);
    for (const auto& e : events) {
      const auto bytes = storage::encode(e);
      transaction.append_event(bytes_of(bytes));
    }
    for (const auto& [row, signing_key, leaf] : batches) {
      std::vector<std::byte> digests(std::size_t{row.count} * 32);
      std::vector<std::byte> signatures(std::size_t{row.count} * 64);
      for (std::size_t i = 0; i < row.count; ++i) {
        const auto record = record_of(row.first + i);
        const auto text = leaf ? signing_input(*leaf, row, record) : record;
        hasher(bytes_of(text), std::span(digests).subspan(32 * i));
      }
      const crypto::key_run run{&keys.keys()[signing_key].key, row.count};
      signer->sign_batch({&run, 1}, digests, signatures);
      BOOST_REQUIRE(transaction.put_batch(row, signatures));
    }
    transaction.commit();
  }
};

/// One epoch of batch size 10 that signed all records and closed. The events
/// are numbered in the comments, as tests change them by number.
inline forged_history honest_history() {
  forged_history h;
  h.open(1, 10, {0, 1, 2, 3});                        // 0
  h.lend(fence_of(1, 1), 0);                          // 1
  h.lend(fence_of(1, 2), 1);                          // 2
  h.give_back(fence_of(1, 1));                        // 3
  h.lend(fence_of(1, 3), 2);                          // 4
  h.give_back(fence_of(1, 2));                        // 5
  h.lend(fence_of(1, 4), 3);                          // 6
  h.give_back(fence_of(1, 3));                        // 7
  h.lend(fence_of(1, 5), 0);                          // 8
  h.give_back(fence_of(1, 4));                        // 9
  h.give_back(fence_of(1, 5));                        // 10
  h.events.emplace_back(storage::epoch_closed{1, 0}); // 11
  h.sign(fence_of(1, 1), 0, 0, 10);
  h.sign(fence_of(1, 2), 1, 10, 10);
  h.sign(fence_of(1, 3), 2, 20, 10);
  h.sign(fence_of(1, 4), 3, 30, 10);
  h.sign(fence_of(1, 5), 0, 40, 5, storage::short_reason::end);
  return h;
}

/// Two epochs that both crashed: the first stored one of the three batches that
/// were out, the second continued around that one with another batch size, and
/// left the end of the table unsigned.
inline forged_history crashed_history() {
  forged_history h;
  h.open(1, 10, {0, 1, 2, 3}); // 0
  h.lend(fence_of(1, 1), 0);   // 1
  h.lend(fence_of(1, 2), 1);   // 2
  h.lend(fence_of(1, 3), 2);   // 3
  h.open(2, 15, {3, 0, 1, 2}); // 4
  h.lend(fence_of(2, 1), 3);   // 5
  h.lend(fence_of(2, 2), 0);   // 6
  h.sign(fence_of(1, 3), 2, 20, 10);
  h.sign(fence_of(2, 1), 3, 0, 15);
  h.sign(fence_of(2, 2), 0, 15, 5, storage::short_reason::gap);
  return h;
}

/// Checks that only this rule is broken, and that its violation has the text.
inline void expect_broken(const forged_history& h, const std::string& rule,
                          const std::string& text,
                          const actors::audit_options& options = {}) {
  const auto report = h.audit(options);
  const auto found = violations(report);
  BOOST_TEST(!report.passed);
  BOOST_TEST(found.starts_with(rule + ": "), found);
  BOOST_TEST(contains(found, text), found);
  BOOST_TEST(found.find('\n') == found.size() - 1, found);
}

} // namespace chancery::tests
