// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/vault.hpp"

#include "crypto/keyring/vault_state.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

const char* reason(lease_fault fault) {
  switch (fault) {
  case lease_fault::forged:
    return "its token does not match";
  case lease_fault::other_purpose:
    return "it is for another purpose than the key has";
  case lease_fault::not_mine:
    return "it was lent to another vault";
  case lease_fault::expired:
    return "it has expired";
  case lease_fault::stale_fence:
    return "the key has been lent again since";
  case lease_fault::unknown_key:
    return "the key is not in the keyring, or is retired";
  }
  return "it is not valid";
}

} // namespace

lease_refused::lease_refused(lease_fault fault, const key_id& key)
    : std::runtime_error(fmt::format("the lease of key {} is refused: {}",
                                     to_text(key), reason(fault))),
      fault_(fault) {}

vault::state::state(keyring k, options o, random_source r)
    : keys(std::move(k)), opts(std::move(o)), random(std::move(r)) {
  if (!opts.now)
    throw std::invalid_argument("a vault needs a clock");
  for (const auto& key : record_keys(keys))
    slots.try_emplace(key.id(), key);
}

vault::vault(keyring keys, options opts, random_source random)
    : state_(std::make_unique<state>(std::move(keys), std::move(opts),
                                     std::move(random))) {}

vault::~vault() = default;

const random_id& vault::instance() const noexcept {
  return state_->opts.instance;
}

crypto::curve vault::curve() const noexcept { return state_->keys.curve(); }

std::uint64_t vault::ask() {
  const auto stamp = static_cast<std::uint64_t>(state_->opts.now().count());
  const auto counter = state_->requests.fetch_add(1, std::memory_order_relaxed);
  const auto mask = (std::uint64_t{1} << nonce_counter_bits) - 1;
  return stamp << nonce_counter_bits | (counter & mask);
}

vault::session vault::open_session() { return session(*state_); }

} // namespace chancery::crypto
