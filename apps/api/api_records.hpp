// SPDX-License-Identifier: Apache-2.0
#pragma once

// The routes that read what is stored: records, signatures, batches, keys and
// their order, and how far the signing is. Each answers from one snapshot; a
// folder without records reads as an empty one. A token with a prefix reads no
// other records (record_access.hpp).

#include "apps/api/route_table.hpp"
#include "apps/folders/signed_folder.hpp"

#include <memory>

namespace chancery::apps {

void add_record_routes(route_table& table,
                       std::shared_ptr<const signed_folder> folder);
void add_signature_routes(route_table& table,
                          std::shared_ptr<const signed_folder> folder);
void add_key_routes(route_table& table,
                    std::shared_ptr<const signed_folder> folder);
void add_signing_routes(route_table& table,
                        std::shared_ptr<const signed_folder> folder);

} // namespace chancery::apps
