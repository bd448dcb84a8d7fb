// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two providers behind provider.hpp, for provider.cpp alone.

#include "crypto/provider.hpp"

namespace chancery::crypto {

std::unique_ptr<batch_signer> make_openssl_signer(curve c);
std::unique_ptr<batch_signer> make_botan_signer(curve c, random_source random);

std::unique_ptr<signature_verifier> make_openssl_verifier(curve c);
std::unique_ptr<signature_verifier> make_botan_verifier(curve c);

/// Throws std::invalid_argument unless the spans fit the runs and every key
/// lies on `c`.
void require_matching_sizes(curve c, std::span<const key_run> runs,
                            std::span<const std::byte> digests,
                            std::span<std::byte> signatures);

/// A verifier meets any number of keys (every client of a ledger has one), so
/// it forgets all contexts when it has this many. Keyrings are smaller.
inline constexpr std::size_t verifier_contexts_max = 4096;

} // namespace chancery::crypto
