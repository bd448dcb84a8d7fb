// SPDX-License-Identifier: Apache-2.0
#pragma once

// The messages between a coordinator and its workers after the first hello, and
// the typed interfaces of both sides. Every struct here crosses hosts: numbers
// and strings only, and a changed layout needs a new protocol_version.

#include "actors/signing/signing_messages.hpp"
#include "actors/transport/greeting.hpp"

#include <cstdint>
#include <string>

namespace chancery::actors {

struct welcome;
struct challenge;
struct challenge_answer;
struct proof;
struct admitted;
struct work_request;
struct work_answer;

} // namespace chancery::actors

CAF_BEGIN_TYPE_ID_BLOCK(chancery_cluster, first_custom_type_id + 192)
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::welcome))
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::work_request))
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::work_answer))
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::challenge))
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::challenge_answer))
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::proof))
CAF_ADD_TYPE_ID(chancery_cluster, (chancery::actors::admitted))
CAF_ADD_ATOM(chancery_cluster, chancery::actors, prove_atom, "prove")
CAF_ADD_ATOM(chancery_cluster, chancery::actors, refuse_atom, "refuse")
CAF_ADD_ATOM(chancery_cluster, chancery::actors, work_atom, "work")
CAF_ADD_ATOM(chancery_cluster, chancery::actors, step_atom, "step")
CAF_ADD_ATOM(chancery_cluster, chancery::actors, bye_atom, "bye")
CAF_END_TYPE_ID_BLOCK(chancery_cluster)

static_assert(caf::id_block::chancery_cluster::end <=
              caf::first_custom_type_id + 256);

namespace chancery::actors {

/// A coordinator's answer to a worker's hello.
struct welcome {
  std::uint32_t protocol = protocol_version;
  std::string software;
  std::string instance; ///< 16 random bytes, new at each start
  std::uint32_t epoch = 0;
  std::string epoch_id;              ///< 16 bytes
  std::string folder;                ///< 16 bytes
  std::uint32_t ttl_ms = 0;          ///< of the leases
  std::uint32_t leases_per_unit = 1; ///< most leases to ask for at a time
  std::uint32_t units_max = 1;       ///< that a worker may have outstanding
};

/// A worker demands a proof that the coordinator holds the keyring
/// (crypto/keyring/greeting_proof.hpp).
struct challenge {
  std::string nonce; ///< 32 random bytes, new for each connection
};

struct challenge_answer {
  std::string nonce; ///< 32 random bytes, new for each connection
  std::string mac;   ///< 32 bytes: the coordinator's proof
};

/// A worker's proof that it holds the keyring.
struct proof {
  std::string mac; ///< 32 bytes
};

/// The worker's proof is right: from now on the gateway serves it.
struct admitted {
  std::uint32_t protocol = protocol_version;
};

/// A worker's single request: hands in a unit, gives keys back, and asks for
/// the next unit with its keys. Each part may be empty.
struct work_request {
  std::uint64_t nonce = 0; ///< of the worker's vault: the moment of asking
  std::uint32_t count = 0; ///< leases wanted; 0: no more work
  std::string batches;     ///< of the unit handed in, as in unit_result
  std::string signatures;
  std::string returned; ///< leases given back
};

/// The outcome of a request for work.
enum class work_state : std::uint8_t {
  unit = 1, ///< the answer holds work
  wait,     ///< no work for now: ask again
  done,     ///< all is signed, or the run ends: nothing more in this epoch
  taken,    ///< no work was asked for; the rest was taken
};

/// An answer does not mean that the unit handed in is stored.
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
typename Inspector::result_type inspect(Inspector& f, challenge& x) {
  return f(caf::meta::type_name("challenge1"), x.nonce);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, challenge_answer& x) {
  return f(caf::meta::type_name("challenge_answer1"), x.nonce, x.mac);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, proof& x) {
  return f(caf::meta::type_name("proof1"), x.mac);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, admitted& x) {
  return f(caf::meta::type_name("admitted1"), x.protocol);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, work_request& x) {
  return f(caf::meta::type_name("work_request2"), x.nonce, x.count, x.batches,
           x.signatures, x.returned);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, work_answer& x) {
  return f(caf::meta::type_name("work_answer2"), x.state, x.leases, x.batches,
           x.digests, x.waited_ms);
}

/// Represents one connection of a worker. A greeting has three steps, in this
/// order, each once, within 10 s: hello, challenge, proof. A step that is
/// refused ends the connection after its answer, which is `refused` with a
/// sentence for the operator.
using gateway_actor = caf::typed_actor<
    // A peer of any version may send it; it is refused in words.
    caf::replies_to<hello_atom, hello>::with<welcome>,
    // Proves that the coordinator holds the keyring.
    caf::replies_to<prove_atom, challenge>::with<challenge_answer>,
    // Proves that the worker does.
    caf::replies_to<prove_atom, proof>::with<admitted>,
    // Answers within some seconds, with `wait` when there is no work yet.
    // Errors: refused (not admitted, or a signature was wrong), busy,
    // malformed, stuck, commit_failed, internal.
    caf::replies_to<work_atom, work_request>::with<work_answer>,
    // Returns those leases that are still current, with a new moment of asking,
    // and leaves out the others. Errors: refused (not admitted), malformed.
    caf::replies_to<renew_atom, renew_request>::with<grant>,
    // The worker knows that nothing is left to sign, and holds no key. Ignored
    // before it is admitted.
    caf::reacts_to<bye_atom>>;

/// What a worker needs of a coordinator before it knows its version: one of
/// another version offers this, too, so both can refuse each other in words.
using greeter_actor =
    caf::typed_actor<caf::replies_to<hello_atom, hello>::with<welcome>>;

/// Signs for a coordinator; stays on its host.
using remote_signer_actor = caf::typed_actor<
    // Asks for work and signs it, until none is left.
    caf::reacts_to<start_atom>,
    // To itself: renew leases where due, and sign the next chunk.
    caf::reacts_to<step_atom>,
    // Signs what it holds, hands it in, and quits.
    caf::reacts_to<drain_atom>>;

/// Runs a worker on its own host.
using worker_actor = caf::typed_actor<
    // To itself: connect.
    caf::reacts_to<dial_atom>,
    // Finishes what its signers hold, gives the keys back, and quits.
    caf::reacts_to<drain_atom>>;

} // namespace chancery::actors
