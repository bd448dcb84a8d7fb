// SPDX-License-Identifier: Apache-2.0
#pragma once

// The route that judges seals of anybody (crypto/seals/seal_check.hpp), now.
// The roots that are trusted are the server's, and never the request's.

#include "apps/api/route_table.hpp"
#include "crypto/certificates/certificate.hpp"

#include <memory>
#include <vector>

namespace chancery::apps {

/// Certificates of authorities; without one no seal is better than
/// indeterminate.
using trusted_roots = std::vector<crypto::certificate>;

void add_seal_route(route_table& table,
                    const std::shared_ptr<const trusted_roots>& roots);

} // namespace chancery::apps
