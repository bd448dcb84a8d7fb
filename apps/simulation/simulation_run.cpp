// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/simulation_run.hpp"

#include "apps/folders/folder_root.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/scratch_folder.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <optional>
#include <stdexcept>

namespace chancery::apps {

option_spec add_keep_option(const command_spec& command,
                            std::filesystem::path& keep) {
  return command
      .text("--keep", keep,
            "Use this new folder and leave it (default: a temporary one under "
            "TMPDIR, removed at the end)")
      .value_name("DIR");
}

int run_simulation(const std::filesystem::path& keep,
                   const simulation_body& body) {
  const signal_watch signals; // before anything that must be taken away
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

void throw_if_stopped(const std::atomic<bool>& stop) {
  if (stop)
    throw std::runtime_error("stopped; the simulation is not complete");
}

checked_signatures check_signatures(const storage::record_store& store,
                                    const crypto::public_keyring& keys,
                                    const std::atomic<bool>& stop) {
  checked_signatures result;
  const auto total = store.read().signature_count();
  std::atomic<std::uint64_t> done{0};
  const auto sample = [&] {
    return progress_sample{.done = done, .total = total};
  };
  {
    const progress_line line("verifying", sample);
    result.verified = actors::verify_signatures(
        store, keys, {.threads = hardware_threads(), .sample = {}}, done, stop);
  }
  throw_if_stopped(stop);
  done = 0;
  const progress_line line("auditing", sample);
  actors::audit_options options;
  options.threads = hardware_threads();
  result.audit = actors::audit(store, keys, options, done);
  return result;
}

} // namespace chancery::apps
