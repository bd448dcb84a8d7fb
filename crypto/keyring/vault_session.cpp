// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/secret.hpp"
#include "crypto/keyring/vault_state.hpp"
#include "crypto/providers/run_sizes.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

/// Two uses of a key overlap: the program's promise is broken, and continuing
/// could sign with a key that another borrower holds.
[[noreturn]] void end_process(const lease& l) {
  std::fprintf(stderr,
               "chancery: key %s has two uses at the same time (fence "
               "%llu.%llu); aborting the process\n",
               to_text(l.key).c_str(),
               static_cast<unsigned long long>(l.fence >> 32),
               static_cast<unsigned long long>(l.fence & 0xffffffff));
  std::fflush(stderr);
  std::abort();
}

/// Raises the highest fence seen to `fence`; false if it is already higher.
bool raise(std::atomic<std::uint64_t>& seen, std::uint64_t fence) {
  auto highest = seen.load();
  while (highest < fence)
    if (seen.compare_exchange_weak(highest, fence))
      return true;
  return highest == fence;
}

std::unique_ptr<batch_signer> signer_of(const vault::state& s) {
  const auto curve = s.keys.curve();
  auto signer = make_batch_signer(s.opts.provider, curve, s.random);
  if (s.opts.replace_signer)
    signer = s.opts.replace_signer(std::move(signer));
  if (!s.opts.defended.sample() && !s.opts.paranoid)
    return signer;
  return make_checked(std::move(signer), s.opts.provider, curve,
                      s.opts.paranoid ? self_check::all : self_check::sample,
                      s.random);
}

} // namespace

struct vault::session::impl {
  explicit impl(vault::state& s)
      : shared(s), signer(signer_of(s)),
        authority(s.keys.lease_secret(), s.opts.folder, s.opts.epoch) {}

  void sign(const lease_set& set, std::span<const leased_run> runs,
            std::span<const std::byte> digests,
            std::span<std::byte> signatures);
  void admit(const lease_set& set, std::chrono::milliseconds now);
  vault_slot& admit(const lease& l);
  void take(vault_slot& slot, const lease& l);
  void report(bool begin);
  void release() noexcept;

  vault::state& shared;
  std::unique_ptr<batch_signer> signer;
  lease_authority authority;

  struct use {
    vault_slot* slot;
    std::uint64_t fence;
  };
  // Kept to reuse their memory; empty between calls.
  std::vector<vault_slot*> slots; // of each run
  std::vector<use> uses;          // each key once
  std::vector<key_run> key_runs;
  bool begun = false;
  std::atomic_flag busy; // a session belongs to one thread
};

namespace {

/// Refuses all leases of a set, and names the first.
[[noreturn]] void refuse(const lease_set& set, lease_fault fault) {
  throw lease_refused(fault, set.leases.front().key);
}

void require_unexpired(const lease_set& set, std::chrono::milliseconds now) {
  if (!set.remote)
    return;
  const auto asked = moment_of_asking(set.nonce);
  if (asked > now) // this vault cannot have requested it yet
    refuse(set, lease_fault::not_mine);
  if (now - asked >= std::chrono::milliseconds(set.ttl_ms))
    refuse(set, lease_fault::expired);
}

} // namespace

/// Checks what the leases of a set share, before any key is used.
void vault::session::impl::admit(const lease_set& set,
                                 std::chrono::milliseconds now) {
  if (!authority.check(set))
    refuse(set, lease_fault::forged);
  if (set.purpose != shared.keys.purpose() && shared.opts.defended.purpose())
    refuse(set, lease_fault::other_purpose);
  if (set.instance != shared.opts.instance)
    refuse(set, lease_fault::not_mine);
  require_unexpired(set, now);
}

vault_slot& vault::session::impl::admit(const lease& l) {
  const auto at = shared.slots.find(l.key);
  if (at == shared.slots.end())
    throw lease_refused(lease_fault::unknown_key, l.key);
  if (!raise(at->second.fence_seen, l.fence))
    throw lease_refused(lease_fault::stale_fence, l.key);
  return at->second;
}

/// Marks a key as in use by this call. A call may name a key many times.
void vault::session::impl::take(vault_slot& slot, const lease& l) {
  const void* user = nullptr;
  if (slot.user.compare_exchange_strong(user, this))
    uses.push_back({&slot, l.fence});
  else if (user != this)
    end_process(l);
  // Another lease of the key, in another session or later in these runs, may
  // have raised the fence after admit().
  if (slot.fence_seen.load() != l.fence)
    throw lease_refused(lease_fault::stale_fence, l.key);
}

void vault::session::impl::report(bool begin) {
  begun = begin;
  if (shared.opts.observe)
    for (const auto& u : uses)
      shared.opts.observe({u.slot->key.id(), u.fence, begin});
}

void vault::session::impl::release() noexcept {
  if (begun)
    report(false);
  for (const auto& u : uses)
    u.slot->user.store(nullptr);
  uses.clear();
  slots.clear();
  key_runs.clear();
  busy.clear();
}

void vault::session::impl::sign(const lease_set& set,
                                std::span<const leased_run> runs,
                                std::span<const std::byte> digests,
                                std::span<std::byte> signatures) {
  require_run_sizes(shared.keys.curve(), runs, digests, signatures);
  if (runs.empty())
    return;
  if (std::ranges::max(runs, {}, &leased_run::lease).lease >= set.leases.size())
    throw std::invalid_argument("a run names no lease of its set");
  admit(set, shared.opts.now());
  for (const auto& run : runs)
    slots.push_back(&admit(set.leases[run.lease]));
  uses.reserve(runs.size()); // push_back must not throw after setting a mark
  for (std::size_t i = 0; i < runs.size(); ++i) {
    take(*slots[i], set.leases[runs[i].lease]);
    key_runs.push_back({&slots[i]->key, runs[i].count});
  }
  report(true);
  signer->sign_batch(key_runs, digests, signatures);
  require_unexpired(set, shared.opts.now());
}

vault::session::session(vault::state& s) : impl_(std::make_unique<impl>(s)) {}
vault::session::session(session&&) noexcept = default;
vault::session::~session() = default;

void vault::session::sign_batch(const lease_set& set,
                                std::span<const leased_run> runs,
                                std::span<const std::byte> digests,
                                std::span<std::byte> signatures) {
  if (impl_->busy.test_and_set())
    end_process(set.leases.empty() ? lease{} : set.leases.front());
  try {
    impl_->sign(set, runs, digests, signatures);
    impl_->release();
  } catch (...) {
    wipe(signatures);
    impl_->release();
    throw;
  }
}

} // namespace chancery::crypto
