// SPDX-License-Identifier: Apache-2.0
#pragma once

// What all simulations share: they work in a temporary folder or in one that is
// kept, until done or interrupted, and return whether all was well. Main
// thread.

#include "apps/options/command_spec.hpp"

#include <atomic>
#include <filesystem>
#include <functional>

namespace chancery::apps {

/// Declares `--keep DIR`; `keep` stays empty when it is not given.
option_spec add_keep_option(const command_spec& command,
                            std::filesystem::path& keep);

/// Returns whether all was well.
using simulation_body = std::function<bool(const std::filesystem::path& folder,
                                           const std::atomic<bool>& stop)>;

/// Runs `body` in `keep`, which must be missing or empty, or in a temporary
/// folder that is removed afterwards if no `keep` is given. Returns an exit
/// code.
int run_simulation(const std::filesystem::path& keep,
                   const simulation_body& body);

} // namespace chancery::apps
