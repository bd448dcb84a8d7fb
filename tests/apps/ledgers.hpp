// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small ledger for tests, built without actors: messages of one client,
// receipts and one block, signed as a node would sign them.

#include "actors/ledger/chain.hpp"
#include "actors/systems/ledger_simulation.hpp"
#include "apps/simulation/attacker.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/block.hpp"
#include "crypto/ledger/merkle.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/ledger/node_identity.hpp"
#include "storage/ledger_store.hpp"
#include "tests/temp_folder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chancery::tests {

inline constexpr std::uint64_t test_time_ms = 1'767'225'600'000; // 2026

class small_ledger {
 public:
  explicit small_ledger(std::uint32_t messages = 5)
      : identity(crypto::make_node_identity(crypto::system_random())),
        client(keys(messages)) {
    storage::ledger_options options;
    options.map_size = std::size_t{1} << 26;
    options.sync = false;
    storage::ledger_store::create(
        folder.path(), {.node = identity.id(), .block_size = messages},
        options);
    store.emplace(folder.path(), options);
    for (std::uint64_t i = 0; i < messages; ++i)
      append(client.message(client.payload(i + 1)));
    seal();
  }

  crypto::node_keys keys(std::uint32_t block_size) const {
    return {.signing = identity.signing.public_half(),
            .encryption = identity.encryption.public_half(),
            .block_size = block_size};
  }

  const crypto::public_key& node() const {
    return identity.signing.public_half();
  }

  std::string receipt_of(const std::string& jws, std::uint64_t index) const {
    return crypto::sign_jws(
        *signer, identity.signing, crypto::receipt_type,
        crypto::to_json(
            crypto::receipt{.node = identity.id(),
                            .client = client.id(),
                            .sequence = index + 1,
                            .index = index,
                            .leaf = crypto::merkle_leaf(crypto::bytes_of(jws)),
                            .time_ms = test_time_ms,
                            .block = std::nullopt}));
  }

  /// `receipt` is the node's own unless another is given.
  void append(const std::string& jws, std::string receipt = "") {
    if (receipt.empty())
      receipt = receipt_of(jws, messages.size());
    auto t = store->write();
    t.append_message({.client = client.id(),
                      .sequence = messages.size() + 1,
                      .message = crypto::bytes_of(jws),
                      .receipt = crypto::bytes_of(receipt)});
    t.commit();
    messages.push_back(jws);
  }

  std::vector<actors::held_receipt> held() const {
    std::vector<actors::held_receipt> all;
    for (const auto& jws : messages)
      all.push_back({.index = all.size(),
                     .leaf = crypto::merkle_leaf(crypto::bytes_of(jws))});
    return all;
  }

  actors::sealed_block block() const {
    return actors::block_at(store->read(), 0).value();
  }

  temp_folder folder;
  crypto::node_identity identity;
  apps::attacker client;
  std::unique_ptr<crypto::batch_signer> signer = crypto::make_batch_signer(
      crypto::provider::openssl, crypto::curve::p256, crypto::system_random());
  std::optional<storage::ledger_store> store;
  std::vector<std::string> messages;

 private:
  void seal() {
    std::vector<crypto::merkle_hash> leaves;
    for (const auto& one : held())
      leaves.push_back(one.leaf);
    const auto bytes =
        crypto::encode({.index = 0,
                        .previous = {},
                        .root = crypto::merkle_root(leaves),
                        .first_message = 0,
                        .count = static_cast<std::uint32_t>(leaves.size()),
                        .time_ms = test_time_ms,
                        .node = identity.id()});
    const auto hash = crypto::block_hash(bytes);
    std::array<std::byte, 64> signature{};
    const crypto::key_run run{&identity.signing, 1};
    signer->sign_batch({&run, 1}, std::as_bytes(std::span(hash)), signature);
    auto t = store->write();
    t.append_block(hash, bytes, signature);
    t.commit();
  }
};

} // namespace chancery::tests
