// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/signer.hpp"

#include "actors/base/quiet.hpp"
#include "actors/signing/unit_signing.hpp"

#include <utility>

namespace chancery::actors {

void signer_state::configure(signer_config config, keyring_actor keyring,
                             dispatcher_actor dispatcher) {
  config_ = config;
  keyring_ = std::move(keyring);
  dispatcher_ = std::move(dispatcher);
}

void signer_state::start() {
  session_.emplace(config_.vault->open_session());
  hasher_.emplace(*config_.store, config_.vault->curve());
  for (chains_ = 0; chains_ < config_.units_outstanding; ++chains_)
    fetch({});
}

void signer_state::fetch(std::string returned) {
  borrow_request request;
  request.count = config_.leases_per_unit;
  const auto& instance = config_.vault->instance();
  request.instance.assign(instance.begin(), instance.end());
  request.nonce = config_.vault->ask();
  request.returned = std::move(returned);
  self_->request(keyring_, caf::infinite, fetch_atom_v, std::move(request))
      .then([this](unit& u) { work(std::move(u)); },
            [this](caf::error& e) {
              if (e == fault::closing) // the run drains
                end_chain();
              else
                self_->quit(std::move(e));
            });
}

void signer_state::work(unit u) {
  if (u.batches.empty()) {
    self_->send(keyring_, give_back_atom_v, std::move(u.leases));
    end_chain();
    return;
  }
  try {
    sign(u);
  } catch (const wrong_in_batch& e) {
    self_->quit(make_fault(fault::wrong_signature, e.what()));
    return;
  } catch (const storage::corrupt& e) {
    self_->quit(make_fault(fault::damaged, e.what()));
    return;
  } catch (...) {
    self_->quit(make_fault(fault::internal, caught_sentence()));
    return;
  }
  fetch(std::move(u.leases));
}

// The result goes out before the keys go back, so that a key's next holder gets
// it only after its last use was handed in.
void signer_state::sign(unit& u) {
  auto batches = decode_unit_batches(u.batches);
  auto digests = hasher_->digests_of(batches);
  unit_signing signing(config_.vault->curve(), crypto::decode_leases(u.leases),
                       std::move(batches), std::move(digests));
  while (!signing.done())
    signing.step(*session_);
  self_->send(dispatcher_, hand_in_atom_v,
              unit_result{std::move(u.batches), signing.take_signatures()});
}

void signer_state::end_chain() {
  if (--chains_ == 0)
    self_->quit();
}

signer_actor::behavior_type signer(signer_state::pointer self,
                                   signer_config config, keyring_actor keyring,
                                   dispatcher_actor dispatcher) {
  keep_quiet(self);
  self->state.configure(config, std::move(keyring), std::move(dispatcher));
  return {
      [self](start_atom) { self->state.start(); },
  };
}

} // namespace chancery::actors
