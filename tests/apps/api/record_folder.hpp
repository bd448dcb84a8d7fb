// SPDX-License-Identifier: Apache-2.0
#pragma once

// A data folder with one key, whose records a test stores and signs itself.

#include "apps/folders/data_folder.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"
#include "storage/record_store.hpp"
#include "tests/apps/ledgers.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace chancery::tests {

struct record_folder {
  void make() {
    const auto made = apps::make_data_folder(apps::data_folder(root),
                                             {.keys = 1,
                                              .curve = crypto::curve::p256,
                                              .secret = {},
                                              .map_size = {}});
    key.emplace(made.keys.keys().front().key);
    id = crypto::to_text(key->id());
  }

  storage::record_store open() const {
    return apps::data_folder(root).open_store(apps::data_folder::access::write,
                                              std::size_t{1} << 28);
  }

  /// Signs these records, at test_time_ms.
  void put_batch(storage::write_transaction& txn, std::uint64_t first,
                 std::uint32_t count) const {
    crypto::record_hasher hash(crypto::curve::p256);
    std::vector<std::byte> digests(32 * std::size_t{count});
    std::vector<std::byte> signatures(64 * std::size_t{count});
    for (std::uint32_t i = 0; i < count; ++i)
      hash(*txn.record(first + i),
           std::span(digests).subspan(32 * std::size_t{i}, 32));
    const crypto::key_run run{&*key, count};
    crypto::make_batch_signer(crypto::provider::openssl, crypto::curve::p256,
                              crypto::system_random())
        ->sign_batch({&run, 1}, digests, signatures);
    storage::batch_row row;
    row.first = first;
    row.count = count;
    row.fence = 0x100000002;
    row.key = key->id();
    row.time_ms = test_time_ms;
    BOOST_REQUIRE(txn.put_batch(row, signatures));
  }

  /// In which the key was lent once.
  void append_epoch(storage::write_transaction& txn) const {
    storage::epoch_opened epoch;
    epoch.epoch = 3;
    epoch.batch_size = 10;
    epoch.key_order = {key->id()};
    const storage::lease_lent lent{0x300000001, key->id(), false, 0, ""};
    for (const auto& e : {storage::event(epoch), storage::event(lent)})
      txn.append_event(crypto::bytes_of(storage::encode(e)));
  }

  temp_folder folder;
  std::filesystem::path root = folder.path() / "data";
  std::optional<crypto::private_key> key;
  std::string id; ///< of the key
};

} // namespace chancery::tests
