// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/remote_signer.hpp"

#include "actors/base/quiet.hpp"
#include "actors/signing/unit.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

void remote_signer_state::configure(remote_signer_config config,
                                    gateway_actor gateway) {
  config_ = std::move(config);
  gateway_ = std::move(gateway);
}

void remote_signer_state::start() {
  session_.emplace(config_.vault->open_session());
  window_.emplace(config_.units_max, config_.leases_per_unit);
  ask_for_more();
}

void remote_signer_state::drain() {
  over_ = true;
  end_if_over();
}

void remote_signer_state::ask_for_more() {
  while (!over_ && asked_ + units_.size() < window_->units())
    ask({});
}

// Every request for work goes through here: with a result or without, for more
// work or for none.
void remote_signer_state::ask(work_request request) {
  const bool more = !over_ && asked_ + units_.size() < window_->units();
  request.nonce = config_.vault->ask();
  request.count = more ? window_->leases() : 0;
  const auto asked = config_.now();
  ++(more ? asked_ : told_);
  self_->request(gateway_, gateway_timeout, work_atom_v, std::move(request))
      .then(
          [this, asked, more](work_answer& answer) {
            --(more ? asked_ : told_);
            arrived(answer, asked);
          },
          [this, more](caf::error& e) {
            --(more ? asked_ : told_);
            failed(std::move(e));
          });
}

// Busy: this worker has too much out. Asks again after a pause.
void remote_signer_state::failed(caf::error reason) {
  if (reason != fault::busy)
    give_up(std::move(reason));
  else if (!std::exchange(stepping_, true))
    self_->delayed_send(self_, busy_pause, step_atom_v);
  end_if_over();
}

void remote_signer_state::arrived(work_answer& answer, milliseconds asked) {
  switch (static_cast<work_state>(answer.state)) {
  case work_state::unit:
    take(answer, asked);
    break;
  case work_state::done:
    over_ = true;
    break;
  case work_state::wait:
  case work_state::taken:
    break;
  default:
    give_up(make_fault(fault::malformed, "an answer of an unknown kind"));
    return;
  }
  ask_for_more();
  end_if_over();
}

void remote_signer_state::take(work_answer& answer, milliseconds asked) {
  const auto took = config_.now() - asked;
  window_->arrived(took, milliseconds{answer.waited_ms}, config_.ttl,
                   units_.empty());
  if (over_) {
    give_back(answer.leases);
    return;
  }
  try {
    auto leases = crypto::decode_leases(answer.leases);
    auto batches = decode_unit_batches(answer.batches);
    if (leases.leases.empty())
      throw std::invalid_argument("a unit without a lease");
    units_.push_back(
        {std::move(answer.batches), std::move(answer.leases),
         unit_signing(config_.vault->curve(), std::move(leases),
                      std::move(batches), std::move(answer.digests)),
         asked});
  } catch (const std::invalid_argument& e) {
    give_up(make_fault(fault::malformed, e.what()));
    return;
  }
  schedule_step();
}

void remote_signer_state::schedule_step() {
  if (!std::exchange(stepping_, true))
    self_->send(self_, step_atom_v);
}

// One chunk per message, so that other messages are handled in between.
void remote_signer_state::step() {
  stepping_ = false;
  renew_where_due();
  if (!units_.empty())
    sign_chunk();
  if (!units_.empty())
    schedule_step();
  ask_for_more();
  end_if_over();
}

void remote_signer_state::sign_chunk() {
  auto& unit = units_.front();
  try {
    if (!unit.signing.done())
      unit.signing.step(*session_);
    if (unit.signing.done())
      hand_in();
  } catch (const crypto::lease_refused& e) {
    if (e.fault() != crypto::lease_fault::expired) {
      give_up(make_fault(fault::internal, e.what()));
      return;
    }
    // None of its signatures leave this host, and its leases are not used
    // again.
    ++config_.progress->units_late;
    const auto unit = std::move(units_.front());
    units_.pop_front();
    give_back(unit.leases);
  } catch (const wrong_in_batch& e) {
    give_up(make_fault(fault::wrong_signature, e.what()));
  } catch (...) {
    give_up(make_fault(fault::internal, caught_sentence()));
  }
}

void remote_signer_state::hand_in() {
  auto unit = std::move(units_.front());
  units_.pop_front();
  work_request request;
  request.batches = std::move(unit.batches);
  request.signatures = unit.signing.take_signatures();
  request.returned = std::move(unit.leases);
  ++config_.progress->units;
  config_.progress->records += unit.signing.size();
  ask(std::move(request));
}

void remote_signer_state::give_back(const std::string& leases) {
  work_request request;
  request.returned = leases;
  ask(std::move(request));
}

// At half of their time to live, so that a slow answer is still in time.
void remote_signer_state::renew_where_due() {
  const auto now = config_.now();
  for (auto& unit : units_) {
    if (unit.renewing || now - unit.asked < config_.ttl / 2)
      continue;
    unit.renewing = true;
    ++told_;
    ++config_.progress->renewals;
    const auto first = unit.signing.leases().leases.front().fence;
    self_
        ->request(gateway_, gateway_timeout, renew_atom_v,
                  renew_request{config_.vault->ask(), unit.leases})
        .then([=, this](const grant& g) { renewed(g, first, now); },
              [this](caf::error& e) { give_up(std::move(e)); });
  }
}

// If some leases of a unit were not renewed, the whole unit runs out.
void remote_signer_state::renewed(const grant& g, std::uint64_t first_fence,
                                  milliseconds asked) {
  --told_;
  const auto unit = std::ranges::find_if(units_, [=](const held_unit& u) {
    return u.signing.leases().leases.front().fence == first_fence;
  });
  try {
    if (unit != units_.end() &&
        unit->signing.renew(crypto::decode_leases(g.leases))) {
      unit->leases = g.leases;
      unit->asked = asked;
      unit->renewing = false;
    }
  } catch (const std::invalid_argument& e) {
    give_up(make_fault(fault::malformed, e.what()));
    return;
  }
  end_if_over();
}

// A request sent after quit would keep the actor alive until its answer.
void remote_signer_state::give_up(caf::error reason) {
  over_ = true;
  units_.clear();
  self_->quit(std::move(reason));
}

void remote_signer_state::end_if_over() {
  if (over_ && units_.empty() && asked_ == 0 && told_ == 0)
    self_->quit();
}

remote_signer_actor::behavior_type
remote_signer(remote_signer_state::pointer self, remote_signer_config config,
              gateway_actor gateway) {
  keep_quiet(self);
  self->state.configure(std::move(config), std::move(gateway));
  return {
      [self](start_atom) { self->state.start(); },
      [self](step_atom) { self->state.step(); },
      [self](drain_atom) { self->state.drain(); },
  };
}

} // namespace chancery::actors
