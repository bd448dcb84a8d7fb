// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/client.hpp"

#include "actors/base/quiet.hpp"
#include "actors/ledger/client_load.hpp"

#include <caf/sec.hpp>
#include <fmt/format.h>

#include <utility>

namespace chancery::actors {

void client_state::start(client_config config, node_actor node) {
  config_ = std::move(config);
  node_ = std::move(node);
}

caf::typed_response_promise<client_report> client_state::run() {
  answer_ = self_->make_response_promise<client_report>();
  enroll();
  return answer_;
}

void client_state::enroll() {
  self_
      ->request(node_, config_.answer_timeout, submit_atom_v,
                config_.session->registration(config_.wall_clock_ms()))
      .then([this](const acknowledgement&) { enrolled(); },
            [this](const caf::error& e) { refused(e); });
}

void client_state::enrolled() {
  registered_ = true;
  begin_ = self_->clock().now() + config_.first_after;
  if (!config_.session->memory().unconfirmed.empty())
    send_left_over();
  schedule_tick();
  done_if_done();
}

void client_state::send_left_over() {
  ++due_;
  send(config_.session->seal_again());
}

void client_state::schedule_tick() {
  if (due_ == config_.messages || over_)
    return;
  const auto at = begin_ + config_.interval * due_;
  const auto now = self_->clock().now();
  if (at <= now)
    self_->send(self_, tick_atom_v);
  else
    self_->delayed_send(self_, at - now, tick_atom_v);
}

void client_state::tick() {
  if (over_ || due_ == config_.messages)
    return;
  ++due_;
  schedule_tick();
  if (!waiting_)
    send_next();
}

void client_state::send_next() {
  waiting_ = true;
  if (config_.sealer) {
    self_
        ->request(
            config_.sealer, caf::infinite, seal_atom_v,
            body_to_seal{config_.session, next_body(), config_.wall_clock_ms()})
        .then([this](std::string& jwe) { send(std::move(jwe)); },
              [this](const caf::error& e) { fail(sentence(e)); });
    return;
  }
  try {
    send(config_.session->seal(next_body(), config_.wall_clock_ms()));
  } catch (...) {
    fail(caught_sentence());
  }
}

void client_state::send(std::string jwe) {
  if (!answer_.pending())
    return;
  ++report_.sent;
  ++config_.progress->sent;
  sent_at_ = self_->clock().now();
  submit(std::move(jwe));
}

void client_state::submit(std::string text) {
  waiting_ = true;
  self_->request(node_, config_.answer_timeout, submit_atom_v, std::move(text))
      .then([this](const acknowledgement& ack) { confirmed(ack); },
            [this](const caf::error& e) { refused(e); });
}

void client_state::confirmed(const acknowledgement& ack) {
  if (config_.sealer) {
    self_
        ->request(config_.sealer, caf::infinite, accept_atom_v,
                  receipt_to_accept{config_.session, ack.receipt})
        .then(
            [this, compact = ack.receipt](const crypto::receipt& receipt) {
              accepted(receipt, compact);
            },
            [this](const caf::error& e) { fail(sentence(e)); });
    return;
  }
  try {
    accepted(config_.session->accept(ack.receipt), ack.receipt);
  } catch (...) {
    fail(caught_sentence());
  }
}

void client_state::accepted(const crypto::receipt& receipt,
                            const std::string& compact) {
  report_.indexes.push_back(receipt.index);
  report_.leaves.append(receipt.leaf.begin(), receipt.leaf.end());
  if (config_.observe)
    config_.observe(receipt, compact);
  const auto took = self_->clock().now() - sent_at_;
  report_.latencies_us.push_back(static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  ++report_.accepted;
  ++config_.progress->accepted;
  waiting_ = false;
  if (!over_ && report_.sent < due_)
    send_next();
  done_if_done();
}

// After a timeout or `busy` the same message is resent; other errors are final.
void client_state::refused(const caf::error& e) {
  const auto code = refusal_of(e);
  if (code == crypto::refusal::busy) {
    self_->delayed_send(self_, config_.busy_pause, again_atom_v);
  } else if (e == caf::sec::request_timeout) {
    self_->send(self_, again_atom_v);
  } else if (!code || code == crypto::refusal::internal || !registered_) {
    fail(sentence(e));
  } else {
    config_.session->forget();
    ++report_.refused;
    ++config_.progress->refused;
    waiting_ = false;
    if (!over_ && report_.sent < due_)
      send_next();
    done_if_done();
  }
}

void client_state::again() {
  if (!answer_.pending())
    return;
  ++report_.again;
  if (!registered_)
    enroll();
  else
    submit(config_.session->seal_again());
}

// The second call also stops waiting for the last answer.
void client_state::drain() {
  if (std::exchange(over_, true))
    waiting_ = false;
  else if (!registered_)
    return;
  done_if_done();
}

void client_state::done_if_done() {
  if (waiting_ || !answer_.pending())
    return;
  if (over_ || report_.sent == config_.messages) {
    answer_.deliver(std::move(report_));
    self_->quit();
  }
}

void client_state::fail(std::string why) {
  report_.failure = std::move(why);
  waiting_ = false;
  over_ = true;
  done_if_done();
}

std::string client_state::next_body() const {
  return fmt::format(R"({{"n":{},"text":"{:x>{}}"}})", report_.sent + 1, "",
                     config_.body_size);
}

client_actor::behavior_type client(client_state::pointer self,
                                   client_config config, node_actor node) {
  keep_quiet(self);
  self->state.start(std::move(config), std::move(node));
  return {
      [self](run_atom) { return self->state.run(); },
      [self](tick_atom) { self->state.tick(); },
      [self](again_atom) { self->state.again(); },
      [self](drain_atom) { self->state.drain(); },
  };
}

} // namespace chancery::actors
