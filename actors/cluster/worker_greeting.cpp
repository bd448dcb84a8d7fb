// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/worker_greeting.hpp"

#include <fmt/format.h>

#include <span>
#include <utility>

namespace chancery::actors {

namespace {

constexpr std::size_t instance_size = sizeof(crypto::random_id);

using crypto::greeting_prover;
using crypto::greeting_side;

} // namespace

crypto::greeting_terms terms_in(const hello& h, const welcome& w) {
  crypto::greeting_terms terms;
  terms.worker_instance = h.instance;
  terms.coordinator_instance = w.instance;
  terms.folder = w.folder;
  terms.epoch = w.epoch;
  terms.epoch_id = w.epoch_id;
  return terms;
}

std::optional<std::string>
worker_greeting::advance(stage from, stage to,
                         std::optional<std::string> wrong) {
  if (stage_ != from)
    wrong = "the worker's greeting is out of order: it is a hello, a "
            "challenge and a proof, each once";
  stage_ = wrong ? stage::refused : to;
  return wrong;
}

std::optional<std::string> worker_greeting::take(const hello& h) {
  auto wrong = advance(stage::start, stage::greeted, wrong_with(h));
  if (wrong)
    return wrong;
  terms_ = terms_in(h, config_.ours);
  terms_.worker_serial = config_.channel.peer.serial;
  terms_.coordinator_serial = config_.channel.own_serial;
  terms_.channel_binding = config_.channel.binding;
  return std::nullopt;
}

std::optional<std::string> worker_greeting::wrong_with(const hello& h) const {
  if (auto mismatch = version_mismatch(
          "this worker", h.software, h.protocol,
          fmt::format("this coordinator ({})", config_.ours.software)))
    return mismatch;
  if (h.folder != config_.ours.folder)
    return std::string("the worker's keys were bundled from another data "
                       "folder than the one that the coordinator signs");
  if (h.fingerprint != config_.fingerprint)
    return std::string("the worker has other keys than the coordinator: give "
                       "it a new bundle (`chancery keys bundle`)");
  if (h.instance.size() != instance_size)
    return std::string("the worker's instance id has a wrong length");
  return std::nullopt;
}

std::optional<std::string> worker_greeting::take(const challenge& c) {
  std::optional<std::string> wrong;
  if (c.nonce.size() != greeting_prover::nonce_size)
    wrong = "the worker's nonce has a wrong length";
  wrong = advance(stage::greeted, stage::challenged, std::move(wrong));
  if (wrong)
    return wrong;
  answer_.nonce.resize(greeting_prover::nonce_size);
  config_.random(std::as_writable_bytes(std::span(answer_.nonce)));
  terms_.worker_nonce = c.nonce;
  terms_.coordinator_nonce = answer_.nonce;
  answer_.mac = config_.prover->mac(greeting_side::coordinator, terms_);
  return std::nullopt;
}

std::optional<std::string> worker_greeting::take(const proof& p) {
  std::optional<std::string> wrong;
  if (config_.defended.challenge() &&
      !config_.prover->check(greeting_side::worker, terms_, p.mac))
    wrong = "the worker does not hold the keyring of this data folder: its "
            "proof is wrong";
  return advance(stage::challenged, stage::admitted, std::move(wrong));
}

std::optional<std::string> worker_greeting::missing() const {
  switch (stage_) {
  case stage::start:
    return std::string("say hello first");
  case stage::greeted:
  case stage::challenged:
    return std::string("prove the keyring first");
  case stage::refused:
    return std::string("the worker's greeting was refused");
  case stage::admitted:
    break;
  }
  return std::nullopt;
}

} // namespace chancery::actors
