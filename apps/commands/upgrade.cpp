// SPDX-License-Identifier: Apache-2.0
// `chancery upgrade`: brings the database of a data folder to the newest
// format. Needs no passphrase, as the keyring stays as it is.

#include "storage/upgrade.hpp"

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

struct upgrade_choice {
  bool dry_run = false;
};

storage::store_options upgrade_options(const command_context& context) {
  storage::store_options options;
  if (context.map_size)
    options.map_size = *context.map_size;
  return options;
}

/// Sentences, before anything is done.
std::vector<std::string> plan_text(const storage::upgrade_plan& plan,
                                   const data_folder& folder) {
  const auto name = folder.root().string();
  if (plan.steps.empty())
    return {fmt::format("{} has the newest format, {}: there is nothing to "
                        "upgrade",
                        name, plan.to)};
  std::vector<std::string> lines{fmt::format(
      "{} has format {}; this chancery's is {}. The upgrade{}:", name,
      plan.from, plan.to,
      plan.interrupted ? ", which was interrupted, goes on" : "")};
  for (const auto& step : plan.steps)
    lines.push_back("  " + step);
  lines.emplace_back("An older chancery cannot read the folder afterwards: "
                     "make a copy of the folder first");
  return lines;
}

void answer_upgrade(const command_context& context,
                    const storage::upgrade_plan& plan,
                    const data_folder& folder, bool dry_run) {
  const bool done = !dry_run && !plan.steps.empty();
  if (context.json)
    return answer({{"from", plan.from},
                   {"to", plan.to},
                   {"interrupted", plan.interrupted},
                   {"steps", plan.steps},
                   {"dry_run", dry_run},
                   {"upgraded", done}});
  if (done)
    say(fmt::format("upgraded {} from format {} to {}", folder.root().string(),
                    plan.from, plan.to));
  else if (!plan.steps.empty())
    say("nothing has been done (--dry-run)");
}

int upgrade_folder(const command_context& context,
                   const upgrade_choice& choice) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  const auto lock = folder.lock();
  const auto options = upgrade_options(context);
  const auto plan = storage::plan_upgrade(folder.records(), options);
  for (const auto& line : plan_text(plan, folder))
    if (context.json)
      note(line); // stdout is for the answer
    else
      say(line);
  finish_output(); // before the work begins
  if (!choice.dry_run && !plan.steps.empty())
    storage::upgrade(folder.records(), options);
  answer_upgrade(context, plan, folder, choice.dry_run);
  return 0;
}

} // namespace

void add_upgrade(const command_spec& app) {
  const auto choice = std::make_shared<upgrade_choice>();
  const auto command = app.add(
      "upgrade",
      "Brings a data folder of an older version to the newest format",
      "chancery upgrade --dry-run",
      "\nMake a copy of the folder first. An upgrade that was interrupted goes "
      "on when it\nis run again.");
  command.flag("--dry-run", choice->dry_run,
               "Say what would be done, and do nothing");
  command.runs(upgrade_folder, choice);
}

} // namespace chancery::apps
