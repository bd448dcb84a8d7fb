// SPDX-License-Identifier: Apache-2.0
#pragma once

// The vault holds the opened private keys of a process and signs only under
// valid leases. It marks a key while it is in use, and keeps the highest fence
// seen for it. If two uses of a key ever overlap, the program's promise is
// broken: the vault writes a message to stderr and aborts the process.
//
// A vault may be shared between threads; a session belongs to one thread. The
// clock is a function that returns milliseconds and also counts suspended time
// (CLOCK_BOOTTIME).

#include "crypto/keyring/defences.hpp"
#include "crypto/keyring/keyring.hpp"
#include "crypto/keyring/lease.hpp"
#include "crypto/providers/provider.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>

namespace chancery::crypto {

/// Why a vault refuses to sign.
enum class lease_fault : std::uint8_t {
  forged,        ///< the token does not belong to the lease
  other_purpose, ///< the keyring's keys sign for another purpose
  not_mine,      ///< lent to another vault, or not requested by this one yet
  expired,       ///< a remote lease expired, before or during signing
  stale_fence,   ///< a higher fence was already seen for the key
  unknown_key,   ///< no such key, or it is retired
};

class lease_refused : public std::runtime_error {
 public:
  lease_refused(lease_fault fault, const key_id& key);
  lease_fault fault() const noexcept { return fault_; }

 private:
  lease_fault fault_;
};

/// `count` consecutive digests that are signed under one lease of a set.
struct leased_run {
  std::size_t lease; ///< its index in the set
  std::size_t count;
};

/// Begin or end of a key's use, for tests that compare uses with the journal.
struct key_use {
  key_id key;
  std::uint64_t fence;
  bool begin; ///< true before the first signature, false after the last
};

class vault {
 public:
  using clock = std::function<std::chrono::milliseconds()>;
  using use_observer = std::function<void(const key_use&)>;

  struct options {
    crypto::provider provider = crypto::single_signatures;
    bool paranoid = false; ///< verifies each signature, not only a sample
    random_id folder{};
    random_id epoch{};
    random_id instance{}; ///< random per vault
    clock now;
    use_observer observe{}; ///< may be empty; called on the signing threads
    /// Wraps each session's signer, below the check; for tests, may be empty.
    std::function<std::unique_ptr<batch_signer>(std::unique_ptr<batch_signer>)>
        replace_signer{};
    defences defended{};
  };

  class session;

  /// Throws std::invalid_argument without a clock, or when record_keys does.
  vault(keyring keys, options opts, random_source random);
  ~vault();
  vault(const vault&) = delete;
  vault& operator=(const vault&) = delete;

  const random_id& instance() const noexcept;
  crypto::curve curve() const noexcept;

  /// A nonce for a request for leases. It holds the time of the request: a
  /// remote lease's time to live counts from there, however late the answer
  /// arrives. Thread-safe.
  std::uint64_t ask();

  /// Opens a session for the calling thread. The vault must outlive it.
  session open_session();

  /// Opaque; shared by sessions.
  struct state;

 private:
  std::unique_ptr<state> state_;
};

class vault::session {
 public:
  explicit session(vault::state& s);
  session(session&&) noexcept;
  ~session();

  /// Signs N = sum of counts digests, each under its run's lease, all or none.
  /// Throws lease_refused before signing if the set or a lease that a run names
  /// is not valid, and after signing if a remote set expired meanwhile;
  /// wrong_signature if one that was verified is wrong; std::invalid_argument
  /// for a run without a lease. Whenever it throws, `signatures` is cleared.
  /// Sizes as in batch_signer::sign_batch. One call is one chunk: callers keep
  /// it short under remote leases.
  void sign_batch(const lease_set& set, std::span<const leased_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace chancery::crypto
