// SPDX-License-Identifier: Apache-2.0
#pragma once

// The implementations of batch signing and of verifying. Each object belongs to
// one thread at a time and caches a context for each key, so create one per
// thread and reuse it.

#include "crypto/base/random.hpp"
#include "crypto/keys/key.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// The numbers are stored in the journal: never change their meaning.
enum class provider : std::uint8_t {
  openssl = 1, ///< libcrypto; random nonces, one signature at a time
  botan = 2,   ///< Botan; deterministic nonces (RFC 6979)
  batch = 3,   ///< p256/: many P-256 signatures at a time
};

/// The fastest on P-256 for signatures that are made or verified a few at a
/// time: `batch` needs many at once.
inline constexpr provider single_signatures = provider::openssl;

/// Empty for an unknown number.
std::string_view to_text(provider p) noexcept;

/// The name, for `batch` with the kernel that this processor uses:
/// "batch (AVX-512 IFMA)".
std::string description(provider p);

/// Who verifies on P-256 where `p` is chosen: description(p), or "openssl"
/// where the portable kernel of `batch` is slower than that.
std::string verifying_description(provider p);

/// "batch", "openssl", "botan", or "auto": the fastest one, which is batch or
/// openssl for P-256 and botan for P-384. A provider that fails its self test
/// (a known answer) on this machine is skipped and reported through `say`.
/// Throws std::invalid_argument for other names and for batch on another curve,
/// std::runtime_error when no requested provider passes.
provider
provider_from_name(std::string_view name, curve c,
                   const std::function<void(const std::string&)>& say = {});

/// `count` consecutive digests that are signed under one key.
struct key_run {
  const private_key* key;
  std::size_t count;
};

class batch_signer {
 public:
  virtual ~batch_signer() = default;

  /// Signs every digest once. The runs' counts add up to N; `digests` holds
  /// N * field_size(curve) bytes, `signatures` receives N * signature_size
  /// bytes of raw r||s. All keys are on the signer's curve. Throws
  /// std::exception; `signatures` is then unspecified and must not be used.
  virtual void sign_batch(std::span<const key_run> runs,
                          std::span<const std::byte> digests,
                          std::span<std::byte> signatures) = 0;
};

/// `random` blinds Botan's arithmetic; Botan's signatures do not depend on it.
/// `batch` mixes it into nonces that are safe without it (RFC 6979 3.6).
/// libcrypto takes nonces from its own generator.
std::unique_ptr<batch_signer> make_batch_signer(provider p, curve c,
                                                random_source random);

/// The same for calls of any size, as the ledger's are: where `p` is `batch`,
/// libcrypto signs a call with one digest, as that pays alone for what many
/// share.
std::unique_ptr<batch_signer> make_sized_signer(provider p, curve c,
                                                random_source random);

/// A new signature does not verify: the machine or the provider is at fault.
class wrong_signature : public std::runtime_error {
 public:
  wrong_signature(provider p, const key_id& key, std::size_t index);

  const key_id& key() const noexcept { return key_; }
  /// Of its digest, in the call of sign_batch.
  std::size_t index() const noexcept { return index_; }

 private:
  key_id key_;
  std::size_t index_;
};

/// Which of its signatures a signer verifies before it returns.
enum class self_check : std::uint8_t {
  sample, ///< batch: one of the first call, and one of each 4,096; others: one
          ///< of each call; chosen at random
  all,
};

/// Wraps `signer`, which is of provider `p`. The result's sign_batch throws
/// wrong_signature when a signature that it verifies is wrong.
std::unique_ptr<batch_signer> make_checked(std::unique_ptr<batch_signer> signer,
                                           provider p, curve c,
                                           self_check extent,
                                           random_source random);

/// A signature to verify. Does not own the key or the bytes.
struct signature_claim {
  const public_key* key;
  std::span<const std::byte> digest;
  std::span<const std::byte> signature;
};

class signature_verifier {
 public:
  virtual ~signature_verifier() = default;

  /// False for a wrong signature, a malformed one, or one of another size.
  [[nodiscard]] virtual bool verify(const public_key& key,
                                    std::span<const std::byte> digest,
                                    std::span<const std::byte> signature) = 0;

  /// The same for many, one verdict per claim. `batch` is twenty times as fast
  /// with many signatures of keys that it has seen often, in this call or in
  /// those before; pass some thousands per call where there are as many.
  virtual void verify_batch(std::span<const signature_claim> claims,
                            std::span<bool> verdicts);
};

std::unique_ptr<signature_verifier> make_verifier(provider p, curve c);

} // namespace chancery::crypto
