// SPDX-License-Identifier: Apache-2.0
// `chancery verify`: verifies every stored signature against its record's
// bytes.

#include "actors/audit/verify.hpp"

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

struct signatures_choice {
  std::optional<std::uint64_t> sample;
  std::optional<std::uint64_t> threads;
};

void answer_json(const actors::verify_result& result, bool stopped) {
  answer(
      {{"records", result.records},
       {"verified", result.checked - result.wrong},
       {"checked", result.checked},
       {"unsigned", result.unsigned_records},
       {"wrong", result.wrong},
       {"first_wrong", result.first_wrong ? json(*result.first_wrong) : json()},
       {"first_wrong_why",
        result.first_wrong_why.empty() ? json() : json(result.first_wrong_why)},
       {"stopped", stopped},
       {"seconds", result.seconds},
       {"signatures_per_second", per_second(result.checked, result.seconds)}});
}

void answer_people(const actors::verify_result& result) {
  say(fmt::format("{} signatures verify, {} are wrong, of {} records checked "
                  "({} per second)",
                  grouped(result.checked - result.wrong), grouped(result.wrong),
                  grouped(result.checked + result.unsigned_records),
                  grouped(static_cast<std::uint64_t>(
                      per_second(result.checked, result.seconds)))));
  if (result.unsigned_records > 0)
    say(fmt::format("{} records are not signed, which is no error: `chancery "
                    "sign` signs them",
                    grouped(result.unsigned_records)));
}

int verify_all_signatures(const command_context& context,
                          const signatures_choice& choice) {
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  const signal_watch signals;
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto records = store.read().record_count();
  const auto total = std::min(records, choice.sample.value_or(records));
  std::atomic<std::uint64_t> done{0};
  const auto result = [&] {
    const progress_line progress("verifying", [&] {
      return progress_sample{.done = done, .total = total};
    });
    return actors::verify_signatures(
        store, keys,
        {.threads = choice.threads.value_or(hardware_threads()),
         .sample = choice.sample},
        done, signals.stop());
  }();
  const bool stopped = result.checked + result.unsigned_records < total;
  if (context.json)
    answer_json(result, stopped);
  else
    answer_people(result);
  if (result.wrong > 0)
    note(fmt::format("record {} is the first that is wrong: {}",
                     *result.first_wrong, result.first_wrong_why));
  if (stopped)
    note("stopped before all signatures were checked");
  return result.wrong > 0 || stopped ? 1 : 0;
}

} // namespace

void add_verify(const command_spec& app) {
  const auto choice = std::make_shared<signatures_choice>();
  const auto command =
      app.add("verify", "Checks every stored signature against its record",
              "chancery verify --sample 10000");
  command.number("--sample", choice->sample, {1},
                 "Check N evenly spaced records (default: all)");
  command.number("--threads", choice->threads, {1, actors::signers_max},
                 "Threads (default: one per core)");
  command.runs_until_a_signal(verify_all_signatures, choice);
}

} // namespace chancery::apps
