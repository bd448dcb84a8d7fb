// SPDX-License-Identifier: Apache-2.0
// Two batches that share records reach the store, as if two processes had
// signed the same data: the second must be refused whole. With that check off
// its other records are stored, and the audit must detect it.
#include <boost/test/unit_test.hpp>

#include "checker.hpp"

#include "../temp_folder.hpp"
#include "actors/audit/audit.hpp"
#include "actors/signing/epoch.hpp"
#include "actors/signing/lease_book.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/providers/provider.hpp"
#include "tests/defence_switch.hpp"

#include <string>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(whole_batch_test)

namespace {

constexpr std::uint64_t record_count = 8;

struct overlap {
  explicit overlap(bool check_whole_batch) {
    storage::store_options options;
    options.sync = false;
    defence_switch::whole_batches(options.defended) = check_whole_batch;
    storage::store_info info;
    info.signature_size = 64;
    const auto path = folder.path() / "records";
    storage::record_store::create(path, info, options);
    store = std::make_unique<storage::record_store>(path, options);
    auto transaction = store->write();
    for (std::uint64_t i = 0; i < record_count; ++i)
      transaction.append_record({});
    transaction.commit();

    for (const auto& entry : keys.keys())
      public_keys.keys.push_back({entry.key.public_half(), entry.state});
    actors::epoch_options opening;
    opening.batch_size = 5;
    book = std::make_unique<actors::lease_book>(
        actors::open_epoch(
            *store, {keys.keys()[0].key.id(), keys.keys()[1].key.id()}, opening)
            .entry.epoch,
        std::vector{keys.keys()[0].key.id(), keys.keys()[1].key.id()});
  }

  // Signs correctly, but the records 3 and 4 twice.
  bool store_batch(std::uint64_t first, storage::short_reason reason) {
    const auto lent = book->lend(1, {}).front();
    const auto& key =
        keys.keys()[lent.key == keys.keys()[0].key.id() ? 0 : 1].key;
    std::string digests(5 * 32, '\0');
    crypto::record_hasher hash(crypto::curve::p256);
    for (std::size_t i = 0; i < 5; ++i)
      hash(std::span<const std::byte>(),
           std::as_writable_bytes(std::span(digests)).subspan(i * 32));
    std::string signatures(5 * 64, '\0');
    const crypto::key_run run{&key, 5};
    crypto::make_batch_signer(crypto::provider::openssl, crypto::curve::p256,
                              crypto::system_random())
        ->sign_batch({&run, 1}, std::as_bytes(std::span(digests)),
                     std::as_writable_bytes(std::span(signatures)));
    uses.push_back({lent.key, lent.fence, true});
    uses.push_back({lent.key, lent.fence, false});

    storage::batch_row row;
    row.first = first;
    row.count = 5;
    row.fence = lent.fence;
    row.key = lent.key;
    row.reason = reason;
    auto transaction = store->write();
    const auto event = storage::encode(
        storage::lease_lent{lent.fence, lent.key, false, 0, ""});
    transaction.append_event(std::as_bytes(std::span(event)));
    const bool stored =
        transaction.put_batch(row, std::as_bytes(std::span(signatures)));
    transaction.commit();
    return stored;
  }

  temp_folder folder;
  crypto::keyring keys{crypto::curve::p256, 2, crypto::system_random()};
  crypto::public_keyring public_keys{crypto::curve::p256, {}};
  std::unique_ptr<storage::record_store> store;
  std::unique_ptr<actors::lease_book> book;
  use_log uses;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_batch_that_shares_a_record_is_refused_whole) {
  overlap o(true);
  BOOST_CHECK(o.store_batch(0, storage::short_reason::full));
  BOOST_CHECK(!o.store_batch(3, storage::short_reason::full));
  BOOST_CHECK_EQUAL(o.store->read().signature_count(), 5);
  const auto wrong = check(*o.store, o.public_keys, o.uses);
  BOOST_CHECK_MESSAGE(!wrong, wrong.value_or(""));
}

BOOST_AUTO_TEST_CASE(without_the_whole_batch_check_a_rule_breaks) {
  overlap o(false);
  BOOST_CHECK(o.store_batch(0, storage::short_reason::full));
  (void)o.store_batch(3, storage::short_reason::full);
  BOOST_CHECK(check(*o.store, o.public_keys, o.uses));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
