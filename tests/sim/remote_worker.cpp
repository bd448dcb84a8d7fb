// SPDX-License-Identifier: Apache-2.0
#include "remote_worker.hpp"

#include "actors/signing/lease_book.hpp"
#include "actors/signing/unit_hasher.hpp"
#include "actors/signing/unit_signing.hpp"

#include <array>
#include <utility>

namespace chancery::tests {

namespace {

using manner = remote_worker_state::manner;

// A stopped clock is the worst fault of a worker, so it is the most frequent.
constexpr std::array manners{manner::prompt,      manner::slow_mail,
                             manner::slow_signer, manner::stuck_clock,
                             manner::stuck_clock, manner::stuck_clock,
                             manner::vanish};

} // namespace

using std::chrono::milliseconds;

void remote_worker_state::configure(remote_worker_config config,
                                    actors::keyring_actor keyring,
                                    actors::dispatcher_actor dispatcher) {
  config_ = std::move(config);
  keyring_ = std::move(keyring);
  dispatcher_ = std::move(dispatcher);
}

// As a gateway does it in a service.
void remote_worker_state::go_on() {
  if (!config_.service)
    return borrow();
  constexpr std::uint32_t wait_ms = 200;
  const milliseconds pause{wait_ms};
  self_
      ->request(dispatcher_, caf::infinite, actors::ready_atom_v,
                config_.leases, wait_ms)
      .then(
          [this, pause](std::uint32_t batches) {
            if (batches > 0)
              borrow();
            else
              later(pause, [this] { go_on(); });
          },
          [this](caf::error&) { self_->quit(); });
}

void remote_worker_state::borrow() {
  actors::borrow_request request;
  request.count = config_.leases;
  const auto& instance = config_.vault->instance();
  request.instance.assign(instance.begin(), instance.end());
  request.nonce = config_.vault->ask();
  *config_.stuck_time = config_.now();
  request.remote = true;
  request.ttl_ms = config_.ttl_ms;
  request.borrower = "worker";
  const auto quit = [this](caf::error&) { self_->quit(); };
  self_->request(keyring_, caf::infinite, actors::borrow_atom_v, request)
      .then(
          [this, quit](actors::grant& g) {
            self_
                ->request(dispatcher_, caf::infinite, actors::next_atom_v,
                          g.leases)
                .then([this, leases = g.leases](
                          const actors::unit& u) { work(leases, u); },
                      quit);
          },
          quit);
}

void remote_worker_state::work(const std::string& leases,
                               const actors::unit& u) {
  if (u.batches.empty()) {
    self_->send(keyring_, actors::give_back_atom_v, leases);
    if (config_.service)
      go_on(); // others were faster
    else
      self_->quit();
    return;
  }
  const auto how = *config_.healed
                       ? manner::prompt
                       : manners[(*config_.random)() % manners.size()];
  const milliseconds at_once{0};
  switch (how) {
  case manner::prompt:
    sign(*config_.vault, leases, u, at_once);
    break;
  case manner::slow_mail:
    sign(*config_.vault, leases, u, long_time());
    break;
  case manner::slow_signer:
    later(long_time(), [=, this] { sign(*config_.vault, leases, u, at_once); });
    break;
  case manner::stuck_clock:
    // By then the key has been lent again.
    later(actors::lender_wait(config_.ttl_ms) + long_time() / 2,
          [=, this] { sign(*config_.stuck_vault, leases, u, at_once); });
    break;
  case manner::vanish:
    break;
  }
}

void remote_worker_state::sign(crypto::vault& vault, const std::string& leases,
                               const actors::unit& u, milliseconds mail_delay) {
  auto session = vault.open_session();
  actors::unit_hasher hasher(*config_.store, vault.curve(), config_.seals);
  late_mail mail{{}, leases};
  try {
    const auto batches = actors::decode_unit_batches(u.batches);
    const auto set = crypto::decode_leases(leases);
    actors::unit_signing signing(
        vault.curve(), set, batches,
        hasher.digests_of(batches, set.leases, u.time_ms));
    while (!signing.done())
      signing.step(session);
    mail.result.signatures = signing.take_signatures();
    mail.result.batches = u.batches;
  } catch (const crypto::lease_refused&) {
    // The keys go back all the same, late; the keyring must tolerate it.
  }
  if (mail_delay.count() == 0) {
    hand_in(mail);
  } else {
    config_.late->push_back(mail);
    later(mail_delay, [=, this] { hand_in(mail); });
  }
}

void remote_worker_state::hand_in(const late_mail& mail) {
  if (!mail.result.batches.empty())
    self_->send(dispatcher_, actors::hand_in_atom_v, mail.result);
  self_->send(keyring_, actors::give_back_atom_v, mail.leases);
  go_on();
}

void remote_worker_state::later(milliseconds delay, std::function<void()> f) {
  put_off_.emplace(self_->clock().now() + delay, std::move(f));
  self_->delayed_send(self_, delay, actors::expire_atom_v);
}

void remote_worker_state::do_what_is_due() {
  while (!put_off_.empty() && put_off_.begin()->first <= self_->clock().now()) {
    const auto f = std::move(put_off_.begin()->second);
    put_off_.erase(put_off_.begin());
    f();
  }
}

milliseconds remote_worker_state::long_time() {
  return milliseconds((*config_.random)() % (config_.ttl_ms * 3) + 1);
}

remote_worker_actor::behavior_type
remote_worker(remote_worker_state::pointer self, remote_worker_config config,
              actors::keyring_actor keyring,
              actors::dispatcher_actor dispatcher) {
  self->state.configure(std::move(config), std::move(keyring),
                        std::move(dispatcher));
  return {
      [self](actors::start_atom) { self->state.go_on(); },
      [self](actors::expire_atom) { self->state.do_what_is_due(); },
  };
}

} // namespace chancery::tests
