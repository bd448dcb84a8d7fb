// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/gateway.hpp"

#include "actors/base/quiet.hpp"
#include "actors/signing/unit.hpp"
#include "actors/transport/limits.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

#include <memory>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

namespace {

std::string shut_out_text(const std::string& why) {
  return "this worker is refused for the rest of the run: " + why;
}

/// The exception being handled: a malformed request, or a fault of ours.
caf::error caught() {
  try {
    throw;
  } catch (const std::invalid_argument& e) {
    return make_fault(fault::malformed, e.what());
  } catch (...) {
    return make_fault(fault::internal, caught_sentence());
  }
}

} // namespace

gateway_state::~gateway_state() {
  if (row_ == 0)
    return;
  config_.progress->refused.unwatch(watch_);
  config_.table->leave(row_);
}

void gateway_state::start(gateway_config config, keyring_actor keyring,
                          dispatcher_actor dispatcher) {
  config_ = std::move(config);
  keyring_ = std::move(keyring);
  dispatcher_ = std::move(dispatcher);
  greeting_.emplace(worker_greeting_config{
      config_.greeting, config_.fingerprint, config_.channel, config_.prover,
      config_.random, config_.defended});
  self_->delayed_send(self_, greeting_time_max, expire_atom_v);
}

caf::result<welcome> gateway_state::greet(const hello& h) {
  if (auto wrong = greeting_->take(h))
    return refuse(*std::move(wrong));
  return config_.greeting;
}

caf::result<challenge_answer> gateway_state::prove(const challenge& c) {
  if (auto wrong = greeting_->take(c))
    return refuse(*std::move(wrong));
  return greeting_->answer();
}

caf::result<admitted> gateway_state::admit(const proof& p) {
  if (auto wrong = greeting_->take(p))
    return refuse(*std::move(wrong));
  watch_ = config_.progress->refused.watch(
      config_.worker, [me = self_->address()](const std::string& why) {
        if (const auto alive = caf::actor_cast<caf::actor>(me))
          caf::anon_send(alive, refuse_atom_v, why);
      });
  row_ = config_.table->enter(config_.worker);
  if (const auto why = config_.progress->refused.why(config_.worker))
    return refuse(shut_out_text(*why));
  return admitted{};
}

// The link ends with this actor, after the answer; the listener logs why.
caf::error gateway_state::refuse(std::string why) {
  auto reason = make_fault(fault::refused, std::move(why));
  fail_all(reason);
  self_->quit(reason);
  return reason;
}

void gateway_state::fail_all(const caf::error& reason) {
  held_.clear();
  for (auto& [id, request] : std::exchange(open_, {}))
    request.promise.deliver(reason);
  for (auto& [id, promise] : std::exchange(renewals_, {}))
    promise.deliver(reason);
}

void gateway_state::expired() {
  if (shut_out_)
    self_->quit();
  else if (greeting_->missing())
    refuse(fmt::format("it did not complete its greeting in {} s",
                       greeting_time_max.count() / 1'000));
}

template <class Answer>
bool gateway_state::serves(caf::typed_response_promise<Answer>& promise) {
  if (shut_out_) {
    promise.deliver(*shut_out_);
    self_->quit();
    return false;
  }
  auto missing = greeting_->missing();
  if (!missing)
    return true;
  promise.deliver(refuse(*std::move(missing)));
  return false;
}

caf::typed_response_promise<work_answer>
gateway_state::work(work_request& request) {
  auto promise = self_->make_response_promise<work_answer>();
  if (!serves(promise))
    return promise;
  try {
    take(request);
  } catch (...) {
    promise.deliver(caught());
    return promise;
  }
  const bool more = request.count > 0;
  const bool now = more && open_.size() < config_.greeting.units_max &&
                   out_.size() < leases_max();
  if (now && unverified_ < unverified_units_max) {
    go_on(open(request, promise), std::move(request.returned));
    return promise;
  }
  if (!request.returned.empty())
    self_->send(keyring_, give_back_atom_v, std::move(request.returned));
  if (now)
    hold(open(request, promise));
  else if (more)
    promise.deliver(make_fault(
        fault::busy, "this worker has too many requests or leases out"));
  else
    promise.deliver(only(work_state::taken));
  return promise;
}

// Above it a worker hoards keys, or does not read its answers.
std::size_t gateway_state::leases_max() const {
  return std::size_t{config_.greeting.units_max} *
         config_.greeting.leases_per_unit;
}

// The result goes to the dispatcher before its keys go back, so that a key's
// next holder gets it only after its last use was handed in.
void gateway_state::take(work_request& request) {
  const auto records = request.signatures.size() / config_.signature_size;
  if (!request.batches.empty())
    hand_in(request);
  request.returned = forget(request.returned);
  out_.remove_expired(self_->clock().now());
  config_.table->count(row_, records, out_.size());
}

// The leases of a unit are lent together, and so they expire together.
void gateway_state::hand_in(work_request& request) {
  auto unit = out_.take(request.batches);
  if (!unit) {
    ++config_.progress->late_results;
    return;
  }
  remote_result result{std::make_shared<const remote_unit>(
      config_.worker, request.batches, unit->keys,
      std::move(unit->sent.digests), std::move(request.signatures),
      config_.signature_size)};
  ++unverified_;
  self_->request(dispatcher_, caf::infinite, hand_in_atom_v, std::move(result))
      .then([this](const unit_verdict&) { judged(); },
            [this](const caf::error&) { judged(); });
}

// A wrong unit refuses this worker (shut_out); a failed run fails its requests.
void gateway_state::judged() {
  --unverified_;
  while (unverified_ < unverified_units_max && !held_.empty()) {
    const auto id = held_.front();
    held_.pop_front();
    go_on(id, {});
  }
}

// Ends once the worker has been told: now, or at its next request. What is
// under way for requests ends with this actor: leases that are granted now run
// out, and their ranges go to others.
void gateway_state::shut_out(const std::string& why) {
  shut_out_ = make_fault(fault::refused, shut_out_text(why));
  if (nothing_open()) {
    self_->delayed_send(self_, shut_out_time_max, expire_atom_v);
  } else {
    fail_all(*shut_out_);
    self_->quit();
  }
}

caf::typed_response_promise<grant>
gateway_state::renew(renew_request& request) {
  auto promise = self_->make_response_promise<grant>();
  if (!serves(promise))
    return promise;
  try {
    for (const auto& lease : crypto::decode_leases(request.leases).leases)
      if (!out_.contains(lease.fence))
        throw std::invalid_argument(
            "a lease that is not out over this connection");
  } catch (...) {
    promise.deliver(caught());
    return promise;
  }
  const auto id = ++last_request_;
  renewals_.emplace(id, promise);
  self_->request(keyring_, caf::infinite, renew_atom_v, std::move(request))
      .then([this, id](grant& g) { renewed(id, g); },
            [this, id](caf::error& e) {
              if (auto open = renewals_.extract(id))
                open.mapped().deliver(std::move(e));
            });
  return promise;
}

void gateway_state::renewed(std::uint64_t id, grant& g) {
  out_.extend(crypto::decode_leases(g.leases), self_->clock().now());
  if (auto open = renewals_.extract(id))
    open.mapped().deliver(std::move(g));
}

void gateway_state::bye() {
  if (row_ != 0)
    config_.table->told_end(row_);
}

// Returns those that were out over this connection, to be given back.
std::string gateway_state::forget(const std::string& leases) {
  auto known = crypto::decode_leases(leases);
  config_.progress->late_returns +=
      std::erase_if(known.leases, [this](const crypto::lease& lease) {
        return !out_.remove(lease.fence);
      });
  return crypto::encode(known);
}

timed_gateway_actor::behavior_type gateway(gateway_state::pointer self,
                                           gateway_config config,
                                           keyring_actor keyring,
                                           dispatcher_actor dispatcher) {
  auto& state = self->state;
  keep_quiet(self, [&state](const caf::error& e) { state.fail_all(e); });
  self->set_default_handler([&state](caf::scheduled_actor*, caf::message_view&)
                                -> caf::result<caf::message> {
    return state.refuse("it sent a message that the protocol does not have");
  });
  state.start(std::move(config), std::move(keyring), std::move(dispatcher));
  return {
      [&state](hello_atom, const hello& h) { return state.greet(h); },
      [&state](prove_atom, const challenge& c) { return state.prove(c); },
      [&state](prove_atom, const proof& p) { return state.admit(p); },
      [&state](work_atom, work_request& r) { return state.work(r); },
      [&state](renew_atom, renew_request& r) { return state.renew(r); },
      [&state](bye_atom) { state.bye(); },
      [&state](expire_atom) { state.expired(); },
      [&state](expire_atom, std::uint64_t request) { state.waited(request); },
      [&state](refuse_atom, const std::string& why) { state.shut_out(why); },
  };
}

} // namespace chancery::actors
