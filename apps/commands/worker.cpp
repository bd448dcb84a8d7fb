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
  std::filesystem::path next_keyring; ///< empty: none
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

/// Works with one bundle after the other, as the coordinator asks for them: a
/// service that begins an epoch with other keys refuses those of the one
/// before. Two refusals in a row are the end.
class bundle_turns {
 public:
  bundle_turns(const command_context& context, const worker_choice& choice)
      : context_(context), choice_(choice), file_(choice.keyring),
        bundle_(open_worker_keyring(file_, context.passphrase_file)) {}

  const crypto::opened_bundle& bundle() const { return bundle_; }

  void work(const actors::worker_options& options,
            const std::atomic<bool>& stop, actors::worker_progress& progress) {
    for (bool refused = false; !stop;) {
      const auto sessions = progress.sessions.load();
      try {
        return actors::run_worker(bundle_.keys, bundle_.folder, options, stop,
                                  progress);
      } catch (const actors::worker_refused& e) {
        refused = refused && progress.sessions == sessions;
        if (!e.by_coordinator() || refused || !turn())
          throw;
        note(fmt::format("{}; trying with {}", one_line(e.what()),
                         file_.string()));
        refused = true;
      }
    }
  }

 private:
  /// False when there is no other one.
  bool turn() {
    const auto& other =
        file_ == choice_.keyring ? choice_.next_keyring : choice_.keyring;
    std::error_code ignored;
    if (other.empty() || !std::filesystem::exists(other, ignored))
      return false;
    auto opened = open_worker_keyring(other, context_.passphrase_file);
    if (opened.keys.curve() != bundle_.keys.curve())
      return false;
    bundle_ = std::move(opened);
    file_ = other;
    return true;
  }

  const command_context& context_;
  const worker_choice& choice_;
  std::filesystem::path file_;
  crypto::opened_bundle bundle_;
};

int work(const command_context& context, const worker_choice& choice) {
  require_plausible_clock();
  auto options = options_for(choice);
  bundle_turns bundles(context, choice);
  const auto& keys = bundles.bundle().keys;
  options.provider = chosen_provider(choice.provider, keys.curve());
  options.paranoid = choice.paranoid;
  const signal_watch signals;
  note_who(options, keys.keys().size());
  actors::worker_progress progress;
  {
    const progress_line line("signed", [&] { return sample_of(progress); });
    bundles.work(options, signals.stop(), progress);
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
  command
      .text("--next-keyring", choice->next_keyring,
            "The keys of an epoch to come, which `keys bundle` writes once "
            "they are added: used when the coordinator refuses those of "
            "--keyring; it may come later")
      .value_name("FILE");
  command.number("--signers", choice->signers, {1, actors::signers_max},
                 "Signers at work at a time (default: one per core)");
  add_provider_options(command, choice->provider, choice->paranoid);
  command.flag("--once", choice->once,
               "Exit when all is signed instead of waiting for the next run");
  command.runs_until_a_signal(work, choice);
}

} // namespace chancery::apps
