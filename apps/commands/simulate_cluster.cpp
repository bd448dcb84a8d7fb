// SPDX-License-Identifier: Apache-2.0
// `chancery simulate cluster`: a coordinator and its workers, then a ledger's
// node and its clients, all as processes of this program on this host, over
// loopback and TLS, in a temporary folder that is removed afterwards. Workers
// and coordinator are killed and stopped while they sign; then every signature
// is verified, the rules are audited and the chain is checked.

#include "actors/audit/audit.hpp"
#include "actors/audit/verify.hpp"
#include "actors/systems/signing_run.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/simulation_run.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/options/key_choice.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/simulation/cluster_ledger.hpp"
#include "apps/simulation/cluster_report.hpp"
#include "apps/simulation/cluster_signing.hpp"
#include "apps/simulation/interruption.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <memory>

namespace chancery::apps {

namespace {

struct cluster_simulation {
  simulated_cluster_options cluster;
  std::uint64_t kills = 6;
  bool no_ledger = false;
  std::filesystem::path keep;
};

/// Leases that ended by expiry or by their borrower's death, in the journal of
/// all runs of the coordinator.
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

cluster_report simulate(const cluster_simulation& wanted,
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
    throw_if_stopped(stop);
    // Free by now: the coordinator has ended, and a kill frees the lock, too.
    const auto lock = folder.lock();
    report.leases_lost = count_lost_leases(store);
    report.checked = check_signatures(store, folder.public_keys(), stop);
  }
  throw_if_stopped(stop);
  if (!wanted.no_ledger)
    report.ledger = run_cluster_ledger(cluster, wanted.kills > 0, stop);
  report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
          .count();
  return report;
}

int simulate_cluster(const command_context& context,
                     const cluster_simulation& wanted) {
  note(fmt::format("seed {}", wanted.cluster.seed)); // however it ends
  return run_simulation(wanted.keep, [&](const auto& root, const auto& stop) {
    const auto report = simulate(wanted, root, stop);
    if (context.json)
      answer(cluster_report_json(report));
    else
      say(cluster_report_text(report));
    return report.good();
  });
}

void add_sizes(const command_spec& command,
               simulated_cluster_options& cluster) {
  command.number("--records", cluster.records, {1}, "Number of records")
      .default_text("100000");
  command.number("--keys", cluster.keys, {1, keys_max}, "Number of keys")
      .default_text("100");
  command
      .number("--batch-size", cluster.batch_size, {1, actors::batch_size_max},
              "Records in a batch, which one key signs")
      .default_text("100");
  command
      .number("--workers", cluster.workers, {1, 100},
              "Number of worker processes")
      .default_text("3");
  command
      .number("--worker-signers", cluster.worker_signers,
              {1, actors::signers_max}, "Signers per worker")
      .default_text("1");
  command
      .number("--coordinator-signers", cluster.coordinator_signers,
              {0, actors::signers_max}, "Signers of the coordinator")
      .default_text("0");
  command
      .number("--lease-ms", cluster.lease_ms,
              {actors::lease_ttl_ms_min, actors::lease_ttl_ms_max},
              "How long a worker may use a key without renewing its lease, "
              "in milliseconds")
      .default_text("1500");
  command
      .text("--purpose", cluster.purpose,
            "raw signatures, or seal: JAdES under an authority for trials")
      .one_of({"raw", "seal"})
      .default_text("raw");
  add_provider_options(command, cluster.provider, cluster.paranoid);
}

} // namespace

void add_simulate_cluster(const command_spec& simulate_app) {
  const auto wanted = std::make_shared<cluster_simulation>();
  const auto command = simulate_app.add(
      "cluster",
      "Runs several hosts as local processes, kills some, verifies the result",
      "chancery simulate cluster --workers 5 --kills 12");
  add_sizes(command, wanted->cluster);
  command
      .number("--kills", wanted->kills, {0, 1'000},
              "How often a worker or the coordinator is killed or stopped; 0: "
              "never, and the ledger's node is not killed either")
      .default_text("6");
  command
      .number("--seed", wanted->cluster.seed, {},
              "Seed of the records and of the moments to kill at")
      .default_text("1");
  command.flag("--no-ledger", wanted->no_ledger,
               "Run no ledger node and clients");
  add_keep_option(command, wanted->keep);
  command.runs_until_a_signal(simulate_cluster, wanted);
}

} // namespace chancery::apps
