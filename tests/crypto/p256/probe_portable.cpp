// SPDX-License-Identifier: Apache-2.0
#include "crypto/p256/portable_machine.hpp"
#include "probe_parts.hpp"

namespace chancery::crypto::p256::test {

const probe& portable_probe() {
  static constexpr probe p = probe_parts<portable>::make("portable", false);
  return p;
}

} // namespace chancery::crypto::p256::test
