// SPDX-License-Identifier: Apache-2.0
// `chancery audit`: checks the five rules of signing against the stored data.

#include "actors/audit/audit.hpp"
#include "actors/signing/lease_replay.hpp"

#include "apps/answers/rule_answers.hpp"
#include "apps/certificates/certificate_files.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/folders/trust_file.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

struct audit_choice {
  std::filesystem::path trust;
  std::filesystem::path trust_ca;
  std::filesystem::path batches;
  std::optional<std::string> name_field;
  std::optional<std::uint64_t> threads;
};

/// What keeps other processes from signing during the audit, or who may.
struct audited_folder {
  std::optional<storage::lock_file> lock{};
  std::optional<std::uint64_t> beside{}; ///< the process; 0: unknown
};

/// A folder that another process changes, or that cannot be written, is audited
/// without the lock, as it is at one moment.
audited_folder lock_if_possible(const data_folder& folder) {
  try {
    return {.lock = folder.lock()};
  } catch (const storage::locked& e) {
    const auto pid = static_cast<std::uint64_t>(e.pid());
    note(fmt::format("process {} works in this folder: the audit takes what is "
                     "stored at this moment ({}), and nothing that comes later",
                     pid, time_text(now_ms())));
    return {.beside = pid};
  } catch (const storage::storage_error& e) {
    warn(fmt::format("going on without the lock, with what is stored at this "
                     "moment ({}): {}",
                     time_text(now_ms()), one_line(e.what())));
    return {.beside = 0};
  }
}

json worker_name(const std::string& worker) {
  return worker.empty() ? json() : json(worker);
}

/// One JSON line per batch: its records, lease, key, worker and time.
class batch_list {
 public:
  explicit batch_list(const std::filesystem::path& path)
      : file_(path, 0644, new_file::existing::replace) {}

  void add(const storage::batch_row& row, const std::string& worker) {
    const json line{{"first", row.first},
                    {"count", row.count},
                    {"lease", actors::fence_text(row.fence)},
                    {"key", crypto::to_text(row.key)},
                    {"worker", worker_name(worker)},
                    {"time", time_text(row.time_ms)}};
    file_.write(line.dump() + '\n');
  }

  void commit() { file_.commit(); }

 private:
  new_file file_;
};

void answer_json(const actors::audit_report& report,
                 const audited_folder& folder) {
  json workers = json::array();
  for (const auto& [name, share] : report.workers)
    workers.push_back({{"worker", worker_name(name)},
                       {"batches", share.batches},
                       {"records", share.records}});
  answer({{"passed", report.passed},
          {"beside", folder.beside ? json(*folder.beside) : json()},
          {"rules", rules_json(report.rules)},
          {"records", report.records},
          {"signatures", report.signatures},
          {"unsigned", report.unsigned_records},
          {"withdrawn", report.withdrawn},
          {"names", report.names},
          {"batches", report.batches},
          {"leases", report.leases},
          {"epochs", report.epochs},
          {"workers", workers},
          {"cannot_see", report.cannot_see}});
}

void answer_people(const actors::audit_report& report) {
  for (const auto& rule : report.rules)
    say(rule_text(rule));
  say(fmt::format("{} records, {} signatures, {} unsigned, {} batches, {} "
                  "leases, {} epochs",
                  grouped(report.records), grouped(report.signatures),
                  grouped(report.unsigned_records), grouped(report.batches),
                  grouped(report.leases), grouped(report.epochs)));
  if (report.withdrawn > 0)
    say(fmt::format("{} signatures were withdrawn (chancery repair)",
                    grouped(report.withdrawn)));
  for (const auto& [name, share] : report.workers)
    if (report.workers.size() > 1 || !name.empty())
      say(fmt::format("  {:<24} {} records in {} batches",
                      name.empty() ? "the data folder's host" : name,
                      grouped(share.records), grouped(share.batches)));
  say("What an audit cannot see:");
  for (const auto& sentence : report.cannot_see)
    say("  - " + sentence);
  say(report.passed ? "The audit passed." : "The audit found broken rules.");
}

int audit(const command_context& context, const audit_choice& choice) {
  const auto folder = data_folder::existing(context);
  actors::audit_options options;
  options.threads = choice.threads.value_or(hardware_threads());
  if (!choice.trust.empty())
    options.trust = read_trust_file(choice.trust);
  if (!choice.trust_ca.empty())
    options.roots = read_root_file(choice.trust_ca);
  options.name_member = choice.name_field;
  const auto audited = lock_if_possible(folder);
  options.beside_others = audited.beside.has_value();
  const auto keys = folder.public_keys();
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto total = store.read().signature_count();
  std::atomic<std::uint64_t> done{0};
  std::optional<batch_list> batches;
  if (!choice.batches.empty()) {
    batches.emplace(choice.batches);
    options.batch = [&batches](const auto& row, const auto& worker) {
      batches->add(row, worker);
    };
  }
  const auto report = [&] {
    const progress_line progress("auditing", [&] {
      return progress_sample{.done = done, .total = total};
    });
    return actors::audit(store, keys, options, done);
  }();
  if (batches)
    batches->commit();
  if (context.json)
    answer_json(report, audited);
  else
    answer_people(report);
  if (report.passed)
    return 0;
  note_broken(report.rules);
  return 1;
}

} // namespace

void add_audit(const command_spec& app) {
  const auto choice = std::make_shared<audit_choice>();
  const auto command =
      app.add("audit", "Checks the rules of signing against the stored data",
              "chancery audit --trust thumbprints.txt");
  command
      .text("--trust", choice->trust,
            "Trusted key ids, one per line, from another source than the "
            "data folder: no other key may have signed")
      .value_name("FILE");
  command
      .text("--trust-ca", choice->trust_ca,
            "Trusted certificates of authorities (PEM), from another source "
            "than the data folder: every seal's certificate must lead to one")
      .value_name("FILE");
  command
      .text("--batches", choice->batches,
            "Write one line of JSON per batch, with the worker that "
            "signed it")
      .value_name("FILE");
  command
      .text("--name-field", choice->name_field,
            "The member of the records, which are JSON, that has their names: "
            "hold them against it")
      .value_name("MEMBER");
  command.number("--threads", choice->threads, {1, actors::signers_max},
                 "Threads (default: one per core)");
  command.runs(audit, choice);
}

} // namespace chancery::apps
