// SPDX-License-Identifier: Apache-2.0
#pragma once

// A verifier that a test plays: signatures of the letter 's' are right, all
// others wrong. It can keep its verdicts back until the test asks for them.

#include "actors/signing/signing_messages.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

namespace chancery::tests {

struct verifier_script {
  struct call {
    actors::unit_chunk chunk;
    caf::typed_response_promise<actors::chunk_verdict> promise;
  };

  bool keeps_back = false;
  std::size_t signatures = 0; ///< that it was asked for
  std::deque<call> waiting;
};

inline actors::chunk_verdict verdict_on(const actors::unit_chunk& chunk) {
  actors::chunk_verdict verdict;
  for (const auto index : chunk.indexes)
    if (!std::ranges::all_of(chunk.unit->signature(index),
                             [](std::byte b) { return b == std::byte{'s'}; }) &&
        verdict.wrong++ == 0)
      verdict.first_wrong = index;
  return verdict;
}

inline caf::behavior
scripted_verifier(caf::event_based_actor* self,
                  const std::shared_ptr<verifier_script>& script) {
  return {
      [=](actors::verify_atom, const actors::unit_chunk& chunk) {
        auto promise = self->make_response_promise<actors::chunk_verdict>();
        script->signatures += chunk.indexes.size();
        if (script->keeps_back)
          script->waiting.push_back({chunk, promise});
        else
          promise.deliver(verdict_on(chunk));
        return promise;
      },
      // The oldest verdict that was kept back.
      [=](actors::start_atom) {
        auto call = std::move(script->waiting.front());
        script->waiting.pop_front();
        call.promise.deliver(verdict_on(call.chunk));
      },
  };
}

} // namespace chancery::tests
