// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/null_signer.hpp"

#include "actors/signing/unit.hpp"

#include <algorithm>
#include <thread>
#include <unistd.h>
#include <utility>

namespace chancery::benchmarks {

void null_signer_state::configure(const null_signer_config& config,
                                  actors::keyring_actor keyring,
                                  actors::dispatcher_actor dispatcher) {
  config_ = config;
  keyring_ = std::move(keyring);
  dispatcher_ = std::move(dispatcher);
}

void null_signer_state::start() {
  config_.threads->add(::gettid());
  hasher_.emplace(*config_.store, config_.curve);
  busy_until_ = std::chrono::steady_clock::now();
  for (; chains_ < config_.units_outstanding; ++chains_)
    fetch({});
}

void null_signer_state::fetch(std::string returned) {
  actors::borrow_request request;
  request.count = config_.leases_per_unit;
  request.instance.assign(16, 'i');
  request.nonce = ++nonce_;
  request.returned = std::move(returned);
  self_
      ->request(keyring_, caf::infinite, actors::fetch_atom_v,
                std::move(request))
      .then([this](actors::unit& u) { work(std::move(u)); },
            [this](caf::error& e) { self_->quit(std::move(e)); });
}

void null_signer_state::work(actors::unit u) {
  if (u.batches.empty()) {
    self_->send(keyring_, actors::give_back_atom_v, std::move(u.leases));
    if (--chains_ == 0)
      self_->quit();
    return;
  }
  const auto batches = actors::decode_unit_batches(u.batches);
  std::uint64_t records = 0;
  for (const auto& batch : batches)
    records += batch.count;
  if (config_.hashes)
    hasher_->digests_of(batches);
  pretend(records);
  self_->send(
      dispatcher_, actors::hand_in_atom_v,
      actors::unit_result{
          std::move(u.batches),
          std::string(records * crypto::signature_size(config_.curve), '\0')});
  fetch(std::move(u.leases));
}

/// Sleeps are too long by some 50 us; the next one makes up for that.
void null_signer_state::pretend(std::uint64_t records) {
  if (config_.sleep.count() == 0)
    return;
  const auto now = std::chrono::steady_clock::now();
  busy_until_ = std::max(busy_until_, now - std::chrono::microseconds(500)) +
                records * config_.sleep;
  std::this_thread::sleep_until(busy_until_);
}

actors::signer_actor::behavior_type
null_signer(null_signer_state::pointer self, const null_signer_config& config,
            actors::keyring_actor keyring,
            actors::dispatcher_actor dispatcher) {
  self->state.configure(config, std::move(keyring), std::move(dispatcher));
  return {
      [self](actors::start_atom) { self->state.start(); },
  };
}

} // namespace chancery::benchmarks
