// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/base/curve.hpp"

namespace Botan {
class EC_Group;
} // namespace Botan

namespace chancery::crypto {

/// Botan's group of a curve. Lives until the process ends; thread-safe.
const Botan::EC_Group& botan_group(curve c);

} // namespace chancery::crypto
