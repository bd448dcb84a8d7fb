// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /v1/records: records that are to be signed, one or many. They are
// answered once they are on disk, or, with `wait`, once they are signed.

#include "actors/signing/record_submission.hpp"
#include "apps/api/route_table.hpp"
#include "apps/folders/signed_folder.hpp"

#include <functional>
#include <memory>

namespace chancery::apps {

struct served_intake {
  /// Any thread; the reply comes once, from any thread. Empty: the service
  /// signs nothing, and the route is not supported.
  std::function<void(actors::record_request, actors::record_reply)> submit{};
  bool seals = false; ///< what comes is sealed, so nothing may be empty
};

/// `folder` shows what was stored as soon as it was replied.
void add_intake_routes(route_table& table,
                       std::shared_ptr<const signed_folder> folder,
                       served_intake intake);

} // namespace chancery::apps
