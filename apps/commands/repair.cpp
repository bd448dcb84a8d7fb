// SPDX-License-Identifier: Apache-2.0
// `chancery repair`: lists signatures that do not verify over their records'
// bytes of today. With --withdraw it sets some of them aside, so that the next
// `sign` signs their records again.

#include "actors/audit/repair.hpp"
#include "actors/audit/wrong_list.hpp"
#include "actors/signing/lease_replay.hpp"
#include "actors/systems/signing_options.hpp"

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/options/id_ranges.hpp"
#include "apps/platform/early_signals.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/host_clock.hpp"
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

constexpr std::string_view cannot_know =
    "A signature may have been wrong from the start, or it or its record was "
    "changed since: which of them, this cannot know.";

struct repair_choice {
  std::optional<std::string> withdraw;
  std::optional<std::string> because;
  std::optional<std::uint64_t> threads;
};

json entry_json(const actors::listed_signature& entry) {
  const auto& row = entry.wrong.batch;
  json object{{"record", entry.wrong.record}, {"why", entry.wrong.text()}};
  object["batch"] =
      row ? json{{"first", row->first}, {"count", row->count}} : json();
  object["key"] = row ? json(crypto::to_text(row->key)) : json();
  object["epoch"] = row ? json(row->fence >> 32) : json();
  object["lease"] = row ? json(actors::fence_text(row->fence)) : json();
  object["worker"] = entry.worker.empty() ? json() : json(entry.worker);
  return object;
}

std::string entry_text(const actors::listed_signature& entry) {
  const auto& row = entry.wrong.batch;
  if (!row)
    return fmt::format("record {}: {}", entry.wrong.record, entry.wrong.text());
  return fmt::format("record {}: {}; epoch {}, lease {}, signed by {}",
                     entry.wrong.record, entry.wrong.text(), row->fence >> 32,
                     actors::fence_text(row->fence),
                     entry.worker.empty() ? "the data folder's host"
                                          : "worker " + entry.worker);
}

void answer_list(const command_context& context, const actors::wrong_list& list,
                 bool stopped) {
  const auto& verified = list.verified;
  if (context.json) {
    json signatures = json::array();
    for (const auto& entry : list.signatures)
      signatures.push_back(entry_json(entry));
    return answer({{"records", verified.records},
                   {"checked", verified.checked},
                   {"unsigned", verified.unsigned_records},
                   {"wrong", verified.wrong},
                   {"signatures", signatures},
                   {"cannot_know", cannot_know},
                   {"changed", false},
                   {"stopped", stopped}});
  }
  for (const auto& entry : list.signatures)
    say(entry_text(entry));
  say(fmt::format("{} of {} signatures do not verify over their records' "
                  "bytes of today",
                  grouped(verified.wrong), grouped(verified.checked)));
  if (verified.wrong > 0)
    say(cannot_know);
  say("Nothing has been done.");
}

int list_wrong_signatures(const command_context& context,
                          const repair_choice& choice) {
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  const signal_watch signals;
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto total = store.read().record_count();
  std::atomic<std::uint64_t> done{0};
  const auto list = [&] {
    const progress_line progress("verifying", [&] {
      return progress_sample{.done = done, .total = total};
    });
    return actors::list_wrong(store, keys,
                              choice.threads.value_or(hardware_threads()), done,
                              signals.stop());
  }();
  const auto& verified = list.verified;
  const bool stopped = verified.checked + verified.unsigned_records < total;
  answer_list(context, list, stopped);
  if (verified.wrong > 0)
    note(fmt::format("record {} is the first whose signature is wrong: "
                     "`chancery repair --withdraw` sets such signatures aside",
                     *verified.first_wrong));
  if (stopped)
    note("stopped before all signatures were checked");
  return verified.wrong > 0 || stopped ? 1 : 0;
}

/// What was left as it is; empty when nothing was.
std::string kept_text(const actors::repair_result& result) {
  std::string text;
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(count),
                          what);
  };
  add(result.verified, "verify and stay");
  add(result.unsigned_records, "are not signed");
  add(result.unknown, "cannot be judged (see `chancery audit`)");
  return text;
}

int answer_withdrawal(const command_context& context,
                      const actors::repair_result& result) {
  const auto kept = kept_text(result);
  if (context.json)
    answer({{"withdrawn", result.withdrawn},
            {"batches", result.batches},
            {"verified", result.verified},
            {"unsigned", result.unsigned_records},
            {"unknown", result.unknown},
            {"changed", result.withdrawn > 0}});
  else if (result.withdrawn > 0)
    say(fmt::format("withdrew {} signatures from {} batches: `chancery sign` "
                    "signs their records as they are today",
                    grouped(result.withdrawn), grouped(result.batches)));
  if (result.withdrawn == 0)
    note(fmt::format("nothing was withdrawn; of the records, {}", kept));
  else if (!kept.empty())
    note(fmt::format("of the other records, {}", kept));
  return result.withdrawn > 0 && result.unknown == 0 ? 0 : 1;
}

int withdraw_signatures(const command_context& context,
                        const repair_choice& choice) {
  require_plausible_clock();
  release_signals();
  const auto ids = parse_id_ranges("--withdraw", *choice.withdraw);
  if (!choice.because)
    throw usage_error("--withdraw needs --because SENTENCE, which is stored "
                      "with the signatures");
  if (!storage::is_withdrawal_reason(*choice.because))
    throw usage_error(fmt::format(
        "--because: the sentence is one line of 1 to {} bytes of UTF-8",
        grouped(storage::withdrawal_reason_max)));
  const auto folder = data_folder::existing(context);
  const auto lock = folder.lock();
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  const auto [keys, used] = folder.open_keyring(context, true);
  const auto result =
      actors::withdraw_wrong(store, crypto::public_half(keys), ids,
                             {.time_ms = now_ms(), .reason = *choice.because});
  return answer_withdrawal(context, result);
}

int repair(const command_context& context, const repair_choice& choice) {
  if (choice.withdraw)
    return withdraw_signatures(context, choice);
  if (choice.because)
    throw usage_error("--because belongs to --withdraw");
  return list_wrong_signatures(context, choice);
}

} // namespace

void add_repair(const command_spec& app) {
  const auto choice = std::make_shared<repair_choice>();
  const auto command = app.add(
      "repair",
      "Lists signatures that do not verify, and withdraws them on request",
      "chancery repair\n"
      "  chancery repair --withdraw 7,100-199 --because 'faulty memory in "
      "host b'\n"
      "  chancery sign",
      "\nA withdrawn signature is kept, with the sentence, but counts no "
      "longer: "
      "the next\nsign signs its record again. One that verifies is never "
      "withdrawn.");
  command
      .text("--withdraw", choice->withdraw,
            "Withdraw the signatures of these records that do not verify")
      .value_name("ID[,ID|FIRST-LAST]");
  command
      .text("--because", choice->because,
            "Why; stored with the signatures (needed for --withdraw)")
      .value_name("SENTENCE");
  command.number("--threads", choice->threads, {1, actors::signers_max},
                 "Threads of the list (default: one per core)");
  command.runs_until_a_signal(repair, choice);
}

} // namespace chancery::apps
