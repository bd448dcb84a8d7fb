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

  struct wanted {
    std::size_t key; ///< its index
    std::uint64_t fence;
  };

  /// These leases, together; remote if `ttl_ms` is not 0.
  lease_set lend(const std::vector<wanted>& leases, std::uint32_t ttl_ms = 0) {
    lease_set set;
    set.remote = ttl_ms != 0;
    set.ttl_ms = ttl_ms;
    set.instance = v.instance();
    set.nonce = v.ask();
    for (const auto& l : leases)
      set.leases.push_back({keys.keys()[l.key].key.id(), l.fence});
    lender.sign(set);
    return set;
  }

  lease_set lend(std::size_t key, std::uint64_t fence,
                 std::uint32_t ttl_ms = 0) {
    return lend({{key, fence}}, ttl_ms);
  }

  std::span<const std::byte> digests(std::size_t count) {
    digests_.resize(count * field_size(c));
    replayed_random(5)(digests_);
    return digests_;
  }

  /// Signs `count` digests under the lease of each index in turn.
  std::vector<std::byte> sign(vault::session& s, const lease_set& set,
                              const std::vector<std::size_t>& indexes,
                              std::size_t count = 1) {
    std::vector<leased_run> runs;
    for (const auto index : indexes)
      runs.push_back({index, count});
    std::vector<std::byte> signatures(runs.size() * count * signature_size(c),
                                      std::byte{0xaa});
    s.sign_batch(set, runs, digests(runs.size() * count), signatures);
    return signatures;
  }

  /// Why signing is refused; nullopt if it is not. Also checks that a refusal
  /// clears the signatures.
  std::optional<lease_fault> fault(vault::session& s, const lease_set& set);

  std::optional<lease_fault> fault(const lease_set& set) {
    auto s = v.open_session();
    return fault(s, set);
  }

 private:
  std::vector<std::byte> digests_;
};

} // namespace chancery::crypto::test
