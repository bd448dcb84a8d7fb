// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which records a request may post and read: all, or, with a token whose line
// has prefix=TEXT, only those whose names begin with it, and none without a
// name. Pure functions; any thread. They throw `problem`.

#include "apps/api/route_table.hpp"
#include "apps/folders/signed_folder.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace chancery::apps {

inline constexpr std::string_view access_rule =
    "the token is limited to records whose names begin with its prefix";

/// Whether the request may access every record.
bool may_access_all(const api_request& request);

/// The record of this name, or one without a name.
bool may_access(const api_request& request,
                std::optional<std::string_view> name);

/// Throws not_allowed.
void require_access(const api_request& request,
                    std::optional<std::string_view> name);

struct found_record {
  std::shared_ptr<const storage::record_store> store;
  storage::snapshot view;
  std::uint64_t id;
};

/// The record whose id stands in the request's path. Throws not_found, or
/// not_allowed.
found_record find_record(const signed_folder& folder,
                         const api_request& request);

} // namespace chancery::apps
