// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/simulation_run.hpp"

#include "apps/folders/folder_root.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/scratch_folder.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <optional>
#include <stdexcept>

namespace chancery::apps {

option_spec add_keep_option(const command_spec& command,
                            std::filesystem::path& keep) {
  return command
      .text("--keep", keep,
            "Use this new folder and keep it (default: a temporary folder "
            "under TMPDIR, removed at the end)")
      .value_name("DIR");
}

int run_simulation(const std::filesystem::path& keep,
                   const simulation_body& body) {
  require_plausible_clock();
  const signal_watch signals; // before anything that must be removed
  std::optional<scratch_folder> scratch;
  if (keep.empty())
    scratch.emplace();
  else if (const auto name = stranger_in(keep))
    throw std::runtime_error(
        fmt::format("{} is not empty ({} is in it): name a new folder",
                    keep.string(), *name));
  if (body(scratch ? scratch->path() : keep, signals.stop()))
    return 0;
  note("the simulation found something wrong; --keep DIR keeps its data");
  return 1;
}

} // namespace chancery::apps
