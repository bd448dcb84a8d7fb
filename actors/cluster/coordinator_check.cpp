// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/coordinator_check.hpp"

#include "actors/cluster/worker_greeting.hpp"

#include <span>
#include <utility>

namespace chancery::actors {

coordinator_check::coordinator_check(hello greeting, secure_channel channel,
                                     crypto::greeting_prover prover,
                                     const crypto::random_source& random)
    : greeting_(std::move(greeting)), channel_(std::move(channel)),
      prover_(std::move(prover)) {
  question_.nonce.resize(crypto::greeting_prover::nonce_size);
  random(std::as_writable_bytes(std::span(question_.nonce)));
}

std::optional<std::string> coordinator_check::take(const welcome& w) {
  if (auto mismatch = version_mismatch("the coordinator", w.software,
                                       w.protocol, "this worker"))
    return mismatch;
  if (w.folder != greeting_.folder)
    return std::string("the coordinator signs another data folder than the one "
                       "of this worker's keys");
  theirs_ = w;
  terms_ = terms_in(greeting_, w);
  terms_.worker_serial = channel_.own_serial;
  terms_.coordinator_serial = channel_.peer.serial;
  terms_.channel_binding = channel_.binding;
  return std::nullopt;
}

std::optional<std::string> coordinator_check::take(const challenge_answer& a) {
  if (a.nonce.size() != crypto::greeting_prover::nonce_size)
    return std::string("the coordinator's nonce has a wrong length");
  terms_.worker_nonce = question_.nonce;
  terms_.coordinator_nonce = a.nonce;
  if (!prover_.check(crypto::greeting_side::coordinator, terms_, a.mac))
    return std::string("the coordinator does not hold this worker's keyring: "
                       "its proof is wrong");
  return std::nullopt;
}

proof coordinator_check::own_proof() const {
  return {prover_.mac(crypto::greeting_side::worker, terms_)};
}

} // namespace chancery::actors
