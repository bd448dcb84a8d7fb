// SPDX-License-Identifier: Apache-2.0
// `chancery sign`: signs until all records are signed.

#include "actors/signing_run.hpp"
#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/data_folder.hpp"
#include "apps/figures.hpp"
#include "apps/key_choice.hpp"
#include "apps/signal_watch.hpp"
#include "apps/signing_options.hpp"
#include "apps/signing_watch.hpp"
#include "apps/status_file.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

void answer_json(const actors::signing_summary& summary,
                 const actors::signing_options& options) {
  answer({{"epoch", summary.epoch},
          {"signed", summary.stored},
          {"left", summary.left},
          {"batches", summary.batches},
          {"commits", summary.commits},
          {"seconds", summary.seconds},
          {"records_per_second", per_second(summary.stored, summary.seconds)},
          {"provider", crypto::to_text(options.provider)},
          {"batch_size", options.batch_size},
          {"signers", options.signers},
          {"conflicts", summary.conflicts},
          {"signers_lost", summary.signers_lost},
          {"stopped", summary.stopped}});
}

void answer_people(const actors::signing_summary& summary,
                   std::uint64_t records) {
  if (summary.epoch == 0) {
    say(records == 0
            ? std::string("there are no records: put some in with `chancery "
                          "records import`")
            : fmt::format("nothing to do: all {} records are signed",
                          grouped(records)));
    return;
  }
  say(fmt::format("signed {} records in {} batches and {} commits, {:.1f} s, "
                  "{} per second",
                  grouped(summary.stored), grouped(summary.batches),
                  grouped(summary.commits), summary.seconds,
                  grouped(static_cast<std::uint64_t>(
                      per_second(summary.stored, summary.seconds)))));
}

void warn_of(const actors::signing_summary& summary) {
  if (summary.conflicts > 0)
    warn(fmt::format("{} batches held a record that was signed already and "
                     "were refused: run `chancery audit`",
                     summary.conflicts));
  if (summary.signers_lost > 0)
    warn(
        fmt::format("{} signers died and were replaced", summary.signers_lost));
}

bool anything_unsigned(const storage::record_store& store) {
  const auto view = store.read();
  return view.signature_count() < view.record_count();
}

int sign(const command_context& context, const signing_choice& choice) {
  const auto folder = data_folder::existing(context);
  const auto lock = folder.lock();
  const auto keys = folder.open_keyring(context, true).keys;
  const auto options = signing_options_for(choice, keys.curve());
  const signal_watch signals;
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  if (anything_unsigned(store))
    warn_of_idle_signers(options, keys);

  actors::signing_progress progress;
  const auto summary = [&] {
    const status_file status(folder.status_path(),
                             signing_status(progress, options));
    const progress_line line("signing", signing_sample(progress));
    return actors::run_signing(store, keys, options, signals.stop(), progress);
  }();

  warn_of(summary);
  if (context.json)
    answer_json(summary, options);
  else
    answer_people(summary, store.read().record_count());
  if (summary.left == 0)
    return 0;
  note(fmt::format("{} records are left: run `chancery sign` again to go on",
                   grouped(summary.left)));
  return 1;
}

} // namespace

void add_sign(CLI::App& app, command_context& context) {
  const auto choice = std::make_shared<signing_choice>();
  auto* command =
      app.add_subcommand("sign", "Signs until all records are signed");
  command->footer(help_footer("chancery sign --batch-size 1000 --signers 4"));
  add_signing_options(*command, *choice);
  command->callback([&context, choice] {
    context.action = [&context, choice] { return sign(context, *choice); };
  });
}

} // namespace chancery::apps
