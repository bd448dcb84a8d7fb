// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/base/curve.hpp"

namespace Botan {
class EC_Group;
} // namespace Botan

namespace chancery::crypto {

/// The group of a curve in Botan. Lives as long as the process; any thread.
const Botan::EC_Group& botan_group(curve c);

} // namespace chancery::crypto
