// SPDX-License-Identifier: Apache-2.0
#include "actors/signer.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

std::string sign_unit(crypto::vault::session& session, crypto::curve curve,
                      const std::vector<crypto::lease>& leases,
                      const std::vector<unit_batch>& batches,
                      const std::string& digests) {
  const auto digest_size = crypto::field_size(curve);
  const auto signature_size = crypto::signature_size(curve);
  std::vector<crypto::leased_run> left; // what is not signed yet
  std::size_t total = 0;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (i >= leases.size() || leases[i].fence != batches[i].fence)
      throw std::invalid_argument("a unit's batches do not fit its leases");
    left.push_back({&leases[i], batches[i].count});
    total += batches[i].count;
  }
  if (digests.size() != total * digest_size)
    throw std::invalid_argument("a unit's digests have a broken length");

  std::string signatures(total * signature_size, '\0');
  const auto from = std::as_bytes(std::span(digests));
  const auto to = std::as_writable_bytes(std::span(signatures));
  std::vector<crypto::leased_run> chunk;
  auto run = left.begin();
  for (std::size_t done = 0; done < total;) {
    chunk.clear();
    std::size_t count = 0;
    while (run != left.end() && count < chunk_digests) {
      const auto part = std::min(run->count, chunk_digests - count);
      chunk.push_back({run->under, part});
      count += part;
      run->count -= part;
      if (run->count == 0)
        ++run;
    }
    session.sign_batch(
        chunk, from.subspan(done * digest_size, count * digest_size),
        to.subspan(done * signature_size, count * signature_size));
    done += count;
  }
  return signatures;
}

void signer_state::configure(signer_config config, keyring_actor keyring,
                             dispatcher_actor dispatcher) {
  config_ = config;
  keyring_ = std::move(keyring);
  dispatcher_ = std::move(dispatcher);
}

void signer_state::start() {
  session_.emplace(config_.vault->open_session());
  for (chains_ = 0; chains_ < config_.units_outstanding; ++chains_)
    borrow({});
}

void signer_state::borrow(std::string returned) {
  borrow_request request;
  request.count = config_.leases_per_unit;
  const auto& instance = config_.vault->instance();
  request.instance.assign(instance.begin(), instance.end());
  request.nonce = config_.vault->ask();
  request.returned = std::move(returned);
  self_->request(keyring_, caf::infinite, borrow_atom_v, std::move(request))
      .then([this](grant& g) { ask_for_work(std::move(g.leases)); },
            [this](caf::error& e) { self_->quit(std::move(e)); });
}

void signer_state::ask_for_work(std::string leases) {
  self_->request(dispatcher_, caf::infinite, next_atom_v, leases)
      .then([this, leases](const unit& u) { work(leases, u); },
            [this](caf::error& e) { self_->quit(std::move(e)); });
}

void signer_state::work(const std::string& leases, const unit& u) {
  if (u.batches.empty()) {
    self_->send(keyring_, give_back_atom_v, leases);
    end_chain();
    return;
  }
  try {
    sign(leases, u);
  } catch (...) {
    self_->quit(make_fault(fault::internal, caught_sentence()));
    return;
  }
  borrow(leases);
}

// The result goes out before the keys go back, so that whoever gets a key next
// gets it after its last use was handed in.
void signer_state::sign(const std::string& leases, const unit& u) {
  auto signatures =
      sign_unit(*session_, config_.vault->curve(), decode_leases(leases),
                decode_unit_batches(u.batches), u.digests);
  self_->send(dispatcher_, hand_in_atom_v,
              unit_result{u.batches, std::move(signatures)});
}

void signer_state::end_chain() {
  if (--chains_ == 0)
    self_->quit();
}

signer_actor::behavior_type signer(signer_state::pointer self,
                                   signer_config config, keyring_actor keyring,
                                   dispatcher_actor dispatcher) {
  self->state.configure(config, std::move(keyring), std::move(dispatcher));
  return {
      [self](start_atom) { self->state.start(); },
  };
}

} // namespace chancery::actors
