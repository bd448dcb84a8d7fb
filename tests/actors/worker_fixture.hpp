// SPDX-License-Identifier: Apache-2.0
#pragma once

// A worker's side under the deterministic scheduler: a vault whose clock the
// test moves, and gateways that record requests and answer as the test decides.

#include "actors/cluster/remote_signer.hpp"
#include "crypto/base/hash.hpp"
#include "tests/actors/actor_fixture.hpp"
#include "tests/erring_signer.hpp"

#include <caf/actor_cast.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chancery::tests {

/// The requests to a gateway, in order, and its next order. A promise is
/// delivered in an order: only the actor itself may do so.
struct gateway_script {
  struct work_call {
    actors::work_request request;
    caf::typed_response_promise<actors::work_answer> promise;
  };
  struct renew_call {
    actors::renew_request request;
    caf::typed_response_promise<actors::grant> promise;
  };
  struct hello_call {
    actors::hello said;
    caf::typed_response_promise<actors::welcome> promise;
  };

  std::vector<hello_call> hellos;
  std::vector<actors::proof> proofs;
  std::vector<work_call> work;
  std::vector<renew_call> renewals;
  std::size_t byes = 0;
  std::function<void()> order;
  /// Answers challenges at once.
  std::function<caf::result<actors::challenge_answer>(const actors::challenge&)>
      prove;
  /// Answers renewals at once; empty: they wait for the test.
  std::function<actors::grant(const actors::renew_request&)> renew_at_once;
};

// A gateway_actor that takes orders, too, and is therefore untyped.
inline caf::behavior
scripted_gateway(caf::event_based_actor* self,
                 const std::shared_ptr<gateway_script>& script) {
  return {
      [=](actors::hello_atom, const actors::hello& h) {
        auto promise = self->make_response_promise<actors::welcome>();
        script->hellos.push_back({h, promise});
        return promise;
      },
      [=](actors::prove_atom, const actors::challenge& c) {
        return script->prove(c);
      },
      [=](actors::prove_atom, const actors::proof& p) {
        script->proofs.push_back(p);
        return actors::admitted{};
      },
      [=](actors::work_atom, const actors::work_request& request) {
        auto promise = self->make_response_promise<actors::work_answer>();
        script->work.push_back({request, promise});
        return promise;
      },
      [=](actors::renew_atom, const actors::renew_request& request) {
        auto promise = self->make_response_promise<actors::grant>();
        script->renewals.push_back({request, promise});
        if (script->renew_at_once)
          promise.deliver(script->renew_at_once(request));
        return promise;
      },
      [=](actors::bye_atom) { ++script->byes; },
      [=](actors::start_atom) { script->order(); },
  };
}

inline actors::work_answer answer_of(actors::work_state state) {
  actors::work_answer a;
  a.state = static_cast<std::uint8_t>(state);
  return a;
}

class worker_fixture : public actor_fixture {
 public:
  static constexpr std::chrono::milliseconds ttl{1'000};

  explicit worker_fixture(bool on_faulty_core = false)
      : actor_fixture(0), faulty(on_faulty_core), vault(make_vault()) {}

  /// Its clock is `now`, its ids are all 1 or 0.
  std::shared_ptr<crypto::vault> make_vault() {
    crypto::vault::options options;
    options.instance.fill(1);
    options.now = [this] { return now; };
    if (faulty)
      options.replace_signer = every_signature_wrong;
    options.observe = [this](const crypto::key_use& use) {
      if (on_use)
        on_use(use);
    };
    return std::make_shared<crypto::vault>(keys, options,
                                           crypto::system_random());
  }

  /// One connection of a worker; the test plays the coordinator.
  struct connection {
    std::shared_ptr<gateway_script> script;
    caf::actor actor;

    actors::gateway_actor handle() const {
      return caf::actor_cast<actors::gateway_actor>(actor);
    }
  };

  connection new_connection() {
    const auto script = std::make_shared<gateway_script>();
    return {script, keep(system.spawn(scripted_gateway, script))};
  }

  /// The answer is in the requester's mailbox when this returns.
  template <class Promise, class T>
  void deliver(const connection& c, Promise promise, T x) {
    bool done = false;
    c.script->order = [&] {
      promise.deliver(std::move(x));
      done = true;
    };
    caf::anon_send(c.actor, actors::start_atom_v);
    while (!done)
      BOOST_REQUIRE(step(1));
    c.script->order = nullptr;
  }

  /// A coordinator's answer: a unit with one batch for each count.
  actors::work_answer unit_for(const actors::work_request& request,
                               const std::vector<std::uint32_t>& counts) {
    auto a = answer_of(actors::work_state::unit);
    crypto::lease_set set;
    set.remote = true;
    set.ttl_ms = static_cast<std::uint32_t>(ttl.count());
    set.instance.fill(1);
    set.nonce = request.nonce;
    for (const auto count : counts) {
      const auto& key = keys.keys()[fences_ % keys.keys().size()].key;
      const auto fence = fence_of(1, ++fences_);
      set.leases.push_back({key.id(), fence});
      actors::encode({fence, records_, count}, a.batches);
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto digest = crypto::sha256(bytes_of(record_of(records_++)));
        a.digests.append(digest.begin(), digest.end());
      }
    }
    authority.sign(set);
    a.leases = crypto::encode(set);
    return a;
  }

  /// A coordinator's grant of renewed leases.
  actors::grant renewed(const actors::renew_request& request) {
    auto set = crypto::decode_leases(request.leases);
    set.nonce = request.nonce;
    authority.sign(set);
    return {crypto::encode(set)};
  }

  /// Why the actor ended; unset while it is alive.
  template <class Handle>
  std::shared_ptr<std::optional<caf::error>> watch(const Handle& h) {
    auto end = std::make_shared<std::optional<caf::error>>();
    const auto watcher = system.spawn([=](caf::event_based_actor* self) {
      self->set_down_handler([=](caf::down_msg& down) { *end = down.reason; });
      self->monitor(h);
      return caf::behavior{[](actors::start_atom) {}};
    });
    keep(watcher);
    run();
    return end;
  }

  bool faulty; ///< the processor: all of its signatures are wrong
  std::chrono::milliseconds now{1'000'000};
  std::function<void(const crypto::key_use&)> on_use; ///< may be empty
  crypto::keyring keys = keyring_of(4);
  crypto::lease_authority authority{keys.lease_secret(), {}, {}};
  std::shared_ptr<crypto::vault> vault;
  actors::worker_progress counted;

 private:
  std::uint32_t fences_ = 0;
  std::uint64_t records_ = 0;
};

} // namespace chancery::tests
