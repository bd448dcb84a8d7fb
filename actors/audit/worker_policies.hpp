// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the journal says about the verification of signatures that other hosts
// handed in, as sentences for the audit. A pure function.

#include "actors/audit/lease_index.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace chancery::actors {

/// A sentence on the epochs that lent keys to other hosts and verified none of
/// what these handed in, and one on those that verified a share; none when all
/// was verified.
std::vector<std::string> unverified_epochs(
    const std::map<std::uint32_t, lease_index::epoch_terms>& epochs);

} // namespace chancery::actors
