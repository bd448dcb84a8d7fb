// SPDX-License-Identifier: Apache-2.0
// `chancery simulate cluster`: a coordinator and its workers, then a ledger's
// node and its clients, all as processes of this program on this host, over
// loopback and TLS, in a folder that goes again. Workers and coordinator are
// killed and stopped while they sign; then every signature is verified, the
// rules are audited and the chain is checked.

#include "actors/audit.hpp"
#include "actors/signing_run.hpp"
#include "actors/verify.hpp"
#include "apps/cluster_ledger.hpp"
#include "apps/cluster_report.hpp"
#include "apps/cluster_signing.hpp"
#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/data_folder.hpp"
#include "apps/folder_root.hpp"
#include "apps/key_choice.hpp"
#include "apps/number_option.hpp"
#include "apps/progress_line.hpp"
#include "apps/scratch_folder.hpp"
#include "apps/signal_watch.hpp"
#include "apps/signing_options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

namespace chancery::apps {

namespace {

struct simulation {
  simulated_cluster_options cluster;
  std::uint64_t kills = 6;
  bool no_ledger = false;
  std::filesystem::path keep;
};

void throw_if(const std::atomic<bool>& stop) {
  if (stop)
    throw std::runtime_error("stopped; the simulation is not complete");
}

/// Leases that ended by time or death, as every life of the coordinator wrote
/// them down.
std::uint64_t count_lost_leases(const storage::record_store& store) {
  const auto view = store.read();
  auto events = view.walk(storage::table::journal);
  std::uint64_t lost = 0;
  for (bool more = events.seek(0); more; more = events.next())
    if (std::holds_alternative<storage::lease_lost>(
            storage::decode_event(events.value())))
      ++lost;
  return lost;
}

void check_all(const data_folder& folder, const storage::record_store& store,
               const std::atomic<bool>& stop, cluster_report& report) {
  // Given back by the coordinator's end, however many were killed before.
  const auto lock = folder.lock();
  const auto keys = folder.public_keys();
  report.leases_lost = count_lost_leases(store);
  const auto total = store.read().signature_count();
  std::atomic<std::uint64_t> done{0};
  const auto sample = [&] {
    return progress_sample{.done = done, .total = total};
  };
  {
    const progress_line line("verifying", sample);
    report.verified = actors::verify_signatures(
        store, keys, {.threads = hardware_threads(), .sample = {}}, done, stop);
  }
  throw_if(stop);
  done = 0;
  const progress_line line("auditing", sample);
  actors::audit_options options;
  options.threads = hardware_threads();
  report.audit = actors::audit(store, keys, options, done);
}

cluster_report run_simulation(const simulation& wanted,
                              const std::filesystem::path& root,
                              const std::atomic<bool>& stop) {
  const auto begin = std::chrono::steady_clock::now();
  cluster_report report;
  report.options = wanted.cluster;
  const simulated_cluster cluster(root, wanted.cluster);
  cluster.prepare(stop);
  const data_folder folder(cluster.data());
  {
    const auto store =
        folder.open_store(data_folder::access::read, std::nullopt);
    report.signing =
        cluster_signing(cluster, folder, store,
                        plan_kills(wanted.cluster.seed, wanted.kills,
                                   wanted.cluster.records))
            .run(stop);
    throw_if(stop);
    check_all(folder, store, stop, report);
  }
  throw_if(stop);
  if (!wanted.no_ledger)
    report.ledger = run_cluster_ledger(cluster, wanted.kills > 0, stop);
  report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
          .count();
  return report;
}

int simulate(const command_context& context, const simulation& wanted) {
  const signal_watch signals; // before anything that must be taken away
  std::optional<scratch_folder> scratch;
  if (wanted.keep.empty())
    scratch.emplace();
  else if (const auto name = stranger_in(wanted.keep))
    throw std::runtime_error(
        fmt::format("{} is not empty ({} is in it): name a new folder",
                    wanted.keep.string(), *name));
  const auto report = run_simulation(
      wanted, scratch ? scratch->path() : wanted.keep, signals.stop());
  if (context.json)
    answer(cluster_report_json(report));
  else
    say(cluster_report_text(report));
  if (report.good())
    return 0;
  note("the simulation found something wrong; --keep DIR keeps its data");
  return 1;
}

void add_sizes(CLI::App& command, simulated_cluster_options& cluster) {
  add_number(command, "--records", cluster.records, {1}, "How many records")
      ->default_str("100000");
  add_number(command, "--keys", cluster.keys, {1, keys_max}, "How many keys")
      ->default_str("100");
  add_number(command, "--batch-size", cluster.batch_size,
             {1, actors::batch_size_max}, "Records that one key signs in a row")
      ->default_str("100");
  add_number(command, "--workers", cluster.workers, {1, 100},
             "Worker processes")
      ->default_str("3");
  add_number(command, "--worker-signers", cluster.worker_signers,
             {1, actors::signers_max}, "Signers of each worker")
      ->default_str("1");
  add_number(command, "--coordinator-signers", cluster.coordinator_signers,
             {0, actors::signers_max}, "Signers of the coordinator")
      ->default_str("0");
  add_number(command, "--lease-ms", cluster.lease_ms,
             {actors::lease_ttl_ms_min, actors::lease_ttl_ms_max},
             "How long a worker may use a key without asking again, in "
             "milliseconds")
      ->default_str("1500");
  add_provider_options(command, cluster.provider, cluster.paranoid);
}

} // namespace

void add_simulate_cluster(CLI::App& simulate_app, command_context& context) {
  const auto wanted = std::make_shared<simulation>();
  auto* command = simulate_app.add_subcommand(
      "cluster",
      "Several hosts as processes here, killed at work, then all is verified");
  command->footer(
      help_footer("chancery simulate cluster --workers 5 --kills 12"));
  add_sizes(*command, wanted->cluster);
  add_number(*command, "--kills", wanted->kills, {0, 1'000},
             "How often a worker or the coordinator is killed or stopped; 0: "
             "nobody is, the ledger's node neither")
      ->default_str("6");
  add_number(*command, "--seed", wanted->cluster.seed, {},
             "Which records, and which moments")
      ->default_str("1");
  command->add_flag("--no-ledger", wanted->no_ledger,
                    "Leave the ledger's node and clients out");
  command
      ->add_option("--keep", wanted->keep,
                   "Use this new folder and leave it (default: a temporary one "
                   "under TMPDIR, removed at the end)")
      ->type_name("DIR");
  command->callback([&context, wanted] {
    context.action = [&context, wanted] { return simulate(context, *wanted); };
  });
}

} // namespace chancery::apps
