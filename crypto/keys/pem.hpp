// SPDX-License-Identifier: Apache-2.0
#pragma once

// PEM text (RFC 7468) as OpenSSL's command line reads and writes it: PKCS#8 for
// private keys, SubjectPublicKeyInfo for public keys, and certificates, whose
// DER host_certificate.hpp parses. Opens no files.

#include "crypto/keys/key.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto {

/// Parses one unencrypted PKCS#8 private key ("BEGIN PRIVATE KEY"). Throws
/// std::invalid_argument that says what the text is instead: encrypted, a
/// public key, a certificate, SEC 1 ("EC PRIVATE KEY"), another curve, not PEM.
private_key private_key_from_pem(std::string_view pem);

/// PKCS#8, unencrypted. The string holds a secret: wipe it after use.
std::string to_pem(const private_key& key);

/// SubjectPublicKeyInfo.
std::string to_pem(const public_key& key);

/// The DER of the only certificate in the text, not parsed. Throws
/// std::invalid_argument that says what the text is instead.
std::vector<std::byte> certificate_from_pem(std::string_view pem);

std::string certificate_to_pem(std::span<const std::byte> der);

} // namespace chancery::crypto
