// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/botan_group.hpp"

#include <botan/ec_group.h>

namespace chancery::crypto {

const Botan::EC_Group& botan_group(curve c) {
  static const Botan::EC_Group p256("secp256r1");
  static const Botan::EC_Group p384("secp384r1");
  return c == curve::p256 ? p256 : p384;
}

} // namespace chancery::crypto
