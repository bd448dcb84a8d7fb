// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who does the arithmetic: the implementations of batch signing and of
// verifying. Each object belongs to one thread at a time and keeps contexts
// per key, so make one per thread and keep it.

#include "crypto/base/random.hpp"
#include "crypto/keys/key.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// The numbers are stored in the journal: never change their meaning.
enum class provider : std::uint8_t {
  openssl = 1, ///< libcrypto: signs P-256 one by one
  botan = 2,   ///< Botan; deterministic nonces (RFC 6979)
  batch = 3,   ///< p256/: many P-256 signatures at a time
};

/// The fastest on P-256 for signatures that are made or verified a few at a
/// time, as the ledger's are: `batch` needs many at once.
inline constexpr provider single_signatures = provider::openssl;

/// Empty for a number that stands for none.
std::string_view to_text(provider p) noexcept;

/// Its name, and for `batch` what it found of this processor:
/// "batch (AVX-512 IFMA)".
std::string description(provider p);

/// "batch", "openssl", "botan", or "auto": the fastest one, which is batch or
/// openssl for P-256 and botan for P-384. One that fails its self test (a known
/// answer) on this machine is not used, and `say` is told so. Throws
/// std::invalid_argument for other names and for batch on another curve,
/// std::runtime_error when none that was asked for passes.
provider
provider_from_name(std::string_view name, curve c,
                   const std::function<void(const std::string&)>& say = {});

/// `count` digests in a row that are signed under one key.
struct key_run {
  const private_key* key;
  std::size_t count;
};

class batch_signer {
 public:
  virtual ~batch_signer() = default;

  /// Signs every digest once. The runs' counts add up to N; `digests` holds
  /// N * field_size(curve) bytes, `signatures` receives N * signature_size
  /// bytes of raw r||s. The keys' curve is the signer's. Throws std::exception;
  /// `signatures` is then unspecified and must not be used.
  virtual void sign_batch(std::span<const key_run> runs,
                          std::span<const std::byte> digests,
                          std::span<std::byte> signatures) = 0;
};

/// `random` blinds Botan's arithmetic; its signatures do not depend on it.
/// `batch` mixes it into nonces that would be safe without (RFC 6979 3.6).
/// libcrypto takes nonces from its own generator.
std::unique_ptr<batch_signer> make_batch_signer(provider p, curve c,
                                                random_source random);

/// Verifies every signature that `signer` makes before it hands them over, and
/// throws std::runtime_error when one is wrong.
std::unique_ptr<batch_signer>
make_paranoid(std::unique_ptr<batch_signer> signer, curve c);

/// What is to be verified; the spans are somebody else's.
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

  /// The same for many, a verdict each. `batch` is twenty times as fast with
  /// many of a key; some thousands a call are a good number.
  virtual void verify_batch(std::span<const signature_claim> claims,
                            std::span<bool> verdicts);
};

std::unique_ptr<signature_verifier> make_verifier(provider p, curve c);

} // namespace chancery::crypto
