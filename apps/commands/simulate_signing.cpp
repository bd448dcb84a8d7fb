// SPDX-License-Identifier: Apache-2.0
// `chancery simulate signing`: init, seed, sign, verify, audit and a report on
// random records, in a temporary folder that is removed afterwards.

#include "actors/audit/audit.hpp"
#include "actors/audit/verify.hpp"
#include "actors/systems/signing_run.hpp"

#include "apps/answers/rule_answers.hpp"
#include "apps/answers/signing_watch.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/simulation_run.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/options/key_choice.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/records/batch_figures.hpp"
#include "apps/records/seeded_record.hpp"
#include "apps/simulation/interruption.hpp"
#include "apps/simulation/raw_rate.hpp"
#include "apps/simulation/signature_check.hpp"
#include "apps/simulation/trial_seals.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using steady = std::chrono::steady_clock;

struct signing_simulation {
  std::uint64_t records = 100'000;
  std::uint64_t size = 160;
  std::uint64_t keys = 100;
  std::uint64_t seed = 1;
  std::string curve = "p256";
  std::string purpose = "raw";
  signing_choice signing;
  std::filesystem::path keep;
};

struct signing_simulation_result {
  actors::signing_options options;
  actors::signing_summary signing;
  checked_signatures checked;
  double raw_rate = 0;
  std::uint64_t used_least = 0;
  std::uint64_t used_most = 0;
  double seconds = 0;

  double rate() const { return per_second(signing.stored, signing.seconds); }
  double share() const { return raw_rate > 0 ? rate() / raw_rate : 0; }
  double cpu_us() const {
    return signing.stored == 0 ? 0
                               : signing.cpu_seconds * 1e6 /
                                     static_cast<double>(signing.stored);
  }
  bool good() const { return signing.left == 0 && checked.good(); }
};

void seed_all(storage::record_store& store, const signing_simulation& wanted,
              const std::atomic<bool>& stop) {
  std::atomic<std::uint64_t> done{0};
  const progress_line line("seeding", [&] {
    return progress_sample{.done = done, .total = wanted.records};
  });
  seed_records(
      store,
      {.count = wanted.records, .size = wanted.size, .seed = wanted.seed}, stop,
      done);
}

/// Measures the raw rate before and after signing, so that a machine that gets
/// busier or hotter meanwhile does not bias the share.
void sign_all(storage::record_store& store, const crypto::keyring& keys,
              const std::atomic<bool>& stop,
              signing_simulation_result& result) {
  const raw_rate_options raw{.provider = result.options.provider,
                             .threads = result.options.signers,
                             .batch_size = result.options.batch_size};
  const double before = measure_raw_rate(keys, raw);
  throw_if_stopped(stop);
  actors::signing_progress progress;
  {
    const progress_line line("signing", signing_sample(progress));
    result.signing =
        actors::run_signing(store, keys, result.options, stop, progress);
  }
  throw_if_stopped(stop);
  result.raw_rate = (before + measure_raw_rate(keys, raw)) / 2;
}

void count_key_uses(const storage::record_store& store,
                    const crypto::public_keyring& keys,
                    signing_simulation_result& result) {
  auto figures = count_batches(store);
  result.used_least = std::numeric_limits<std::uint64_t>::max();
  for (const auto& key : keys.keys) {
    const auto uses = figures.keys[key.key.id()].signatures;
    result.used_least = std::min(result.used_least, uses);
    result.used_most = std::max(result.used_most, uses);
  }
}

signing_simulation_result simulate(const data_folder& folder,
                                   const command_context& context,
                                   const signing_simulation& wanted,
                                   const std::atomic<bool>& stop) {
  const auto begin = steady::now();
  const auto made = make_data_folder(
      folder, {.keys = wanted.keys,
               .curve = crypto::curve_from_name(wanted.curve),
               .purpose = crypto::keyring_purpose_from_name(wanted.purpose),
               .secret = {},
               .map_size = context.map_size});
  const auto lock = folder.lock();
  const auto keys = folder.public_keys();
  signing_simulation_result result;
  result.options = signing_options_for(wanted.signing, made.keys);
  warn_of_idle_signers(result.options, made.keys);
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  if (made.keys.purpose() == crypto::keyring_purpose::seal)
    certify_for_trial(store, made.keys);
  seed_all(store, wanted, stop);
  throw_if_stopped(stop);
  sign_all(store, made.keys, stop, result);
  result.checked = check_signatures(store, keys, stop);
  count_key_uses(store, keys, result);
  result.seconds = std::chrono::duration<double>(steady::now() - begin).count();
  return result;
}

void answer_json(const signing_simulation& wanted,
                 const signing_simulation_result& r) {
  answer({{"records", wanted.records},
          {"keys", wanted.keys},
          {"curve", wanted.curve},
          {"purpose", wanted.purpose},
          {"batch_size", r.options.batch_size},
          {"signers", r.options.signers},
          {"provider", crypto::to_text(r.options.provider)},
          {"records_per_second", r.rate()},
          {"cpu_us_per_record", r.cpu_us()},
          {"raw_rate", r.raw_rate},
          {"share_of_raw_rate", r.share()},
          {"signed", r.signing.stored},
          {"left", r.signing.left},
          {"batches", r.signing.batches},
          {"commits", r.signing.commits},
          {"verified", r.checked.verified.checked - r.checked.verified.wrong},
          {"wrong", r.checked.verified.wrong},
          {"audit", r.checked.audit.passed ? "passed" : "broken"},
          {"keys_used_least", r.used_least},
          {"keys_used_most", r.used_most},
          {"signing_seconds", r.signing.seconds},
          {"seconds", r.seconds}});
}

void answer_people(const signing_simulation& wanted,
                   const signing_simulation_result& r) {
  const auto whole = [](double n) {
    return grouped(static_cast<std::uint64_t>(n));
  };
  const auto row = [](std::string_view name, const std::string& value) {
    say(report_row(name, value));
  };
  say(fmt::format("Signed {} records with {} keys, in batches of {}, by {} "
                  "signers:",
                  grouped(r.signing.stored), grouped(wanted.keys),
                  grouped(r.options.batch_size), grouped(r.options.signers)));
  row("records per second", whole(r.rate()));
  row("CPU per record", fmt::format("{:.1f} us", r.cpu_us()));
  row("raw signing rate", whole(r.raw_rate) + " per second");
  row("share of the raw rate", fmt::format("{:.1f}%", 100 * r.share()));
  row("crypto provider", crypto::description(r.options.provider));
  row("batches", grouped(r.signing.batches));
  row("commits", grouped(r.signing.commits));
  row("keys used least, most",
      fmt::format("{}, {} signatures", grouped(r.used_least),
                  grouped(r.used_most)));
  row("verified", fmt::format("{} signatures, {} wrong",
                              grouped(r.checked.verified.checked -
                                      r.checked.verified.wrong),
                              grouped(r.checked.verified.wrong)));
  row("audit", r.checked.audit.passed ? "passed" : "broken");
  for (const auto& rule : r.checked.audit.rules)
    say("    " + short_rule_text(rule));
  row("total time", fmt::format("{:.1f} s", r.seconds));
}

int simulate_signing(const command_context& context,
                     const signing_simulation& wanted) {
  return run_simulation(wanted.keep, [&](const auto& root, const auto& stop) {
    const auto result = simulate(data_folder(root), context, wanted, stop);
    if (context.json)
      answer_json(wanted, result);
    else
      answer_people(wanted, result);
    return result.good();
  });
}

void add_signing(const command_spec& simulate_app) {
  const auto wanted = std::make_shared<signing_simulation>();
  const auto command = simulate_app.add(
      "signing",
      "Makes records and keys, then signs, verifies, audits and reports",
      "chancery simulate signing --records 1000000 --batch-size 1000");
  command.number("--records", wanted->records, {1}, "Number of records")
      .default_text("100000");
  command
      .number("--size", wanted->size,
              {0, storage::record_store::record_size_max}, "Bytes per record")
      .default_text("160");
  command.number("--keys", wanted->keys, {1, keys_max}, "Number of keys")
      .default_text("100");
  command.number("--seed", wanted->seed, {}, "Seed of the random records")
      .default_text("1");
  command.text("--curve", wanted->curve, "The curve of all keys: p256 or p384")
      .one_of({"p256", "p384"})
      .default_text("p256");
  command
      .text("--purpose", wanted->purpose,
            "raw signatures, or seal: JAdES under an authority for trials")
      .one_of({"raw", "seal"})
      .default_text("raw");
  add_signing_options(command, wanted->signing);
  add_keep_option(command, wanted->keep);
  command.runs_until_a_signal(simulate_signing, wanted);
}

} // namespace

void add_simulate(const command_spec& app) {
  const auto command =
      app.add("simulate", "Runs everything once on random data",
              "chancery simulate signing");
  command.needs_subcommand();
  add_signing(command);
  add_simulate_ledger(command);
  add_simulate_http(command);
  add_simulate_cluster(command);
}

} // namespace chancery::apps
