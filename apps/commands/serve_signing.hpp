// SPDX-License-Identifier: Apache-2.0
#pragma once

// The signing half of `serve`: its options, and how it is made of them. Main
// thread.

#include "apps/api/api_intake.hpp"
#include "apps/commands/coordinator_choice.hpp"
#include "apps/commands/node_choice.hpp"
#include "apps/folders/signed_folder.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/service/record_service.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chancery::apps {

struct serve_signing_choice {
  signing_choice signing;
  coordinator_choice workers;
  std::uint64_t max_wait_ms = 250;
  std::uint64_t marks_hours = 72;
  bool off = false;
};

void add_serve_signing(const command_spec& command,
                       serve_signing_choice& choice);

using signed_listener =
    std::function<void(const std::vector<storage::batch_row>&)>;

/// Null where another process signs. `node`: what both halves share.
std::unique_ptr<record_service> signing_half(const command_context& context,
                                             const serve_signing_choice& choice,
                                             const node_choice& node,
                                             signed_listener signed_now);

/// Why this service must not take records from anybody on its host: they would
/// be sealed under an authority that others trust. Empty when none of the
/// folder's certificates is of such a one.
std::string fault_of_anybody(const signed_folder& folder);

/// `records` may be null.
std::shared_ptr<const signed_folder> folder_of(const command_context& context,
                                               const record_service* records);
served_intake intake_of(record_service* records);

} // namespace chancery::apps
