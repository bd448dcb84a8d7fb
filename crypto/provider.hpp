// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who does the arithmetic: the two implementations of batch signing and of
// verifying. Each object belongs to one thread at a time and keeps contexts
// per key, so make one per thread and keep it.

#include "crypto/key.hpp"
#include "crypto/random.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace chancery::crypto {

/// The numbers are stored in the journal: never change their meaning.
enum class provider : std::uint8_t {
  openssl = 1, ///< libcrypto: the fast path for P-256
  botan = 2,   ///< Botan; deterministic nonces (RFC 6979)
};

std::string_view to_text(provider p) noexcept;

/// "openssl", "botan", or "auto", which goes by what was measured once:
/// libcrypto for P-256, Botan for P-384. Throws std::invalid_argument.
provider provider_from_name(std::string_view name, curve c);

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
/// libcrypto takes nonces from its own generator.
std::unique_ptr<batch_signer> make_batch_signer(provider p, curve c,
                                                random_source random);

class signature_verifier {
 public:
  virtual ~signature_verifier() = default;

  /// False for a wrong signature, a malformed one, or one of another size.
  [[nodiscard]] virtual bool verify(const public_key& key,
                                    std::span<const std::byte> digest,
                                    std::span<const std::byte> signature) = 0;
};

std::unique_ptr<signature_verifier> make_verifier(provider p, curve c);

} // namespace chancery::crypto
