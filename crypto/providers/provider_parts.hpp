// SPDX-License-Identifier: Apache-2.0
#pragma once

// The providers behind provider.hpp, for the files of providers alone.

#include "crypto/providers/provider.hpp"

namespace chancery::crypto::p256 {
struct kernel;
}

namespace chancery::crypto {

std::unique_ptr<batch_signer> make_openssl_signer(curve c);
std::unique_ptr<batch_signer> make_botan_signer(curve c, random_source random);

/// For P-256 alone. Without `random` nonces are those of RFC 6979 to the
/// letter.
std::unique_ptr<batch_signer> make_batch_p256_signer(curve c,
                                                     random_source random);

std::unique_ptr<batch_signer> make_batch_p256_signer(const p256::kernel& k,
                                                     random_source random);

/// Whether it signs faster here than libcrypto: known where it has vectors of
/// lanes, else measured, which takes some milliseconds, once.
bool batch_p256_is_fastest();

/// What provider_from_name does with its candidates. Throws std::runtime_error
/// when none passes.
provider first_that_passes(std::span<const provider> candidates,
                           const std::function<bool(provider)>& passes,
                           const std::function<void(const std::string&)>& say);

/// A known answer (RFC 6979 A.2.5, A.2.6) signed and verified; once for each
/// provider and curve. Any thread.
bool passes_self_test(provider p, curve c);

std::unique_ptr<signature_verifier> make_openssl_verifier(curve c);
std::unique_ptr<signature_verifier> make_botan_verifier(curve c);

/// For P-256 alone.
std::unique_ptr<signature_verifier> make_batch_p256_verifier();
std::unique_ptr<signature_verifier>
make_batch_p256_verifier(const p256::kernel& k);

/// Throws std::invalid_argument unless the spans fit the runs and every key
/// lies on `c`.
void require_matching_sizes(curve c, std::span<const key_run> runs,
                            std::span<const std::byte> digests,
                            std::span<std::byte> signatures);

/// A verifier meets any number of keys (every client of a ledger has one), so
/// it forgets all contexts when it has this many. Keyrings are smaller.
inline constexpr std::size_t verifier_contexts_max = 4096;

} // namespace chancery::crypto
