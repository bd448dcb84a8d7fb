// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/ledger_gateway.hpp"

#include "actors/base/quiet.hpp"
#include "actors/transport/limits.hpp"

#include <caf/sec.hpp>
#include <fmt/format.h>

#include <tuple>
#include <utility>

namespace chancery::actors {

namespace {

caf::error node_ended() {
  return make_fault(fault::closing, "the node has ended");
}

caf::error as_peers_see_it(const caf::error& e) {
  return e == caf::sec::request_receiver_down ? node_ended() : e;
}

} // namespace

ledger_gateway_state::~ledger_gateway_state() {
  if (greeted_ && config_.connected != nullptr)
    --*config_.connected;
}

void ledger_gateway_state::start(ledger_gateway_config config) {
  config_ = std::move(config);
  forwarder_options options;
  options.under_way = config_.limits;
  options.translate = as_peers_see_it;
  forwarder_.emplace(self_, std::move(options));
  keep_quiet(self_,
             [this](const caf::error&) { forwarder_->fail_all(node_ended()); });
  self_->set_default_handler(
      [this](caf::scheduled_actor*,
             caf::message_view&) -> caf::result<caf::message> {
        return refuse("it sent a message that the protocol does not have");
      });
  self_->set_down_handler(
      [this](const caf::down_msg&) { stop(caf::exit_reason::user_shutdown); });
  self_->monitor(config_.node);
  self_->delayed_send(self_, greeting_time_max, tick_atom_v);
}

caf::result<ledger_welcome> ledger_gateway_state::greet(const hello& theirs) {
  if (greeted_)
    return refuse("it sent hello a second time");
  if (auto mismatch = version_mismatch(
          "this host", theirs.software, theirs.protocol,
          fmt::format("this node ({})", config_.welcome.software)))
    return refuse(*std::move(mismatch));
  greeted_ = true;
  if (config_.connected != nullptr)
    ++*config_.connected;
  return config_.welcome;
}

void ledger_gateway_state::expired() {
  if (!greeted_)
    refuse(fmt::format("it did not complete its greeting in {} s",
                       greeting_time_max.count() / 1'000));
}

// The link ends with this actor, after the answer. The listener logs the
// reason.
caf::error ledger_gateway_state::refuse(std::string why) {
  auto answer = make_fault(
      fault::refused, fmt::format("host {} is refused: {}", config_.peer, why));
  forwarder_->fail_all(answer);
  self_->quit(make_fault(fault::refused, std::move(why)));
  return answer;
}

void ledger_gateway_state::stop(caf::error reason) {
  forwarder_->fail_all(node_ended());
  self_->quit(std::move(reason));
}

timed_ledger_gateway_actor::behavior_type
ledger_gateway(ledger_gateway_state::pointer self,
               ledger_gateway_config config) {
  self->state.start(std::move(config));
  return std::apply(
      [self](auto... questions) {
        return timed_ledger_gateway_actor::behavior_type{
            [self](hello_atom, const hello& theirs) {
              return self->state.greet(theirs);
            },
            std::move(questions)...,
            [self](tick_atom) { self->state.expired(); }};
      },
      forwarding_handlers(&self->state));
}

} // namespace chancery::actors
