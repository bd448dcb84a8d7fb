// SPDX-License-Identifier: Apache-2.0
// `chancery sign`: signs all records that are unsigned. With --listen it is the
// coordinator of workers on other hosts.

#include "actors/audit/worker_check.hpp"
#include "actors/systems/signing_run.hpp"
#include "apps/answers/signing_watch.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/coordinator_choice.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/folders/status_file.hpp"
#include "apps/options/key_choice.hpp"
#include "apps/options/peer_options.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <atomic>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

namespace chancery::apps {

namespace {

struct sign_choice {
  signing_choice signing;
  coordinator_choice workers;
};

using worker_check = std::optional<actors::worker_check_result>;

nlohmann::ordered_json check_json(const worker_check& check) {
  if (!check)
    return {};
  nlohmann::ordered_json first;
  if (check->first_wrong)
    first = *check->first_wrong;
  return {{"checked", check->checked},
          {"wrong", check->wrong},
          {"first_wrong", first}};
}

/// Why a run ended that ended in order. These words never change.
std::string_view ended(const actors::signing_summary& summary, bool well) {
  return summary.stopped            ? "interrupted"
         : summary.certificates_end ? "certificates_end"
         : summary.left > 0         ? "left"
         : well                     ? "done"
                                    : "wrong";
}

void answer_json(const actors::signing_summary& summary,
                 const actors::signing_options& options,
                 const worker_check& check, bool well) {
  answer({{"ended", ended(summary, well)},
          {"epoch", summary.epoch},
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
          {"late_results", summary.late_results},
          {"signers_lost", summary.signers_lost},
          {"verified", summary.verified},
          {"refused_workers", refused_json(summary.refused)},
          {"refused_workers_check", check_json(check)},
          {"stopped", summary.stopped}});
}

void answer_people(const actors::signing_summary& summary,
                   std::uint64_t records) {
  if (summary.epoch == 0) {
    say(records == 0
            ? std::string("there are no records: add some with `chancery "
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
    warn(fmt::format("{} batches were refused, as a record in them was signed "
                     "already: run `chancery audit`",
                     summary.conflicts));
  if (summary.signers_lost > 0)
    warn(
        fmt::format("{} signers died and were replaced", summary.signers_lost));
  for (const auto& worker : summary.refused)
    warn(fmt::format("worker {} was refused: {}", worker.name, worker.why));
}

/// Whatever a worker that was refused had stored before, in this run.
worker_check check_refused(const storage::record_store& store,
                           const crypto::public_keyring& keys,
                           const actors::signing_summary& summary,
                           const std::atomic<bool>& stop) {
  if (summary.refused.empty())
    return std::nullopt;
  std::set<std::string> names;
  for (const auto& worker : summary.refused)
    names.insert(worker.name);
  return actors::check_workers(store, keys, summary.epoch, names,
                               hardware_threads(), stop);
}

/// False when the run may not end well.
bool say_check(const worker_check& check, bool stopped) {
  if (!check)
    return true;
  if (check->wrong > 0)
    warn(fmt::format("{} of {} signatures that refused workers had stored "
                     "before are wrong, the first of record {}: run `chancery "
                     "repair`",
                     grouped(check->wrong), grouped(check->checked),
                     *check->first_wrong));
  else if (stopped)
    warn("not all that refused workers had stored before was verified: run "
         "`chancery verify`");
  else
    note(fmt::format("{} signatures that refused workers had stored before "
                     "are right",
                     grouped(check->checked)));
  return check->wrong == 0 && !stopped;
}

bool anything_unsigned(const storage::record_store& store) {
  const auto view = store.read();
  return view.signature_count() < view.record_count();
}

int run_sign(const command_context& context, const sign_choice& choice) {
  require_plausible_clock();
  if (choice.workers.listen.empty()) {
    if (choice.signing.signers == std::uint64_t{0})
      throw usage_error("--signers 0 leaves no signer: only a coordinator "
                        "(--listen) can do without its own");
    if (!choice.workers.deny.empty())
      throw usage_error("--deny is for hosts that connect: it needs --listen");
  }
  const auto cluster = coordinating(choice.workers, choice.signing.paranoid,
                                    "--listen", "--cluster");
  const auto folder = data_folder::existing(context);
  const auto lock = folder.lock();
  const auto keys = folder.open_keyring(context, true).keys;
  auto options = signing_options_for(choice.signing, keys);
  options.cluster = cluster;
  const signal_watch signals;
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  if (anything_unsigned(store)) {
    warn_of_idle_signers(options, keys);
    note_quarantine(store);
  }

  actors::signing_progress progress;
  const auto summary = [&] {
    const status_file status(folder.status_path(),
                             signing_status(progress, options));
    const progress_line line("signing", signing_sample(progress));
    return actors::run_signing(store, keys, options, signals.stop(), progress);
  }();

  warn_of(summary);
  const auto check =
      check_refused(store, folder.public_keys(), summary, signals.stop());
  const bool well = say_check(check, signals.stop());
  if (context.json)
    answer_json(summary, options, check, well);
  else
    answer_people(summary, store.read().record_count());
  if (summary.left == 0)
    return well ? 0 : 1;
  if (summary.certificates_end)
    note("the run ended before the certificate of one of its keys does: the "
         "next one goes on with the other keys");
  note(fmt::format("{} records are left: run `chancery sign` again to go on",
                   grouped(summary.left)));
  return 1;
}

int sign(const command_context& context, const sign_choice& choice) {
  try {
    return run_sign(context, choice);
  } catch (const usage_error&) {
    throw;
  } catch (const storage::locked& e) {
    throw ended_by("in_use", e.what());
  } catch (const std::exception& e) {
    throw ended_by("fault", e.what());
  }
}

} // namespace

void add_sign(const command_spec& app) {
  const auto choice = std::make_shared<sign_choice>();
  choice->signing.signers_min = 0;
  const auto command = app.add("sign", "Signs all unsigned records",
                               "chancery sign --batch-size 1000 --signers 4");
  add_signing_options(command, choice->signing);
  command
      .text("--listen", choice->workers.listen,
            "Also accept workers on other hosts, at this address")
      .value_name("ADDR:PORT");
  add_cluster_option(command, choice->workers.cluster);
  add_deny_option(command, choice->workers.deny);
  add_coordinator_options(command, choice->workers);
  command.runs_until_a_signal(sign, choice);
}

} // namespace chancery::apps
