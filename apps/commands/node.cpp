// SPDX-License-Identifier: Apache-2.0
// `chancery node`: runs the ledger's node until a signal. With --listen it
// serves clients on other hosts, with --stdin it answers lines, and with --keys
// it only prints its keys.

#include "actors/systems/ledger_node.hpp"
#include "apps/answers/line_service.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/node_choice.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/platform/early_signals.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

namespace chancery::apps {

namespace {

struct node_command {
  node_choice node;
  bool lines = false;
  bool keys = false;
};

int show_keys(const command_context& context,
              const crypto::node_identity& identity, std::uint32_t block_size) {
  const auto keys =
      crypto::sign_node_keys(identity, block_size, crypto::single_signatures);
  if (context.json)
    answer({{"keys", keys}, {"node", crypto::to_text(identity.id())}});
  else
    say(keys);
  return 0;
}

/// Works while a node runs, too: a complete folder is only read.
int keys(const command_context& context, const node_choice& choice) {
  release_signals();
  const ledger_folder folder(context.data);
  if (!folder.complete()) {
    const auto made = folder.open_for_node(context, choice.blocks_of());
    return show_keys(context, made.identity, made.store.info().block_size);
  }
  const auto identity = folder.open_identity(context);
  const auto store = folder.open_to_read(context.map_size);
  folder.check_chain(store.info(), identity.id(), choice.blocks_of());
  return show_keys(context, identity, store.info().block_size);
}

void serve_lines(actors::ledger_node& node, const std::atomic<bool>& stop) {
  // A closed output becomes an error of write() instead of ending the process.
  std::signal(SIGPIPE, SIG_IGN);
  const auto served = serve(
      {.input = STDIN_FILENO,
       .output = STDOUT_FILENO,
       .submit = [&](std::string line) { return node.submit(std::move(line)); },
       .stop = [&] { return stop || !node.failure().empty(); }});
  throw_if_failed(node);
  if (served.write_error != 0)
    throw std::runtime_error(fmt::format(
        "the output is closed ({}): resend the messages that have no answer",
        std::strerror(served.write_error)));
}

void wait_for_end(const opened_ledger& ledger, const actors::ledger_node& node,
                  const std::atomic<bool>& stop) {
  const progress_line line("accepted", [&] {
    const auto counters = node.counters();
    const auto connected = node.connected();
    return progress_sample{
        .done = counters.accepted,
        .more = fmt::format(
            "{} refused, {} blocks{}", grouped(total_refused(counters)),
            grouped(ledger.store.read().block_count()),
            node.port() == 0 ? ""
            : connected == 1
                ? ", 1 host connected"
                : fmt::format(", {} hosts connected", grouped(connected)))};
  });
  while (!stop && node.failure().empty())
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

int run_node(const command_context& context, const node_command& choice) {
  require_plausible_clock();
  if (choice.keys)
    return keys(context, choice.node);
  const auto options = node_options(choice.node, "--listen");
  auto ledger = ledger_folder(context.data)
                    .open_for_node(context, choice.node.blocks_of());
  const signal_watch signals;
  actors::ledger_node node(ledger.store, ledger.identity, options);
  note_node_start(ledger, node, options);
  if (!options.listening && !choice.lines)
    note("without --listen or --stdin no client can send to this node");
  if (choice.lines)
    serve_lines(node, signals.stop());
  else
    wait_for_end(ledger, node, signals.stop());
  throw_if_failed(node);
  note_node_end(node.counters());
  return 0;
}

} // namespace

void add_node(const command_spec& app) {
  const auto choice = std::make_shared<node_command>();
  const auto command =
      app.add("node", "Runs the ledger's node on the data folder's chain",
              "chancery node --stdin <messages.txt >answers.jsonl\n"
              "    chancery node --listen 0.0.0.0:7402 --cluster node-host");
  add_node_options(command, choice->node);
  const auto listen =
      command
          .text("--listen", choice->node.listen,
                "Accept clients on other hosts at this address of this "
                "host; port 0: any free port")
          .value_name("ADDR:PORT");
  const auto lines = command.flag(
      "--stdin", choice->lines,
      "Read one registration or message per line, and answer each with a line "
      "of JSON");
  command
      .flag("--keys", choice->keys,
            "Only print the node's signed public keys, which clients start "
            "from; missing keys are made first")
      .excludes(lines)
      .excludes(listen);
  lines.excludes(listen);
  command.runs_until_a_signal(run_node, choice);
}

} // namespace chancery::apps
