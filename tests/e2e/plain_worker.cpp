// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/plain_worker.hpp"

#include "actors/base/boot_clock.hpp"
#include "actors/cluster/cluster_messages.hpp"
#include "actors/cluster/coordinator.hpp"
#include "actors/cluster/coordinator_check.hpp"
#include "actors/systems/exit_watchdog.hpp"
#include "actors/systems/system_config.hpp"
#include "actors/transport/connector.hpp"
#include "crypto/base/random.hpp"
#include "crypto/keyring/keyring_bundle.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <stdexcept>
#include <utility>

namespace chancery::tests {

namespace {

using namespace std::chrono_literals;
using actors::work_answer;
using actors::work_request;

using plain_signer_actor = caf::typed_actor<caf::reacts_to<actors::start_atom>>;
using pointer = plain_signer_actor::pointer;

struct plain_work {
  actors::gateway_actor gateway;
  unit_signer sign;
  std::uint32_t leases = 1;
  unsigned under_way = 0;
  bool over = false;
};

void ask(pointer self, const std::shared_ptr<plain_work>& work,
         work_request request) {
  ++work->under_way;
  request.count = work->over ? 0 : work->leases;
  request.nonce = static_cast<std::uint64_t>(actors::boot_clock().count())
                  << 20;
  self->request(work->gateway, 60s, actors::work_atom_v, std::move(request))
      .then(
          [=](work_answer& a) {
            --work->under_way;
            const auto state = static_cast<actors::work_state>(a.state);
            if (state == actors::work_state::done)
              work->over = true;
            if (state == actors::work_state::unit) {
              ask(self, work, work->sign(a));
            } else if (state == actors::work_state::wait) {
              ask(self, work, {});
            } else if (work->over && work->under_way == 0) {
              self->send(work->gateway, actors::bye_atom_v);
              self->quit();
            }
          },
          [=](caf::error& e) { self->quit(std::move(e)); });
}

plain_signer_actor::behavior_type
plain_signer(pointer self, std::shared_ptr<plain_work> work, unsigned units) {
  return {
      [=](actors::start_atom) {
        for (unsigned i = 0; i < units; ++i)
          ask(self, work, {});
      },
  };
}

actors::hello greeting_of(const crypto::keyring& keys,
                          const crypto::random_id& folder) {
  const auto bytes = [](const auto& id) {
    return std::string(id.begin(), id.end());
  };
  actors::hello h;
  h.software = "plain worker";
  h.instance = bytes(crypto::make_random_id(crypto::system_random()));
  h.fingerprint = bytes(crypto::worker_fingerprint(keys));
  h.folder = bytes(folder);
  return h;
}

[[noreturn]] void fail(const caf::error& e) {
  throw std::runtime_error(actors::sentence(e));
}

// One step of the greeting: what the coordinator answers must be right.
template <class Answer, class... Ts>
void greet(caf::scoped_actor& self, const actors::gateway_actor& gateway,
           actors::coordinator_check& check, Ts... words) {
  self->request(gateway, 15s, std::move(words)...)
      .receive(
          [&](const Answer& answer) {
            if (const auto wrong = check.take(answer))
              throw std::runtime_error(*wrong);
          },
          [](const caf::error& e) { fail(e); });
}

} // namespace

void run_plain_worker(const crypto::keyring& keys,
                      const crypto::random_id& folder,
                      const actors::worker_options& options, unsigned units,
                      unit_signer sign) {
  actors::exit_watchdog watchdog;
  actors::system_config config(2, true);
  caf::actor_system system(config);
  actors::connector_options c;
  c.credentials = options.credentials;
  c.host = options.host;
  c.port = options.port;
  c.message_types = actors::coordinator_message_types();
  c.payload_max = actors::coordinator_payload_max;
  c.interface =
      system.message_types(caf::detail::type_list<actors::greeter_actor>{});
  actors::connector link(system, c);
  caf::scoped_actor self(system);
  const auto work = std::make_shared<plain_work>();
  work->sign = std::move(sign);
  actors::dialled peer;
  self->request(link.actor(), 15s, actors::dial_atom_v)
      .receive([&](const actors::dialled& d) { peer = d; },
               [](const caf::error& e) { fail(e); });
  work->gateway = caf::actor_cast<actors::gateway_actor>(peer.gateway);
  const auto hello = greeting_of(keys, folder);
  actors::coordinator_check check(hello, peer.channel,
                                  crypto::greeting_prover(keys.lease_secret()),
                                  crypto::system_random());
  greet<actors::welcome>(self, work->gateway, check, actors::hello_atom_v,
                         hello);
  greet<actors::challenge_answer>(self, work->gateway, check,
                                  actors::prove_atom_v, check.question());
  self->request(work->gateway, 15s, actors::prove_atom_v, check.own_proof())
      .receive([](const actors::admitted&) {},
               [](const caf::error& e) { fail(e); });
  work->leases = check.theirs().leases_per_unit;
  const auto signer = system.spawn<caf::detached>(plain_signer, work, units);
  self->monitor(signer);
  self->send(signer, actors::start_atom_v);
  self->receive([](const caf::down_msg& down) {
    if (down.reason)
      fail(down.reason);
  });
  watchdog.arm();
}

} // namespace chancery::tests
