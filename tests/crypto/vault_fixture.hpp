// SPDX-License-Identifier: Apache-2.0
#pragma once

// A vault with four keys, a clock that the test advances, a log of observed
// uses, and leases as the lender makes them.

#include "crypto/keyring/vault.hpp"
#include "fixture.hpp"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace chancery::crypto::test {

struct vault_fixture {
  curve c = curve::p256;
  std::chrono::milliseconds now{1'000'000};
  std::vector<key_use> seen;
  /// Runs on the signing thread at each begin and end of a use.
  std::function<void(const key_use&)> on_use;

  random_id folder = make_random_id(system_random());
  random_id epoch = make_random_id(system_random());
  keyring keys{c, 4, system_random()};
  vault v{retired_last(keys), options(), system_random()};
  lease_authority lender{keys.lease_secret(), folder, epoch};

  vault::options options() {
    vault::options o;
    o.folder = folder;
    o.epoch = epoch;
    o.instance = make_random_id(system_random());
    o.now = [this] { return now; };
    o.observe = [this](const key_use& use) {
      seen.push_back(use);
      if (on_use)
        on_use(use);
    };
    return o;
  }

  /// The last of the four keys is retired.
  static keyring retired_last(keyring keys) {
    keys.retire(keys.keys().back().key.id());
    return keys;
  }

  /// A lease of the key at `index`; remote if `ttl_ms` is not 0.
  lease lend(std::size_t index, std::uint64_t fence, std::uint32_t ttl_ms = 0) {
    lease l;
    l.key = keys.keys()[index].key.id();
    l.fence = fence;
    l.remote = ttl_ms != 0;
    l.ttl_ms = ttl_ms;
    l.instance = v.instance();
    l.nonce = v.ask();
    lender.sign(l);
    return l;
  }

  std::span<const std::byte> digests(std::size_t count) {
    digests_.resize(count * field_size(c));
    replayed_random(5)(digests_);
    return digests_;
  }

  /// Signs `count` digests under each of the leases in turn.
  std::vector<std::byte> sign(vault::session& s, std::vector<lease> leases,
                              std::size_t count = 1) {
    std::vector<leased_run> runs;
    for (const auto& l : leases)
      runs.push_back({&l, count});
    std::vector<std::byte> signatures(runs.size() * count * signature_size(c),
                                      std::byte{0xaa});
    s.sign_batch(runs, digests(runs.size() * count), signatures);
    return signatures;
  }

  /// Why signing is refused; nullopt if it is not. Also checks that a refusal
  /// clears the signatures.
  std::optional<lease_fault> fault(vault::session& s,
                                   const std::vector<lease>& leases);

  std::optional<lease_fault> fault(const std::vector<lease>& leases) {
    auto s = v.open_session();
    return fault(s, leases);
  }

 private:
  std::vector<std::byte> digests_;
};

} // namespace chancery::crypto::test
