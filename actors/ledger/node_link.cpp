// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/node_link.hpp"

#include "actors/base/quiet.hpp"

#include <caf/actor_cast.hpp>
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>

namespace chancery::actors {

namespace {

caf::error as_clients_see_it(const caf::error& e) {
  if (refusal_of(e))
    return e;
  return make_refusal(crypto::refusal::busy,
                      "the node did not answer: " + sentence_of_peer(e));
}

} // namespace

caf::error node_link_state::not_linked() {
  return make_refusal(crypto::refusal::busy,
                      "there is no connection to the node");
}

void node_link_state::start(node_link_config config) {
  config_ = std::move(config);
  forwarder_options options;
  options.waiting = config_.waiting;
  options.timeout = caf::duration(config_.answer_timeout);
  options.translate = as_clients_see_it;
  forwarder_.emplace(self_, std::move(options));
  self_->set_exit_handler([this](caf::exit_msg& e) {
    gateway_ = nullptr;
    forwarder_->fail_all(make_fault(fault::closing, "this host is stopping"));
    self_->quit(std::move(e.reason));
  });
  // Every connection has its own gateway, so a down message of an earlier one
  // is not mistaken for the current one's.
  self_->set_down_handler([this](const caf::down_msg& d) {
    if (gateway_ && d.source == gateway_.address())
      lost("the connection to the node was lost");
  });
  self_->send(self_, dial_atom_v);
}

void node_link_state::dial() {
  self_->request(config_.connector, config_.dial_timeout, dial_atom_v)
      .then([this](const dialled& peer) { greet(peer.gateway); },
            [this](const caf::error& e) { lost(sentence_of_peer(e)); });
}

void node_link_state::greet(const caf::strong_actor_ptr& peer) {
  const auto gateway = caf::actor_cast<ledger_gateway_actor>(peer);
  self_->request(gateway, config_.hello_timeout, hello_atom_v, config_.greeting)
      .then([this, gateway](
                const ledger_welcome& answer) { welcomed(gateway, answer); },
            [this](const caf::error& e) { hello_failed(e); });
}

void node_link_state::welcomed(const ledger_gateway_actor& gateway,
                               const ledger_welcome& answer) {
  if (const auto mismatch = version_mismatch("the node", answer.software,
                                             answer.protocol, "this host")) {
    end(*mismatch);
    return;
  }
  const auto node = id_of_bytes(answer.node);
  if (!node) {
    end("the node answered with an id that does not have 32 bytes");
    return;
  }
  if (config_.node && config_.node != node) {
    end(fmt::format("this is node {}, not {}", crypto::to_text(*node),
                    crypto::to_text(*config_.node)));
    return;
  }
  config_.node = node;
  gateway_ = gateway;
  self_->monitor(gateway_);
  waits_.reset();
  tell(link_state::linked, {});
}

// A gateway that does not answer was lost before it was monitored.
void node_link_state::hello_failed(const caf::error& e) {
  if (e == fault::refused)
    end(sentence_of_peer(e));
  else
    lost("the node accepted the connection but did not answer");
}

void node_link_state::lost(const std::string& why) {
  gateway_ = nullptr;
  forwarder_->fail_all(not_linked());
  tell(link_state::lost, why);
  self_->delayed_send(self_, next_wait(), dial_atom_v);
}

void node_link_state::end(const std::string& why) {
  refused_ = make_fault(fault::refused, why);
  tell(link_state::ended, why);
}

std::chrono::milliseconds node_link_state::next_wait() {
  std::array<std::byte, sizeof(std::uint32_t)> bytes{};
  config_.random(bytes);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return waits_.next(static_cast<double>(number) / UINT32_MAX);
}

void node_link_state::tell(link_state now, const std::string& why) {
  if (std::exchange(told_, now) != now && config_.tell)
    config_.tell(now, why);
}

node_link_actor::behavior_type node_link(node_link_state::pointer self,
                                         node_link_config config) {
  keep_quiet(self);
  self->state.start(std::move(config));
  return std::apply(
      [self](auto... questions) {
        return node_link_actor::behavior_type{
            std::move(questions)..., [self](dial_atom) { self->state.dial(); }};
      },
      forwarding_handlers(&self->state));
}

} // namespace chancery::actors
