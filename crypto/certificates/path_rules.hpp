// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules for one path from a leaf to a root; certificate_path.cpp finds the
// paths. Pure function; any thread.

#include "crypto/certificates/path_finding.hpp"
#include "crypto/certificates/revocation_list.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace chancery::crypto {

/// `path` begins with the leaf and ends with a root that is trusted; each one's
/// issuer has the name of the next one.
path_finding judge_path(std::vector<certificate> path,
                        std::span<const revocation_list> lists,
                        std::int64_t at);

} // namespace chancery::crypto
