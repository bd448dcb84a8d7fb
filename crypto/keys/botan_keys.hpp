// SPDX-License-Identifier: Apache-2.0
#pragma once

// Our keys and random source as Botan's types, for .cpp files of crypto/ only.
// Botan's types are forward-declared, so that no header of chancery depends on
// Botan.

#include "crypto/base/random.hpp"
#include "crypto/keys/key.hpp"

#include <memory>

namespace Botan {
class ECDSA_PrivateKey;
class ECDSA_PublicKey;
class RandomNumberGenerator;
} // namespace Botan

namespace chancery::crypto {

Botan::ECDSA_PublicKey to_botan(const public_key& key);
Botan::ECDSA_PrivateKey to_botan(const private_key& key);

std::unique_ptr<Botan::RandomNumberGenerator> to_botan(random_source random);

} // namespace chancery::crypto
