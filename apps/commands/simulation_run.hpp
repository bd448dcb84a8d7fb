// SPDX-License-Identifier: Apache-2.0
#pragma once

// What all simulations do: work in a temporary folder or in one that stays,
// until they are done or interrupted, and answer whether all was well. Main
// thread.

#include "apps/options/command_spec.hpp"

#include <atomic>
#include <filesystem>
#include <functional>

namespace chancery::apps {

/// `--keep DIR`; `keep` stays empty without it.
option_spec add_keep_option(const command_spec& command,
                            std::filesystem::path& keep);

/// Whether all was well.
using simulation_body = std::function<bool(const std::filesystem::path& folder,
                                           const std::atomic<bool>& stop)>;

/// Runs `body` in `keep`, which must be free, or in a temporary folder that is
/// removed afterwards if `keep` is empty. Returns an exit code.
int run_simulation(const std::filesystem::path& keep,
                   const simulation_body& body);

} // namespace chancery::apps
