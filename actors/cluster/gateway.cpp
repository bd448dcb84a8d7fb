// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/gateway.hpp"

#include "actors/signing/unit.hpp"

#include <caf/sec.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

namespace {

bool ended(const caf::error& e) { return e == fault::closing; }

work_answer only(work_state state) {
  work_answer a;
  a.state = static_cast<std::uint8_t>(state);
  return a;
}

} // namespace

gateway_state::~gateway_state() {
  if (row_ != 0)
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
  row_ = config_.table->enter(config_.worker);
  return admitted{};
}

// The link ends with this actor, after the answer.
caf::error gateway_state::refuse(std::string why) {
  if (config_.note)
    config_.note(fmt::format("refused worker {}: {}", config_.worker, why));
  self_->quit();
  return make_fault(fault::refused, std::move(why));
}

void gateway_state::greeting_expired() {
  if (greeting_->missing())
    refuse(fmt::format("it did not complete its greeting in {} s",
                       greeting_time_max.count() / 1'000));
}

template <class Answer>
bool gateway_state::serves(caf::typed_response_promise<Answer>& promise) {
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
    const bool more = request.count > 0;
    const bool now = more && waiting_ < config_.greeting.units_max &&
                     out_.size() < leases_max();
    if (now) {
      borrow(request, promise);
      return promise;
    }
    if (!request.returned.empty())
      self_->send(keyring_, give_back_atom_v, std::move(request.returned));
    if (more)
      promise.deliver(make_fault(
          fault::busy, "this worker has too many requests or leases out"));
    else
      promise.deliver(only(work_state::taken));
  } catch (const std::invalid_argument& e) {
    promise.deliver(make_fault(fault::malformed, e.what()));
  }
  return promise;
}

// Above it a worker hoards keys, or does not read its answers.
std::size_t gateway_state::leases_max() const {
  return std::size_t{config_.greeting.units_max} *
         config_.greeting.leases_per_unit;
}

milliseconds gateway_state::wait() const {
  return std::clamp(milliseconds{config_.greeting.ttl_ms / 4}, milliseconds{1},
                    gateway_wait_max);
}

// The result goes to the dispatcher before its keys go back, so that a key's
// next holder gets it only after its last use was handed in.
void gateway_state::take(work_request& request) {
  const auto records = request.signatures.size() / config_.signature_size;
  if (request.batches.empty()) {
    // Nothing was signed.
  } else if (all_out(request.batches)) {
    self_->send(
        dispatcher_, hand_in_atom_v,
        unit_result{std::move(request.batches), std::move(request.signatures)});
  } else {
    ++config_.progress->late_results;
  }
  request.returned = forget(request.returned);
  forget_expired();
  config_.table->count(row_, records, out_.size());
}

// The leases of a unit are lent together, and so they expire together.
bool gateway_state::all_out(const std::string& batches) const {
  return std::ranges::all_of(
      decode_unit_batches(batches),
      [this](const unit_batch& b) { return out_.contains(b.fence); });
}

void gateway_state::borrow(work_request& request, answer_promise promise) {
  borrow_request wanted;
  wanted.count = std::min(request.count, config_.greeting.leases_per_unit);
  wanted.instance = greeting_->instance();
  wanted.nonce = request.nonce;
  wanted.remote = true;
  wanted.ttl_ms = config_.greeting.ttl_ms;
  wanted.borrower = config_.worker;
  wanted.returned = std::move(request.returned);
  wanted.wait_ms = static_cast<std::uint32_t>(wait().count());
  ++waiting_;
  const auto asked = self_->clock().now();
  self_->request(keyring_, caf::infinite, borrow_atom_v, std::move(wanted))
      .then(
          [this, asked, promise](grant& g) mutable {
            if (g.leases.empty())
              answer(promise, only(work_state::wait), asked);
            else
              ask_for_work(std::move(g.leases), asked, std::move(promise));
          },
          [this, promise](caf::error& e) mutable {
            fail(promise, std::move(e));
          });
}

void gateway_state::ask_for_work(std::string leases, time_point asked,
                                 answer_promise promise) {
  self_->request(dispatcher_, wait(), next_atom_v, leases)
      .then(
          [=, this](unit& u) mutable {
            if (u.batches.empty()) {
              self_->send(keyring_, give_back_atom_v, leases);
              answer(promise, only(work_state::done), asked);
              return;
            }
            auto a = only(work_state::unit);
            remember(leases);
            a.leases = std::move(leases);
            a.batches = std::move(u.batches);
            a.digests = std::move(u.digests);
            answer(promise, std::move(a), asked);
          },
          [=, this](caf::error& e) mutable {
            // Returned unsigned. If the dispatcher has assigned a range to them
            // meanwhile, the keyring makes it take that range back.
            self_->send(keyring_, give_back_atom_v, leases);
            if (e == caf::sec::request_timeout)
              answer(promise, only(work_state::wait), asked);
            else
              fail(promise, std::move(e));
          });
}

void gateway_state::answer(answer_promise& promise, work_answer a,
                           time_point asked) {
  --waiting_;
  a.waited_ms = static_cast<std::uint32_t>(
      std::chrono::duration_cast<milliseconds>(self_->clock().now() - asked)
          .count());
  config_.table->count(row_, 0, out_.size());
  promise.deliver(std::move(a));
}

void gateway_state::fail(answer_promise& promise, caf::error reason) {
  if (ended(reason)) {
    answer(promise, only(work_state::done), self_->clock().now());
    return;
  }
  --waiting_;
  promise.deliver(std::move(reason));
}

caf::typed_response_promise<grant>
gateway_state::renew(renew_request& request) {
  auto promise = self_->make_response_promise<grant>();
  if (!serves(promise))
    return promise;
  try {
    for (const auto& lease : decode_leases(request.leases))
      if (!out_.contains(lease.fence))
        throw std::invalid_argument(
            "a lease that is not out over this connection");
  } catch (const std::invalid_argument& e) {
    promise.deliver(make_fault(fault::malformed, e.what()));
    return promise;
  }
  self_->request(keyring_, caf::infinite, renew_atom_v, std::move(request))
      .then(
          [this, promise](grant& g) mutable {
            extend(g.leases);
            promise.deliver(std::move(g));
          },
          [promise](caf::error& e) mutable { promise.deliver(std::move(e)); });
  return promise;
}

void gateway_state::bye() {
  if (row_ != 0)
    config_.table->told_end(row_);
}

void gateway_state::remember(const std::string& leases) {
  const auto now = self_->clock().now();
  for (const auto& lease : decode_leases(leases))
    out_[lease.fence] = now + lender_wait(lease.ttl_ms);
}

// A lease that was returned meanwhile is not added again.
void gateway_state::extend(const std::string& leases) {
  const auto now = self_->clock().now();
  for (const auto& lease : decode_leases(leases))
    if (const auto i = out_.find(lease.fence); i != out_.end())
      i->second = now + lender_wait(lease.ttl_ms);
}

void gateway_state::forget_expired() {
  const auto now = self_->clock().now();
  std::erase_if(out_, [now](const auto& lease) { return lease.second < now; });
}

// Returns those that were out over this connection, to be given back.
std::string gateway_state::forget(const std::string& leases) {
  std::string known;
  for (const auto& lease : decode_leases(leases))
    if (out_.erase(lease.fence) > 0)
      crypto::encode(lease, known);
    else
      ++config_.progress->late_returns;
  return known;
}

timed_gateway_actor::behavior_type gateway(gateway_state::pointer self,
                                           gateway_config config,
                                           keyring_actor keyring,
                                           dispatcher_actor dispatcher) {
  self->state.start(std::move(config), std::move(keyring),
                    std::move(dispatcher));
  return {
      [self](hello_atom, const hello& h) { return self->state.greet(h); },
      [self](prove_atom, const challenge& c) { return self->state.prove(c); },
      [self](prove_atom, const proof& p) { return self->state.admit(p); },
      [self](work_atom, work_request& request) {
        return self->state.work(request);
      },
      [self](renew_atom, renew_request& request) {
        return self->state.renew(request);
      },
      [self](bye_atom) { self->state.bye(); },
      [self](expire_atom) { self->state.greeting_expired(); },
  };
}

} // namespace chancery::actors
