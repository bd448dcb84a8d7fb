// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/transport/connector.hpp"

#include "actors/base/quiet.hpp"
#include "actors/transport/dialler.hpp"

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/node_id.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <optional>

namespace chancery::actors {

namespace {

using namespace std::chrono_literals;

/// The connector, plus the events of its dialler.
using dialling_actor = connector_actor::extend<
    // The attempt has a connection; the socket is CAF's end of it.
    caf::reacts_to<caf::connect_atom, std::uint64_t, caf::io::scribe_ptr,
                   secure_channel>,
    // The attempt failed or its link ended, for this reason.
    caf::reacts_to<caf::close_atom, std::uint64_t, std::string>>;

/// Timeout of the broker's answer, which follows the peer's greeting. The
/// dialler has its own deadlines.
constexpr auto broker_answers_within = 12s;

caf::error unreachable(std::string why) {
  return caf::make_error(fault::unreachable, std::move(why));
}

class connecting : public dialling_actor::base {
 public:
  connecting(caf::actor_config& config, caf::actor broker,
             std::set<std::string> interface, std::shared_ptr<loop_bell> bell,
             dialler* dials)
      : dialling_actor::base(config), broker_(std::move(broker)),
        interface_(std::move(interface)), bell_(std::move(bell)),
        dialler_(dials) {}

  behavior_type make_behavior() override {
    keep_quiet(this);
    return {[this](dial_atom) { return dial(); },
            [this](caf::connect_atom, std::uint64_t attempt,
                   const caf::io::scribe_ptr& socket,
                   const secure_channel& channel) {
              greet(attempt, socket, channel);
            },
            [this](caf::close_atom, std::uint64_t attempt,
                   const std::string& why) { fail(attempt, why); }};
  }

  void on_exit() override {
    fail(attempt_, "this host is closing its connection");
  }

 private:
  using promise = caf::typed_response_promise<dialled>;

  promise dial() {
    fail(attempt_, "a newer attempt replaced this one");
    promise_ = make_response_promise<dialled>();
    dialler::dial(*bell_, *dialler_, ++attempt_);
    return *promise_;
  }

  void greet(std::uint64_t attempt, const caf::io::scribe_ptr& socket,
             const secure_channel& channel) {
    if (attempt != attempt_)
      return;
    // CAF only records the port; it connects to nothing.
    request(broker_, broker_answers_within, caf::connect_atom_v, socket,
            std::uint16_t{1})
        .then(
            [this, attempt, channel](const caf::node_id&,
                                     caf::strong_actor_ptr& gateway,
                                     const std::set<std::string>& offered) {
              take(attempt, {gateway, channel}, offered);
            },
            [this, attempt](const caf::error&) {
              fail(attempt, "CAF did not accept the other side's greeting");
            });
  }

  void take(std::uint64_t attempt, dialled peer,
            const std::set<std::string>& offered) {
    if (!peer.gateway || !system().assignable(offered, interface_)) {
      fail(attempt, "the other side's interface is not the one that this host "
                    "needs: run the same version of chancery on both hosts");
      return dialler::hang_up(*bell_, *dialler_, attempt);
    }
    if (attempt == attempt_ && promise_)
      std::exchange(promise_, std::nullopt)->deliver(std::move(peer));
  }

  void fail(std::uint64_t attempt, const std::string& why) {
    if (attempt == attempt_ && promise_)
      std::exchange(promise_, std::nullopt)->deliver(unreachable(why));
  }

  caf::actor broker_;
  std::set<std::string> interface_;
  std::shared_ptr<loop_bell> bell_;
  dialler* dialler_; ///< valid until the bell is silenced
  std::uint64_t attempt_ = 0;
  std::optional<promise> promise_;
};

} // namespace

struct connector::state {
  state(caf::actor_system& system, connector_options options) {
    const auto broker = basp_broker(system);
    auto interface = options.interface;
    dials = std::make_unique<dialler>(
        system, std::move(options),
        dialler::events{
            [this](std::uint64_t attempt, caf::io::scribe_ptr socket,
                   const secure_channel& channel) {
              caf::anon_send(inner, caf::connect_atom_v, attempt,
                             std::move(socket), channel);
            },
            [this](std::uint64_t attempt, const std::string& why) {
              caf::anon_send(inner, caf::close_atom_v, attempt, why);
            }});
    inner = system.spawn<connecting>(broker, std::move(interface),
                                     dials->bell(), dials.get());
    outer = inner;
  }

  ~state() {
    caf::anon_send_exit(inner, caf::exit_reason::user_shutdown);
    // The dialler's last event still uses the actor's handle.
    dials.reset();
  }

  std::unique_ptr<dialler> dials; ///< has no event before the first dial
  dialling_actor inner;
  connector_actor outer;
};

connector::connector(caf::actor_system& system, connector_options options)
    : state_(std::make_unique<state>(system, std::move(options))) {}

connector::~connector() = default;

const connector_actor& connector::actor() const noexcept {
  return state_->outer;
}

} // namespace chancery::actors
