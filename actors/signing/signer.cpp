// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/signer.hpp"

#include "actors/base/quiet.hpp"
#include "actors/signing/unit_signing.hpp"

#include <algorithm>
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
  hasher_.emplace(*config_.store, config_.vault->curve(), config_.seals);
  for (chains_ = 0; chains_ < config_.units_outstanding; ++chains_)
    go_on({});
}

// Another unit, after one whose keys go back.
void signer_state::go_on(std::string returned) {
  if (!config_.asks_first)
    return fetch(config_.leases_per_unit, std::move(returned));
  if (!returned.empty())
    self_->send(keyring_, give_back_atom_v, std::move(returned));
  ask();
}

void signer_state::ask() {
  self_
      ->request(dispatcher_, caf::infinite, ready_atom_v,
                config_.leases_per_unit, std::uint32_t{0})
      .then(
          [this](std::uint32_t batches) {
            if (batches == 0)
              end_chain();
            else
              fetch(std::min(batches, config_.leases_per_unit), {});
          },
          [this](caf::error& e) { failed(std::move(e)); });
}

void signer_state::fetch(std::uint32_t leases, std::string returned) {
  borrow_request request;
  request.count = leases;
  const auto& instance = config_.vault->instance();
  request.instance.assign(instance.begin(), instance.end());
  request.nonce = config_.vault->ask();
  request.returned = std::move(returned);
  self_->request(keyring_, caf::infinite, fetch_atom_v, std::move(request))
      .then([this](unit& u) { work(std::move(u)); },
            [this](caf::error& e) { failed(std::move(e)); });
}

void signer_state::failed(caf::error why) {
  if (why == fault::closing) // the run drains
    end_chain();
  else
    self_->quit(std::move(why));
}

void signer_state::work(unit u) {
  if (u.batches.empty() && config_.asks_first) {
    go_on(std::move(u.leases)); // others were faster
    return;
  }
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
  go_on(std::move(u.leases));
}

// The result goes out before the keys go back, so that a key's next holder gets
// it only after its last use was handed in.
void signer_state::sign(unit& u) {
  auto batches = decode_unit_batches(u.batches);
  auto leases = crypto::decode_leases(u.leases);
  auto digests = hasher_->digests_of(batches, leases.leases, u.time_ms);
  unit_signing signing(config_.vault->curve(), std::move(leases),
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
