// SPDX-License-Identifier: Apache-2.0
// `chancery simulate http`: runs `chancery serve` as a process, on a free port
// of the loopback and with a temporary folder, and clients that register and
// post messages over HTTP, and others that post records. Then the chain and
// the feed of signatures are read over HTTP and verified against the node's
// key and the signing keys, which come from the folder; and the folder is
// audited once the server has ended.

#include "actors/base/threads.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/simulation_run.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/options/load_options.hpp"
#include "apps/simulation/http_check.hpp"
#include "apps/simulation/http_fleet.hpp"
#include "apps/simulation/http_record_check.hpp"
#include "apps/simulation/http_records.hpp"
#include "apps/simulation/http_report.hpp"
#include "apps/simulation/interruption.hpp"
#include "apps/simulation/signature_check.hpp"
#include "apps/simulation/simulated_host.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

namespace chancery::apps {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t records_max = 1'000'000;

struct http_simulation : load_choice {
  std::uint64_t records = 20'000;
  std::filesystem::path keep;
};

/// Where it serves, once it does.
std::string await_url(simulated_host& server, const std::atomic<bool>& stop) {
  constexpr std::string_view before = "chancery serves ";
  for (;; std::this_thread::sleep_for(20ms)) {
    if (const auto line = server.first_line())
      return line->substr(std::min(before.size(), line->size()));
    if (const auto code = server.ended())
      server.fail(fmt::format("ended with {} on its own", *code));
    throw_if_stopped(stop);
  }
}

crypto::public_key node_of(const std::filesystem::path& data) {
  const ledger_folder folder(data);
  return folder.public_keys(folder.open_to_read(std::nullopt)).signing;
}

actors::client_load load_of(const http_simulation& wanted) {
  actors::client_load load;
  load.clients = wanted.clients;
  load.rate = wanted.rate;
  load.duration = wanted.duration;
  load.speed = wanted.speed;
  return load;
}

record_load records_of(const http_simulation& wanted) {
  return {.records = wanted.records,
          .clients = std::min<std::size_t>(wanted.clients, record_clients_max),
          .seconds = wanted.duration / wanted.speed};
}

/// Posts records on a thread of its own while it exists.
class beside_messages {
 public:
  beside_messages(const http_client_options& server, const record_load& load,
                  const std::atomic<bool>& stop,
                  std::atomic<std::uint64_t>& done)
      : thread_(actors::start_thread<std::jthread>([=, this, &stop, &done] {
          try {
            result_ = post_over_http(server, load, stop, done);
          } catch (...) {
            failure_ = std::current_exception();
          }
        })) {}

  /// Waits for it. Throws what it threw.
  record_load_result take() {
    thread_.join();
    if (failure_)
      std::rethrow_exception(failure_);
    return std::move(result_);
  }

 private:
  record_load_result result_;
  std::exception_ptr failure_;
  std::jthread thread_;
};

void send_all(const http_client_options& server, const crypto::key_id& node,
              const http_simulation& wanted, const std::atomic<bool>& stop,
              http_report& report) {
  actors::ledger_progress progress;
  std::atomic<std::uint64_t> records{0};
  const progress_line line("accepting", [&] {
    auto more = fmt::format("{} refused", grouped(progress.refused));
    if (report.records)
      more += fmt::format(", {} of {} records", grouped(records),
                          grouped(wanted.records));
    return progress_sample{.done = progress.accepted,
                           .total = wanted.messages(),
                           .more = std::move(more)};
  });
  std::optional<beside_messages> posting;
  if (report.records)
    posting.emplace(server, records_of(wanted), stop, records);
  report.run = send_over_http(server, node, load_of(wanted), stop, progress);
  if (posting)
    report.records->posted = posting->take();
}

http_chain read_all(const http_client_options& server,
                    const crypto::public_key& node,
                    const std::vector<actors::held_receipt>& held,
                    const std::atomic<bool>& stop) {
  std::atomic<std::uint64_t> done{0};
  const progress_line line("reading it back", [&] {
    return progress_sample{.done = done, .total = held.size()};
  });
  return check_over_http(server, node, held, done, stop);
}

/// Verifies what the server shows of the records, with the folder's keys.
http_signatures read_signatures(const http_client_options& server,
                                const data_folder& folder,
                                const record_load_result& posted,
                                const std::atomic<bool>& stop) {
  std::atomic<std::uint64_t> done{0};
  const progress_line line("reading signatures and records", [&] {
    return progress_sample{.done = done, .total = 2 * posted.records.size()};
  });
  return check_records_over_http(server, folder.public_keys(), posted.records,
                                 done, stop);
}

checked_signatures check_folder(const data_folder& folder,
                                std::optional<std::uint64_t> map_size,
                                const std::atomic<bool>& stop) {
  const auto lock = folder.lock();
  const auto store = folder.open_store(data_folder::access::read, map_size);
  return check_signatures(store, folder.public_keys(), stop);
}

std::vector<std::string> serve_arguments(const http_simulation& wanted,
                                         const std::filesystem::path& data) {
  std::vector<std::string> all{"--data",
                               data.string(),
                               "serve",
                               "--http",
                               "127.0.0.1:0",
                               "--block-size",
                               std::to_string(wanted.block_size)};
  if (wanted.records == 0)
    all.emplace_back("--no-signing");
  return all;
}

http_report simulate(const command_context& context,
                     const http_simulation& wanted,
                     const std::filesystem::path& root,
                     const std::atomic<bool>& stop) {
  const auto data = root / "data";
  const auto logs = root / "logs";
  std::filesystem::create_directories(logs);
  simulated_host serve("serve", logs);
  serve.start(serve_arguments(wanted, data));
  http_report report{.clients = wanted.clients,
                     .block_size = wanted.block_size,
                     .url = await_url(serve, stop)};
  if (wanted.records > 0)
    report.records.emplace().wanted = wanted.records;
  const auto port = report.url.substr(report.url.rfind(':') + 1);
  const http_client_options server{
      .port = static_cast<std::uint16_t>(std::stoul(port))};
  const auto node = node_of(data);
  send_all(server, node.id(), wanted, stop, report);
  throw_if_stopped(stop);
  report.chain = read_all(server, node, report.run.receipts, stop);
  throw_if_stopped(stop);
  const data_folder folder(data);
  if (report.records)
    report.records->read =
        read_signatures(server, folder, report.records->posted, stop);
  throw_if_stopped(stop);
  serve.end(0, stop);
  if (report.records)
    report.records->checked = check_folder(folder, context.map_size, stop);
  return report;
}

int simulate_http(const command_context& context,
                  const http_simulation& wanted) {
  wanted.messages(); // checks the range
  return run_simulation(wanted.keep, [&](const auto& root, const auto& stop) {
    const auto report = simulate(context, wanted, root, stop);
    if (context.json)
      answer(http_report_json(report));
    else
      say(http_report_text(report));
    return report.good();
  });
}

} // namespace

void add_simulate_http(const command_spec& simulate_app) {
  const auto wanted = std::make_shared<http_simulation>();
  const auto command =
      simulate_app.add("http",
                       "Runs `serve` and clients that post messages and "
                       "records over HTTP, reads "
                       "chain and signatures back and verifies them",
                       "chancery simulate http --speed 60");
  add_load_options(command, *wanted, http_clients_max);
  command
      .number("--records", wanted->records, {0, records_max},
              "Records that as many other clients (at most 100) post in all; 0 "
              "leaves them out")
      .default_text("20000");
  add_keep_option(command, wanted->keep);
  command.runs_until_a_signal(simulate_http, wanted);
}

} // namespace chancery::apps
