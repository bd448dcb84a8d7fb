// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/ledger_jobs.hpp"

#include "actors/audit/chain_verify.hpp"
#include "actors/systems/ledger_simulation.hpp"
#include "benchmarks/on_threads.hpp"
#include "crypto/base/random.hpp"
#include "crypto/ledger/block.hpp"

#include <caf/event_based_actor.hpp>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <span>
#include <stdexcept>

namespace chancery::benchmarks {

namespace {

/// Messages that the driver keeps in flight.
constexpr std::uint64_t window = 1'024;

crypto::provider fastest() {
  return crypto::provider_from_name("auto", crypto::curve::p256);
}

std::unique_ptr<crypto::batch_signer> new_signer() {
  return crypto::make_batch_signer(
      crypto::provider::openssl, crypto::curve::p256, crypto::system_random());
}

void derive_many(std::uint64_t count) {
  using key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  const key mine(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const key peer(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_pkey(nullptr, mine.get(), nullptr),
      EVP_PKEY_CTX_free);
  if (EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer_ex(context.get(), peer.get(), 0) != 1)
    throw std::runtime_error("libcrypto cannot set up an ECDH derivation");
  std::array<unsigned char, 32> secret{};
  for (std::uint64_t i = 0; i < count; ++i) {
    auto size = secret.size();
    EVP_PKEY_derive(context.get(), secret.data(), &size);
  }
}

void verify_many(const crypto::private_key& key, std::uint64_t count) {
  const auto verifier =
      crypto::make_verifier(crypto::provider::openssl, crypto::curve::p256);
  std::array<std::byte, 32> digest{};
  std::array<std::byte, 64> signature{};
  const crypto::key_run run{&key, 1};
  new_signer()->sign_batch({&run, 1}, digest, signature);
  for (std::uint64_t i = 0; i < count; ++i)
    if (!verifier->verify(key.public_half(), digest, signature))
      throw std::runtime_error("a signature does not verify");
}

void sign_many(const crypto::private_key& key, std::uint64_t count) {
  const auto signer = new_signer();
  std::array<std::byte, 32> digest{};
  std::array<std::byte, 64> signature{};
  const crypto::key_run run{&key, 1};
  for (std::uint64_t i = 0; i < count; ++i)
    signer->sign_batch({&run, 1}, digest, signature);
}

// Keeps `window` messages in flight until all are confirmed.
struct driver {
  const std::vector<std::string>* sealed = nullptr;
  actors::node_actor node;
  std::promise<std::string> done;
  std::uint64_t next = 0;
  std::uint64_t confirmed = 0;

  void send(caf::event_based_actor* self) {
    self->request(node, caf::infinite, actors::submit_atom_v, (*sealed)[next++])
        .then(
            [this, self](const actors::acknowledgement&) {
              if (++confirmed == sealed->size())
                done.set_value({});
              else if (next < sealed->size())
                send(self);
            },
            [this, self](const caf::error& e) {
              done.set_value(actors::sentence(e));
              self->quit();
            });
  }
};

actors::ledger_node_options options_for(const ledger_workload& w,
                                        crypto::provider provider) {
  actors::ledger_node_options options;
  options.validators = w.threads;
  options.provider = provider;
  return options;
}

} // namespace

raw_costs run_raw_costs(const ledger_cast& cast, const ledger_workload& w) {
  raw_costs costs;
  const auto each = w.messages / w.threads;
  const auto timed = [&](const auto& work) {
    const stopwatch watch;
    on_threads(w.threads, work);
    return watch.stop(each * w.threads);
  };
  costs.ecdh = timed([&](std::size_t) { derive_many(each); });
  costs.verify =
      timed([&](std::size_t t) { verify_many(cast.clients[t], each); });
  costs.sign = timed([&](std::size_t) { sign_many(cast.node.signing, each); });
  return costs;
}

measure run_blocks(const ledger_cast& cast, const ledger_workload& w) {
  const std::vector<crypto::merkle_hash> leaves(w.block_size);
  const auto signer = new_signer();
  const crypto::key_run run{&cast.node.signing, 1};
  std::array<std::byte, 64> signature{};
  crypto::block_header header;
  header.count = w.block_size;
  const auto blocks = w.messages / w.block_size;
  const stopwatch watch;
  for (std::uint64_t i = 0; i < blocks; ++i) {
    header.index = i;
    header.root = crypto::merkle_root(leaves);
    header.previous = crypto::block_hash(crypto::encode(header));
    signer->sign_batch({&run, 1}, std::as_bytes(std::span(header.previous)),
                       signature);
  }
  return watch.stop(blocks * w.block_size);
}

running_node::running_node(const ledger_cast& cast, const ledger_workload& w,
                           fresh_ledger& ledger)
    : running_node(cast, w, ledger, fastest()) {}

running_node::running_node(const ledger_cast& cast, const ledger_workload& w,
                           fresh_ledger& ledger, crypto::provider provider)
    : system_(ledger.store(), cast.node, options_for(w, provider), 1) {}

measure running_node::run(const std::vector<std::string>& sealed) {
  const auto work = std::make_shared<driver>();
  work->sealed = &sealed;
  work->node = system_.node();
  auto done = work->done.get_future();
  const stopwatch watch;
  system_.system().spawn([work](caf::event_based_actor* self) {
    for (std::uint64_t i = 0; i < window && i < work->sealed->size(); ++i)
      work->send(self);
  });
  const auto failure = done.get();
  const auto m = watch.stop(sealed.size());
  if (!failure.empty())
    throw std::runtime_error(failure);
  return m;
}

measure run_clients(const ledger_cast& cast, const ledger_workload& w) {
  fresh_ledger ledger(cast, w);
  actors::ledger_simulation_options options;
  options.clients = w.clients;
  const auto each = w.messages / w.clients;
  options.rate = static_cast<double>(each);
  options.duration = 1;
  options.speed = 1e6; // no pauses: each client only waits for its receipts
  options.body_size = w.body_size;
  options.node = options_for(w, fastest());
  actors::ledger_progress progress;
  const std::atomic<bool> stop{false};
  const stopwatch watch;
  const auto result = actors::simulate_ledger(ledger.store(), cast.node,
                                              options, stop, progress);
  const auto m = watch.stop(result.accepted);
  if (result.accepted != result.sent || result.sent == 0)
    throw std::runtime_error("not every message was accepted");
  return m;
}

measure run_verify(const ledger_cast& cast, const ledger_workload& w,
                   fresh_ledger& ledger) {
  std::atomic<std::uint64_t> done{0};
  const std::atomic<bool> stop{false};
  const stopwatch watch;
  const auto report =
      actors::verify_chain(ledger.store(), cast.node.signing.public_half(),
                           {.threads = w.threads}, done, stop);
  const auto m = watch.stop(report.messages);
  if (!report.passed)
    throw std::runtime_error("the chain does not verify");
  return m;
}

} // namespace chancery::benchmarks
