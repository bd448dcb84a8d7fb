// SPDX-License-Identifier: Apache-2.0
// `chancery status`: shows what a data folder holds and the progress of a sign
// that runs on it. Needs no passphrase and takes no lock.

#include "actors/ledger/chain.hpp"
#include "actors/signing/sealing_keys.hpp"
#include "actors/systems/signing_options.hpp"
#include "apps/answers/ledger_clock.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/node_choice.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/folders/status_file.hpp"
#include "apps/options/key_choice.hpp"
#include "apps/records/batch_figures.hpp"
#include "apps/service/service_metrics.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"
#include "crypto/providers/provider.hpp"

#include <fmt/format.h>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <variant>
#include <vector>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

std::string provider_name(std::uint8_t number) {
  const auto name = crypto::to_text(static_cast<crypto::provider>(number));
  return name.empty() ? fmt::format("number {}", number) : std::string(name);
}

/// The last signing run in the journal; null when there is none.
json last_run(const storage::record_store& store) {
  const auto view = store.read();
  const auto sequence = view.last_epoch();
  auto events = view.walk(storage::table::journal);
  if (!sequence || !events.seek(*sequence))
    return {};
  const auto event = storage::decode_event(events.value());
  const auto* opened = std::get_if<storage::epoch_opened>(&event);
  if (opened == nullptr)
    return {};
  json closed;
  const bool any = events.seek_back(std::numeric_limits<std::uint64_t>::max());
  while (any) {
    const auto last = storage::decode_event(events.value());
    if (const auto* end = std::get_if<storage::epoch_closed>(&last))
      closed = time_text(end->time_ms);
    // Withdrawals may follow the end.
    if (!std::holds_alternative<storage::signatures_withdrawn>(last) ||
        events.key() == 0 || !events.seek_back(events.key() - 1))
      break;
  }
  const auto figures = count_batches(store, opened->epoch);
  return {{"epoch", opened->epoch},
          {"batch_size", opened->batch_size},
          {"provider", provider_name(opened->provider)},
          {"opened", time_text(opened->time_ms)},
          {"closed", closed},
          {"last_batch", figures.epoch_batches == 0
                             ? json()
                             : json(time_text(figures.epoch_last_ms))},
          {"signed", figures.epoch_signatures},
          {"batches", figures.epoch_batches}};
}

/// Which keys the next run would seal with; null in a raw folder.
json sealing_json(const storage::snapshot& view,
                  const crypto::public_keyring& keys,
                  const std::vector<storage::key_name>& active) {
  if (keys.purpose != crypto::keyring_purpose::seal)
    return {};
  try {
    const auto found = actors::find_sealing_keys(view, active, now_ms(),
                                                 actors::seal_terms().margin);
    return {{"usable", found.ids.size()},
            {"until", found.ends_ms ? json(time_text(*found.ends_ms)) : json()},
            {"left_out", found.left_out_text()}};
  } catch (const std::exception& e) { // the rest can be shown all the same
    return {{"usable", 0}, {"until", nullptr}, {"left_out", e.what()}};
  }
}

json keys_json(const storage::snapshot& view,
               const crypto::public_keyring& keys) {
  std::vector<storage::key_name> active;
  for (const auto& key : keys.keys)
    if (key.state == crypto::key_state::active)
      active.push_back(key.key.id());
  return {{"active", active.size()},
          {"retired", keys.keys.size() - active.size()},
          {"total", keys.keys.size()},
          {"curve", crypto::jwk_curve_name(keys.curve)},
          {"purpose", crypto::to_text(keys.purpose)},
          {"sealing", sealing_json(view, keys, active)}};
}

/// Null without a ledger in the folder.
json ledger_json(const command_context& context) {
  const ledger_folder folder(context.data);
  if (!folder.complete())
    return {};
  try {
    const auto store = folder.open_to_read(context.map_size);
    const auto view = store.read();
    const auto last = actors::last_time_ms(view);
    const auto ahead = ahead_text(last, now_ms());
    return {{"provider", ledger_provider_text()},
            {"messages", view.message_count()},
            {"blocks", view.block_count()},
            {"last_time", last == 0 ? json() : json(time_text(last))},
            {"seconds_ahead", seconds_ahead(last, now_ms())},
            {"warning", ahead.empty() ? json() : json(ahead)}};
  } catch (const std::exception& e) {
    return {{"error", e.what()}}; // the records can be shown all the same
  }
}

json gather(const data_folder& folder, const storage::record_store& store) {
  const auto view = store.read();
  const auto owner = storage::lock_file::holder(folder.lock_path());
  json running;
  if (owner)
    if (const auto own = read_status_file(folder.status_path(), *owner))
      running = *own;
  return {{"data", folder.root().string()},
          {"records", view.record_count()},
          {"signed", view.signature_count()},
          {"left", view.record_count() - view.signature_count()},
          {"keys", keys_json(view, folder.public_keys())},
          {"withdrawn", view.withdrawn_count()},
          {"batches", view.batch_count()},
          {"format", store.info().format},
          {"last_run", last_run(store)},
          {"database_bytes", store.used_bytes()},
          {"database_file_bytes", store.file_bytes()},
          {"in_use_by", owner ? json(*owner) : json()},
          {"running", running}};
}

std::uint64_t number(const json& object, const char* name) {
  return object.value(name, std::uint64_t{0});
}

void say_sealing(const json& sealing) {
  const auto left_out = sealing["left_out"].get<std::string>();
  const auto usable = number(sealing, "usable");
  auto text =
      usable == 0
          ? std::string("no key may seal now")
          : fmt::format("{} keys may seal, all of them until {}",
                        grouped(usable), sealing["until"].get<std::string>());
  if (!left_out.empty())
    text += "; " + left_out;
  say("Seals     " + text);
}

void say_last_run(const json& run) {
  if (run.is_null()) {
    say("Last run  none yet");
    return;
  }
  say(fmt::format("Last run  epoch {}: {} signed in {} batches of up to {}, "
                  "with {}",
                  number(run, "epoch"), grouped(number(run, "signed")),
                  grouped(number(run, "batches")),
                  grouped(number(run, "batch_size")),
                  run["provider"].get<std::string>()));
  say(fmt::format("          opened {}, {}", run["opened"].get<std::string>(),
                  run["closed"].is_null()
                      ? std::string("not closed")
                      : "closed " + run["closed"].get<std::string>()));
}

void say_running(const json& status) {
  if (status["in_use_by"].is_null())
    return;
  const auto pid = number(status, "in_use_by");
  const auto& running = status["running"];
  if (running.is_null()) {
    say(fmt::format("Now       process {} is changing this folder", pid));
    return;
  }
  if (running.value("service", false)) {
    const auto oldest = running.find("oldest_unsigned_seconds");
    say(fmt::format(
        "Now       process {} signs records as they come: epoch {}, {} of {} "
        "keys out{}",
        pid, number(running, "epoch"), grouped(number(running, "keys_out")),
        grouped(number(running, "keys")),
        oldest == running.end() || !oldest->is_number()
            ? ""
            : fmt::format(", the oldest without a signature came {:.1f} s ago",
                          oldest->get<double>())));
    return;
  }
  const progress_sample sample{
      .done = number(running, "done"),
      .total = number(running, "total"),
      .keys_out = progress_sample::keys{.out = number(running, "keys_out"),
                                        .all = number(running, "keys")}};
  say(fmt::format("Now       process {} is {}", pid,
                  progress_text("signing", sample,
                                running.value("records_per_second", 0.0))));
  for (const auto& worker : running.value("workers", json::array()))
    say(fmt::format("          {} has signed {}, with {} leases out",
                    worker.value("worker", std::string()),
                    grouped(number(worker, "signed")),
                    grouped(number(worker, "leases_out"))));
  for (const auto& worker : running.value("refused_workers", json::array()))
    say(fmt::format("          {} is refused: {}",
                    worker.value("worker", std::string()),
                    worker.value("why", std::string())));
}

void say_ledger(const json& ledger) {
  if (ledger.is_null())
    return;
  if (const auto why = ledger.value("error", std::string()); !why.empty()) {
    say(fmt::format("Ledger    {}", why));
    return;
  }
  say(fmt::format(
      "Ledger    {} messages, {} blocks{}", grouped(number(ledger, "messages")),
      grouped(number(ledger, "blocks")),
      ledger["last_time"].is_null()
          ? std::string()
          : ", the last at " + ledger["last_time"].get<std::string>()));
  say(fmt::format("          a node here computes by {}",
                  ledger["provider"].get<std::string>()));
  if (!ledger["warning"].is_null())
    say("          " + ledger["warning"].get<std::string>());
}

/// Of a folder that a node made, without `init`.
int show_ledger_alone(const command_context& context) {
  const auto ledger = ledger_json(context);
  if (context.json)
    answer({{"data", context.data.string()}, {"ledger", ledger}});
  else
    say_ledger(ledger);
  return 0;
}

/// For the textfile collector of Prometheus' node_exporter.
int show_metrics(const command_context& context) {
  const ledger_folder ledger(context.data);
  std::optional<storage::ledger_store> messages;
  if (ledger.complete())
    messages.emplace(ledger.open_to_read(context.map_size));
  else
    data_folder::existing(context);
  put(metrics_text({.version = CHANCERY_VERSION,
                    .requests = nullptr,
                    .http = {},
                    .ledger = {},
                    .log_lines_dropped = {},
                    .store = messages ? &*messages : nullptr,
                    .folder = std::make_shared<const signed_folder>(
                        context.data, context.map_size)}));
  return 0;
}

struct status_choice {
  bool prometheus = false;
};

int show_status(const command_context& context, const status_choice& choice) {
  if (choice.prometheus && context.json)
    throw usage_error("--prometheus and --json exclude each other");
  if (choice.prometheus)
    return show_metrics(context);
  if (ledger_folder(context.data).complete() &&
      !std::filesystem::exists(data_paths(context.data).records()))
    return show_ledger_alone(context);
  const auto folder = data_folder::existing(context);
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  auto status = gather(folder, store);
  status["ledger"] = ledger_json(context);
  if (context.json) {
    answer(status);
    return 0;
  }
  const auto& keys = status["keys"];
  say(fmt::format(
      "Records   {}: {} signed, {} left", grouped(number(status, "records")),
      grouped(number(status, "signed")), grouped(number(status, "left"))));
  say(fmt::format(
      "Keys      {} on {}: {} active, {} retired",
      grouped(number(keys, "total")), keys["curve"].get<std::string>(),
      grouped(number(keys, "active")), grouped(number(keys, "retired"))));
  if (const auto& sealing = keys["sealing"]; !sealing.is_null())
    say_sealing(sealing);
  say(fmt::format("Batches   {}", grouped(number(status, "batches"))));
  if (const auto withdrawn = number(status, "withdrawn"); withdrawn > 0)
    say(fmt::format("Withdrawn {} signatures", grouped(withdrawn)));
  if (const auto format = number(status, "format");
      format < storage::record_store::format)
    say(fmt::format("Format    {}, older than this chancery's {}: `chancery "
                    "upgrade` before anything is changed",
                    format, storage::record_store::format));
  say(fmt::format("Database  {} in use, {} on disk",
                  size_text(number(status, "database_bytes")),
                  size_text(number(status, "database_file_bytes"))));
  say_last_run(status["last_run"]);
  say_running(status);
  say_ledger(status["ledger"]);
  return 0;
}

} // namespace

void add_status(const command_spec& app) {
  const auto command = app.add(
      "status",
      "Shows the data folder's contents and the progress of a running sign",
      "chancery status --json\n"
      "  chancery status --prometheus > "
      "chancery.prom");
  const auto choice = std::make_shared<status_choice>();
  command.flag("--prometheus", choice->prometheus,
               "In the text format of Prometheus, for the textfile collector "
               "of its node exporter; `serve` has the same at /metrics");
  command.runs(show_status, choice);
}

} // namespace chancery::apps
