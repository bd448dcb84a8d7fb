// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/worker.hpp"

#include "actors/base/detached.hpp"
#include "actors/base/plain_text.hpp"
#include "actors/base/quiet.hpp"

#include <caf/actor_cast.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chancery::actors {

namespace {

/// Longer than the 10 s of an attempt of the connector.
constexpr milliseconds dial_timeout{15'000};
constexpr milliseconds greeting_timeout{10'000}; // of each step

/// Limit of a signer's outstanding units: at a round trip of 0.1 s, 16 units of
/// 1,000 records keep a core busy that signs 160,000 a second.
constexpr std::uint32_t units_per_signer_max = 16;

} // namespace

void worker_state::start(worker_config config) {
  config_ = std::move(config);
  dial();
}

worker_state::~worker_state() {
  for (const auto& s : signer_handles_)
    caf::anon_send_exit(s, caf::exit_reason::kill);
}

void worker_state::dial() {
  if (draining_ || stage_ != stage::pausing)
    return;
  stage_ = stage::dialling;
  const auto attempt = ++attempt_;
  self_->request(config_.connector, dial_timeout, dial_atom_v)
      .then(
          [this, attempt](const dialled& peer) {
            if (still(stage::dialling, attempt))
              connected(peer);
          },
          [this, attempt](const caf::error& e) {
            if (still(stage::dialling, attempt))
              trouble(e);
          });
}

bool worker_state::still(stage s, std::uint64_t attempt) const {
  return stage_ == s && attempt_ == attempt;
}

void worker_state::connected(const dialled& peer) {
  stage_ = stage::greeting;
  gateway_ = caf::actor_cast<gateway_actor>(peer.gateway);
  self_->monitor(gateway_);
  check_.emplace(config_.greeting, peer.channel, *config_.prover,
                 config_.nonces);
  greet(&worker_state::welcomed, hello_atom_v, config_.greeting);
}

// One step of the greeting. A refusal is the end, any other failure a lost
// connection.
template <class Answer, class... Ts>
void worker_state::greet(void (worker_state::*next)(const Answer&),
                         Ts... words) {
  self_->request(gateway_, greeting_timeout, std::move(words)...)
      .then(
          [this, next, attempt = attempt_](const Answer& answer) {
            if (still(stage::greeting, attempt))
              (this->*next)(answer);
          },
          [this, attempt = attempt_](caf::error& e) {
            if (!still(stage::greeting, attempt))
              return;
            if (e == fault::refused)
              refuse(std::move(e));
            else
              trouble(e);
          });
}

void worker_state::welcomed(const welcome& w) {
  if (auto wrong = check_->take(w))
    refuse(make_fault(fault::refused, *std::move(wrong)));
  else
    greet(&worker_state::answered, prove_atom_v, check_->question());
}

void worker_state::answered(const challenge_answer& a) {
  if (auto wrong = check_->take(a))
    refuse(make_fault(fault::refused, *std::move(wrong)));
  else
    greet(&worker_state::begin, prove_atom_v, check_->own_proof());
}

void worker_state::begin(const admitted&) {
  const auto& w = check_->theirs();
  if (draining_) {
    self_->quit();
    return;
  }
  backoff_.reset();
  if (w.epoch_id == finished_epoch_) {
    self_->send(gateway_, bye_atom_v);
    dial_later(next_run_pause);
    return;
  }
  try {
    sign(w);
  } catch (...) {
    refuse(make_fault(fault::internal, caught_sentence()));
  }
}

void worker_state::sign(const welcome& w) {
  if (std::exchange(vault_epoch_, w.epoch_id) != w.epoch_id || !vault_)
    vault_ = config_.make_vault(w);
  stage_ = stage::signing;
  lost_ = false;
  troubled_ = false;
  config_.progress->connected = true;
  config_.note(fmt::format("connected to {}, epoch {}", plain_text(w.software),
                           w.epoch));
  remote_signer_config signing;
  signing.vault = vault_;
  signing.now = config_.now;
  signing.leases_per_unit = w.leases_per_unit;
  signing.ttl = milliseconds{w.ttl_ms};
  signing.progress = config_.progress;
  const auto units_max = std::max(w.units_max, 1u);
  const auto count = std::clamp<std::size_t>(config_.signers, 1, units_max);
  signing.units_max = std::min(static_cast<std::uint32_t>(units_max / count),
                               units_per_signer_max);
  if (config_.detached_signers)
    require_threads(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& system = self_->system();
    const auto s =
        config_.detached_signers
            ? spawn_detached(system, remote_signer, signing, gateway_)
            : system.spawn(remote_signer, signing, gateway_);
    self_->monitor(s);
    signers_.insert(s.address());
    signer_handles_.push_back(s);
    self_->send(s, start_atom_v);
  }
}

void worker_state::down(const caf::down_msg& down) {
  if (signers_.contains(down.source))
    signer_ended(down);
  else if (!gateway_ || down.source != gateway_.address())
    return; // of an earlier connection
  else if (stage_ == stage::greeting)
    trouble(make_fault(fault::unreachable, "the connection was lost"));
  else if (stage_ == stage::signing)
    abandon("the connection was lost");
}

void worker_state::signer_ended(const caf::down_msg& down) {
  signers_.erase(down.source);
  if (down.reason == fault::wrong_signature || down.reason == fault::refused) {
    refuse(down.reason); // this host must not sign on
    return;
  }
  if (down.reason && !lost_)
    abandon(sentence_of_peer(down.reason));
  if (signers_.empty())
    end_session();
}

// Signers finish the chunk that they are in; nothing of it leaves this host.
void worker_state::abandon(const std::string& why) {
  if (std::exchange(lost_, true))
    return;
  config_.progress->connected = false;
  if (!draining_ && !std::exchange(troubled_, true))
    config_.note(why + "; trying to reach the coordinator again");
  for (const auto& s : signer_handles_)
    caf::anon_send_exit(s, caf::exit_reason::kill);
}

void worker_state::end_session() {
  signer_handles_.clear();
  config_.progress->connected = false;
  ++config_.progress->sessions;
  if (!lost_) {
    finished_epoch_ = vault_epoch_;
    self_->send(gateway_, bye_atom_v); // the coordinator exits after this
  }
  if (draining_ || (config_.once && !lost_)) {
    self_->quit();
    return;
  }
  if (lost_) {
    dial_later(backoff_.next(config_.random()));
  } else {
    config_.note("the run has nothing left to sign; waiting for the next one");
    troubled_ = true; // its exit, which follows, is not reported
    dial_later(next_run_pause);
  }
}

void worker_state::dial_later(milliseconds pause) {
  stage_ = stage::pausing;
  self_->delayed_send(self_, pause, dial_atom_v);
}

void worker_state::trouble(const caf::error& e) {
  if (draining_) {
    self_->quit();
    return;
  }
  if (!std::exchange(troubled_, true))
    config_.note(sentence_of_peer(e) +
                 "; trying again until it can be reached");
  dial_later(backoff_.next(config_.random()));
}

void worker_state::refuse(caf::error reason) { self_->quit(std::move(reason)); }

void worker_state::drain() {
  draining_ = true;
  for (const auto& s : signer_handles_)
    self_->send(s, drain_atom_v);
  if (signers_.empty())
    self_->quit();
}

worker_actor::behavior_type worker(worker_state::pointer self,
                                   worker_config config) {
  keep_quiet(self);
  self->set_down_handler(
      [self](caf::down_msg& down) { self->state.down(down); });
  self->state.start(std::move(config));
  return {
      [self](dial_atom) { self->state.dial(); },
      [self](drain_atom) { self->state.drain(); },
  };
}

} // namespace chancery::actors
