// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a coordinator and its workers tell each other behind the greeting, and
// the typed interfaces of both sides. Every struct here crosses hosts: numbers
// and strings only, and a layout that changes takes a new protocol_version.

#include "actors/signing/signing_messages.hpp"
#include "actors/transport/greeting.hpp"

#include <cstdint>
#include <string>

namespace chancery::actors {

struct welcome;
struct work_request;
struct work_answer;

} // namespace chancery::actors

CAF_BEGIN_TYPE_ID_BLOCK(chancery_cluster, first_custom_type_id + 192)
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::welcome))
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::work_request))
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::work_answer))
CAF_ADD_ATOM(chancery_cluster, chancery::actors, work_atom, "work")
CAF_ADD_ATOM(chancery_cluster, chancery::actors, step_atom, "step")
CAF_ADD_ATOM(chancery_cluster, chancery::actors, bye_atom, "bye")
CAF_END_TYPE_ID_BLOCK(chancery_cluster)

static_assert(caf::id_block::chancery_cluster::end <=
              caf::first_custom_type_id + 256);

namespace chancery::actors {

/// A coordinator's answer to a worker.
struct welcome {
  std::uint32_t protocol = protocol_version;
  std::string software;
  std::string instance; ///< 16 random bytes: this life of the coordinator
  std::uint32_t epoch = 0;
  std::string epoch_id;              ///< 16 bytes
  std::string folder;                ///< 16 bytes
  std::uint32_t ttl_ms = 0;          ///< of the leases
  std::uint32_t leases_per_unit = 1; ///< to ask for at most
  std::uint32_t units_max = 1;       ///< that a worker may have outstanding
};

/// A worker's one request: hands in a unit, gives keys back, and asks for the
/// next unit with the keys for it. Each part may be empty.
struct work_request {
  std::uint64_t nonce = 0; ///< of the worker's vault: the moment of asking
  std::uint32_t count = 0; ///< leases wanted; 0: no more work
  std::string batches;     ///< of the unit handed in, as in unit_result
  std::string signatures;
  std::string returned; ///< leases given back
};

/// What became of the request for work.
enum class work_state : std::uint8_t {
  unit = 1, ///< here it is
  wait,     ///< nothing for now: ask again
  done,     ///< all is signed, or the run ends: nothing more in this epoch
  taken,    ///< none was asked for; what was handed in has been taken
};

/// That a unit was taken does not say that it is stored.
struct work_answer {
  std::uint8_t state = 0; ///< a work_state
  std::string leases;     ///< as in grant
  std::string batches;    ///< as in unit
  std::string digests;
  std::uint32_t waited_ms = 0; ///< for keys and ranges, at the coordinator
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, welcome& x) {
  return f(caf::meta::type_name("welcome1"), x.protocol, x.software, x.instance,
           x.epoch, x.epoch_id, x.folder, x.ttl_ms, x.leases_per_unit,
           x.units_max);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, work_request& x) {
  return f(caf::meta::type_name("work_request1"), x.nonce, x.count, x.batches,
           x.signatures, x.returned);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, work_answer& x) {
  return f(caf::meta::type_name("work_answer1"), x.state, x.leases, x.batches,
           x.digests, x.waited_ms);
}

/// Stands for one connection of a worker.
using gateway_actor = caf::typed_actor<
    // Once, and first. Errors: refused, with a sentence for the operator.
    caf::replies_to<hello_atom, hello>::with<welcome>,
    // Answers within some seconds, with `wait` when there is nothing yet.
    // Errors: refused (no hello), busy, malformed, closing, commit_failed.
    caf::replies_to<work_atom, work_request>::with<work_answer>,
    // The same leases, as far as they are still current, with a new moment of
    // asking; those that are not are left out.
    caf::replies_to<renew_atom, renew_request>::with<grant>,
    // The worker has heard that there is nothing left, and holds no key.
    caf::reacts_to<bye_atom>>;

/// Signs for a coordinator; stays on its host.
using remote_signer_actor = caf::typed_actor<
    // Begins to ask for work, and ends when there is none left.
    caf::reacts_to<start_atom>,
    // To itself: the next chunk; leases may need more time.
    caf::reacts_to<step_atom>,
    // Signs what it holds, hands it in, and ends.
    caf::reacts_to<drain_atom>>;

/// A worker's life on its own host.
using worker_actor = caf::typed_actor<
    // To itself: time to connect.
    caf::reacts_to<dial_atom>,
    // Finishes what its signers hold, gives the keys back, and ends.
    caf::reacts_to<drain_atom>>;

} // namespace chancery::actors
