// SPDX-License-Identifier: Apache-2.0
#pragma once

// The providers behind provider.hpp, for files of this folder and tests only.

#include "crypto/providers/provider.hpp"

namespace chancery::crypto::p256 {
struct kernel;
}

namespace chancery::crypto {

std::unique_ptr<batch_signer> make_openssl_signer(curve c);
std::unique_ptr<batch_signer> make_botan_signer(curve c, random_source random);

/// For P-256 only. Without `random`, nonces are exactly those of RFC 6979.
std::unique_ptr<batch_signer> make_batch_p256_signer(curve c,
                                                     random_source random);

std::unique_ptr<batch_signer> make_batch_p256_signer(const p256::kernel& k,
                                                     random_source random);

/// Whether `batch` signs faster than libcrypto on this machine: yes with a
/// vector kernel, else measured once, which takes some milliseconds.
bool batch_p256_is_fastest();

/// The same for verifying.
bool batch_p256_verifies_fastest();

/// Whether the kernel verifies signatures of a frequent key faster than
/// libcrypto: measured in each call, which takes some milliseconds.
bool verifies_faster_than_openssl(const p256::kernel& k);

/// The first candidate that passes; reports each failure through `say`. Throws
/// std::runtime_error when none passes.
provider first_that_passes(std::span<const provider> candidates,
                           const std::function<bool(provider)>& passes,
                           const std::function<void(const std::string&)>& say);

/// Whether the provider signs and verifies a known answer (RFC 6979 A.2.5,
/// A.2.6). Tested once per provider and curve; thread-safe.
bool passes_self_test(provider p, curve c);

std::unique_ptr<signature_verifier> make_openssl_verifier(curve c);
std::unique_ptr<signature_verifier> make_botan_verifier(curve c);

/// For P-256 only. Without a kernel: libcrypto's where the kernel of this
/// machine has no vectors and verifies more slowly, which is measured once.
std::unique_ptr<signature_verifier> make_batch_p256_verifier();
std::unique_ptr<signature_verifier>
make_batch_p256_verifier(const p256::kernel& k);

/// Throws std::invalid_argument unless the spans fit the runs and every key
/// lies on `c`.
void require_matching_sizes(curve c, std::span<const key_run> runs,
                            std::span<const std::byte> digests,
                            std::span<std::byte> signatures);

/// Capacity of a verifier's cache of contexts; a full cache is cleared. Every
/// client of a ledger has a key; keyrings have fewer.
inline constexpr std::size_t verifier_contexts_max = 4096;

} // namespace chancery::crypto
