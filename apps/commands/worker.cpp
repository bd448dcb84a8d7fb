// SPDX-License-Identifier: Apache-2.0
// `chancery worker`: signs for a coordinator on another host until a signal, or
// until all is signed with --once.

#include "actors/systems/worker_run.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/cluster_folder.hpp"
#include "apps/folders/worker_keyring.hpp"
#include "apps/options/endpoint.hpp"
#include "apps/options/peer_options.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

struct worker_choice {
  std::string connect;
  std::filesystem::path cluster;
  std::string coordinator; ///< its certificate's name; empty: any
  std::filesystem::path keyring;
  std::optional<std::uint64_t> signers;
  std::string provider = "auto";
  bool paranoid = false;
  bool once = false;
};

actors::worker_options options_for(const worker_choice& choice) {
  const auto place = parse_connect_endpoint("--connect", choice.connect);
  if (choice.cluster.empty())
    throw usage_error("a worker needs its certificate: --cluster DIR, as "
                      "`chancery cluster issue` makes it");
  actors::worker_options options;
  options.credentials =
      cluster_folder(choice.cluster).load(crypto::host_role::worker);
  options.host = place.host;
  options.port = place.port;
  options.coordinator = choice.coordinator;
  options.software = "chancery " CHANCERY_VERSION;
  options.signers = choice.signers.value_or(hardware_threads());
  options.once = choice.once;
  options.note = [](const std::string& line) { note(one_line(line)); };
  return options;
}

void note_who(const actors::worker_options& options, std::size_t keys) {
  const auto host = crypto::check_host_credentials(
      options.credentials, std::chrono::system_clock::now());
  note(fmt::format("worker {} of the cluster, with {} keys and {} signers",
                   host.name, grouped(keys), options.signers));
}

progress_sample sample_of(const actors::worker_progress& progress) {
  std::string more = progress.connected ? "connected" : "not connected";
  if (const std::uint64_t late = progress.units_late; late > 0)
    more += fmt::format(", {} units late", grouped(late));
  return {.done = progress.records, .more = std::move(more)};
}

int work(const command_context& context, const worker_choice& choice) {
  require_plausible_clock();
  auto options = options_for(choice);
  const auto bundle =
      open_worker_keyring(choice.keyring, context.passphrase_file);
  options.provider = chosen_provider(choice.provider, bundle.keys.curve());
  options.paranoid = choice.paranoid;
  const signal_watch signals;
  note_who(options, bundle.keys.keys().size());
  actors::worker_progress progress;
  {
    const progress_line line("signed", [&] { return sample_of(progress); });
    actors::run_worker(bundle.keys, bundle.folder, options, signals.stop(),
                       progress);
  }
  if (context.json)
    answer({{"signed", progress.records.load()},
            {"units", progress.units.load()},
            {"units_late", progress.units_late.load()},
            {"renewals", progress.renewals.load()},
            {"sessions", progress.sessions.load()},
            {"signers", options.signers},
            {"provider", crypto::to_text(options.provider)}});
  else
    say(fmt::format("signed {} records in {} units, over {} connections",
                    grouped(progress.records), grouped(progress.units),
                    grouped(progress.sessions)));
  return 0;
}

} // namespace

void add_worker(const command_spec& app) {
  const auto choice = std::make_shared<worker_choice>();
  const auto command = app.add(
      "worker", "Signs for a coordinator on another host (sign --listen)",
      "chancery worker --connect 10.0.0.1:7400 "
      "--cluster w1 --keyring w1.bundle");
  command.text("--connect", choice->connect, "The coordinator's address")
      .value_name("HOST:PORT")
      .required();
  add_cluster_option(command, choice->cluster);
  command
      .text("--coordinator", choice->coordinator,
            "The name in the coordinator's certificate (default: any "
            "coordinator of this cluster)")
      .value_name("NAME");
  command
      .text("--keyring", choice->keyring,
            "The keys, as written by `chancery keys bundle`")
      .value_name("FILE")
      .required();
  command.number("--signers", choice->signers, {1, actors::signers_max},
                 "Signers at work at a time (default: one per core)");
  add_provider_options(command, choice->provider, choice->paranoid);
  command.flag("--once", choice->once,
               "Exit when all is signed instead of waiting for the next run");
  command.runs_until_a_signal(work, choice);
}

} // namespace chancery::apps
