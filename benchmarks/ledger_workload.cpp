// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/ledger_workload.hpp"

#include "crypto/base/random.hpp"
#include "crypto/jose/jwe.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"

#include <fmt/format.h>

#include <atomic>
#include <thread>

namespace chancery::benchmarks {

ledger_cast::ledger_cast(std::size_t count)
    : node(crypto::make_node_identity(crypto::system_random())) {
  for (std::size_t i = 0; i < count; ++i)
    clients.push_back(crypto::private_key::generate(crypto::curve::p256,
                                                    crypto::system_random()));
}

std::vector<std::string> seal_messages(const ledger_cast& cast,
                                       const ledger_workload& w,
                                       std::uint64_t sent,
                                       std::uint64_t count) {
  return seal_messages(cast.clients,
                       {.signing = cast.node.signing.public_half(),
                        .encryption = cast.node.encryption.public_half(),
                        .block_size = w.block_size},
                       w, sent, count);
}

std::vector<std::string>
seal_messages(const std::vector<crypto::private_key>& clients,
              const crypto::node_keys& node, const ledger_workload& w,
              std::uint64_t sent, std::uint64_t count) {
  std::vector<std::string> sealed(count);
  std::atomic<std::uint64_t> next{0};
  const auto work = [&] {
    const auto signer =
        crypto::make_batch_signer(crypto::provider::openssl,
                                  crypto::curve::p256, crypto::system_random());
    const auto body = '"' + std::string(w.body_size, 'x') + '"';
    for (auto i = next++; i < count; i = next++) {
      const auto& client = clients[(sent + i) % clients.size()];
      const auto payload = crypto::to_json(
          crypto::message{client.id(), (sent + i) / clients.size() + 1,
                          "2026-01-01T00:00:00Z", node.signing.id(), body});
      sealed[i] = crypto::seal_jwe(
          crypto::sign_jws(*signer, client, crypto::message_type, payload),
          node.encryption, crypto::message_type);
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < w.threads; ++t)
    threads.emplace_back(work);
  threads.clear();
  return sealed;
}

fresh_ledger::fresh_ledger(const ledger_cast& cast, const ledger_workload& w)
    : folder_(new_folder(w.folder)) {
  storage::ledger_store::create(folder_, {cast.node.id(), w.block_size});
  store_.emplace(folder_);
  auto transaction = store_->write();
  for (const auto& client : cast.clients)
    transaction.put_client(client.id(), client.public_half().point());
  transaction.commit();
}

fresh_ledger::~fresh_ledger() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

} // namespace chancery::benchmarks
