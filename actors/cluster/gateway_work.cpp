// SPDX-License-Identifier: Apache-2.0
// A gateway's open requests for work: keys, then a range, then its digests, and
// the answer.
#include "actors/cluster/gateway.hpp"
#include "actors/signing/lease_book.hpp"

#include <caf/sec.hpp>

#include <algorithm>
#include <utility>

namespace chancery::actors {

work_answer gateway_state::only(work_state state) {
  work_answer a;
  a.state = static_cast<std::uint8_t>(state);
  return a;
}

// A step of an open request, which fails when the step throws.
template <class Step>
void gateway_state::attempt(std::uint64_t id, const Step& step) {
  try {
    step();
  } catch (...) {
    fail(id, make_fault(fault::internal, caught_sentence()));
  }
}

milliseconds gateway_state::wait() const {
  return std::clamp(milliseconds{config_.greeting.ttl_ms / 4}, milliseconds{1},
                    gateway_wait_max);
}

std::uint64_t gateway_state::open(const work_request& request,
                                  answer_promise promise) {
  open_.emplace(++last_request_,
                open_request{std::move(promise), request.count, request.nonce,
                             self_->clock().now()});
  return last_request_;
}

void gateway_state::hold(std::uint64_t id) {
  held_.push_back(id);
  self_->delayed_send(self_, wait(), expire_atom_v, id);
}

void gateway_state::waited(std::uint64_t id) {
  if (std::erase(held_, id) > 0)
    answer(id, only(work_state::wait));
}

// At least 1.
std::uint32_t gateway_state::wait_left_ms(std::uint64_t id) const {
  const auto held = std::chrono::duration_cast<milliseconds>(
      self_->clock().now() - open_.at(id).asked);
  return static_cast<std::uint32_t>(
      std::max(wait() - held, milliseconds{1}).count());
}

void gateway_state::go_on(std::uint64_t id, std::string returned) {
  if (!config_.service)
    return borrow(
        id, std::min(open_.at(id).count, config_.greeting.leases_per_unit),
        std::move(returned));
  if (!returned.empty())
    self_->send(keyring_, give_back_atom_v, std::move(returned));
  ask(id);
}

void gateway_state::ask(std::uint64_t id) {
  const auto most =
      std::min(open_.at(id).count, config_.greeting.leases_per_unit);
  self_
      ->request(dispatcher_, caf::infinite, ready_atom_v, most,
                wait_left_ms(id))
      .then(
          [=, this](std::uint32_t batches) {
            attempt(id, [&] {
              if (batches == 0)
                answer(id, only(work_state::wait));
              else
                borrow(id, std::min(batches, most), {});
            });
          },
          [=, this](caf::error& e) { fail(id, std::move(e)); });
}

void gateway_state::borrow(std::uint64_t id, std::uint32_t leases,
                           std::string returned) {
  const auto& request = open_.at(id);
  borrow_request wanted;
  wanted.count = leases;
  wanted.instance = greeting_->instance();
  wanted.nonce = request.nonce;
  wanted.remote = true;
  wanted.ttl_ms = config_.greeting.ttl_ms;
  const auto life =
      lease_life(config_.greeting.ttl_ms,
                 config_.greeting.leases_per_unit * config_.batch_size);
  wanted.life_ms = static_cast<std::uint32_t>(life.count());
  wanted.borrower = config_.worker;
  wanted.returned = std::move(returned);
  wanted.wait_ms = wait_left_ms(id);
  self_->request(keyring_, caf::infinite, borrow_atom_v, std::move(wanted))
      .then(
          [this, id](const grant& g) {
            attempt(id, [&] {
              if (g.leases.empty())
                answer(id, only(work_state::wait));
              else
                ask_for_work(id, g.leases);
            });
          },
          [this, id](caf::error& e) { fail(id, std::move(e)); });
}

void gateway_state::ask_for_work(std::uint64_t id, const std::string& leases) {
  self_->request(dispatcher_, wait(), next_atom_v, leases)
      .then(
          [=, this](unit& u) { attempt(id, [&] { hash(id, std::move(u)); }); },
          [=, this](caf::error& e) {
            // Returned unsigned. If the dispatcher has assigned a range to them
            // meanwhile, the keyring makes it take that range back.
            self_->send(keyring_, give_back_atom_v, leases);
            if (e == caf::sec::request_timeout)
              answer(id, only(work_state::wait));
            else
              fail(id, std::move(e));
          });
}

void gateway_state::hash(std::uint64_t id, unit u) {
  if (u.batches.empty()) {
    self_->send(keyring_, give_back_atom_v, std::move(u.leases));
    answer(id, only(config_.service ? work_state::wait : work_state::done));
    return;
  }
  const auto leases = u.leases;
  self_->request(config_.reader, caf::infinite, hash_atom_v, std::move(u))
      .then(
          [=, this](unit& hashed) {
            attempt(id, [&] { send_out(id, std::move(hashed)); });
          },
          [=, this](caf::error& e) {
            self_->send(keyring_, give_back_atom_v, leases);
            fail(id, std::move(e));
          });
}

void gateway_state::send_out(std::uint64_t id, unit u) {
  auto a = only(work_state::unit);
  a.leases = std::move(u.leases);
  a.batches = u.batches;
  a.digests = u.digests;
  out_.add(a.leases, std::move(u), self_->clock().now());
  answer(id, std::move(a));
}

void gateway_state::answer(std::uint64_t id, work_answer a) {
  auto request = open_.extract(id);
  if (!request)
    return;
  const auto waited = self_->clock().now() - request.mapped().asked;
  a.waited_ms = static_cast<std::uint32_t>(waited / milliseconds{1});
  config_.table->count(row_, 0, out_.size());
  request.mapped().promise.deliver(std::move(a));
}

void gateway_state::fail(std::uint64_t id, caf::error reason) {
  if (reason == fault::closing)
    answer(id, only(config_.service ? work_state::wait : work_state::done));
  else if (auto request = open_.extract(id))
    request.mapped().promise.deliver(std::move(reason));
}

} // namespace chancery::actors
