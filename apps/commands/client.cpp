// SPDX-License-Identifier: Apache-2.0
// `chancery client`: a client of the ledger. With --connect it sends over the
// network (client_connect.cpp). Its subcommands need no network: they write
// lines for a node and read the node's answers, and the user carries both.
// client_messages.cpp has the subcommands that write and read lines.

#include "apps/commands/client_connect.hpp"
#include "apps/commands/client_messages.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/client_folder.hpp"
#include "apps/options/peer_options.hpp"
#include "apps/platform/early_signals.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

struct client_choice {
  std::filesystem::path folder = "chancery-client";
  std::filesystem::path node_keys;
  connect_choice network; ///< with --node-id, which `init` uses, too
  std::optional<std::string> body;
  bool again = false;
  std::filesystem::path answers = "-";
};

int init(const command_context& context, const client_choice& choice) {
  require_plausible_clock();
  const auto pinned = pinned_node(choice.network.node_id);
  const auto node = read_keys_file(choice.node_keys, pinned);
  const client_folder folder(choice.folder);
  const auto stored = folder.make(context.passphrase_file, node);
  const auto id = crypto::to_text(folder.id());
  const auto node_id = crypto::to_text(node.keys.signing.id());
  if (context.json) {
    answer({{"client", id},
            {"node", node_id},
            {"folder", folder.root().string()},
            {"passphrase_file",
             stored ? json(folder.passphrase_path().string()) : json()}});
    return 0;
  }
  say(fmt::format("{}: created for client {} of node {}",
                  folder.root().string(), id, node_id));
  if (stored)
    say(fmt::format("The key's passphrase is random and stored in {}. Anyone "
                    "who can read that file and client.jwe can send as this "
                    "client.",
                    folder.passphrase_path().string()));
  return 0;
}

int status(const command_context& context, const client_choice& choice) {
  const auto folder = client_folder::existing(choice.folder);
  const auto state = folder.load();
  const auto node = actors::read_node_keys(state.node_keys, std::nullopt,
                                           crypto::single_signatures);
  const auto& memory = state.memory;
  const auto id = crypto::to_text(folder.id());
  const auto node_id = crypto::to_text(node.signing.id());
  if (context.json) {
    answer({{"client", id},
            {"node", node_id},
            {"sequence", memory.sequence},
            {"unconfirmed", !memory.unconfirmed.empty()},
            {"receipts", folder.receipt_count()},
            {"highest_block",
             memory.highest ? json(memory.highest->index) : json()}});
    return 0;
  }
  say(fmt::format("Client    {}", id));
  say(fmt::format("Node      {}", node_id));
  say(fmt::format("Messages  {} sealed, {} with a receipt",
                  grouped(memory.sequence), grouped(folder.receipt_count())));
  say(fmt::format(
      "Waiting   {}",
      memory.unconfirmed.empty()
          ? std::string("no message")
          : fmt::format("message {} has no receipt yet", memory.sequence)));
  say(memory.highest
          ? fmt::format("Highest   block {} {}", grouped(memory.highest->index),
                        crypto::to_text(memory.highest->hash))
          : std::string("Highest   no block seen yet"));
  return 0;
}

using choice_pointer = std::shared_ptr<client_choice>;

command_spec add(const command_spec& client, const choice_pointer& choice,
                 const char* name, const char* help, const char* example,
                 int (*run)(const command_context&, const client_choice&)) {
  const auto command =
      client.add(name, help, example,
                 "\nThe client's folder: --client DIR, else CHANCERY_CLIENT, "
                 "else chancery-client.");
  command.runs(run, choice);
  return command;
}

void add_init_of_client(const command_spec& client,
                        const choice_pointer& choice) {
  const auto command =
      add(client, choice, "init", "Makes a client's key and pins its node",
          "chancery node --keys >node.keys && chancery client init "
          "--node-keys node.keys",
          init);
  command
      .text("--node-keys", choice->node_keys,
            "The output of `chancery node --keys`, - for standard input")
      .value_name("FILE")
      .required();
  add_node_id(command, choice->network.node_id);
}

int sealing(const command_context& context, const client_choice& choice) {
  if (choice.again == choice.body.has_value())
    throw usage_error("give a message body as JSON, or --again");
  const auto folder = client_folder::existing(choice.folder);
  return choice.again ? seal_again(context, folder)
                      : seal(context, folder, *choice.body);
}

void add_seal(const command_spec& client, const choice_pointer& choice) {
  const auto command =
      add(client, choice, "seal",
          "Signs and encrypts a message, and prints it as a line for the node",
          "chancery client seal '{\"invoice\":7}'", sealing);
  command.text("JSON", choice->body,
               "The message's body, any JSON value; - for standard "
               "input");
  command.flag("--again", choice->again, "Print the unconfirmed message again");
}

/// `subcommand` is empty when none was given.
int run_client(const command_context& context, const client_choice& choice,
               const command_action& subcommand) {
  const bool connects = !choice.network.place.empty();
  if (connects && subcommand)
    throw usage_error("--connect takes no subcommand");
  if (connects)
    return run_connected_client(context, choice.network, choice.folder);
  release_signals();
  if (!subcommand)
    throw usage_error("give --connect HOST:PORT or a subcommand");
  return subcommand(context);
}

} // namespace

void add_client(const command_spec& app) {
  const auto choice = std::make_shared<client_choice>();
  const auto client = app.add(
      "client", "Sends messages to a ledger's node and keeps the receipts",
      "{ chancery client register; chancery client seal "
      "'{\"invoice\":7}'; } |\n"
      "    chancery node --stdin | chancery client accept");
  client
      .text("--client", choice->folder,
            "The client's folder (default: chancery-client here)")
      .environment("CHANCERY_CLIENT")
      .value_name("DIR");
  add_connect_options(client, choice->network);
  add_node_id(client, choice->network.node_id);
  client.runs_around(
      [choice](const command_context& context, const command_action& inner) {
        return run_client(context, *choice, inner);
      });
  add_init_of_client(client, choice);
  add(client, choice, "register",
      "Prints the line that registers this client with its node",
      "chancery client register",
      [](const command_context& c, const client_choice& choice) {
        return register_client(c, client_folder::existing(choice.folder));
      });
  add_seal(client, choice);
  add(client, choice, "accept",
      "Reads the node's answers, checks the receipts and keeps them",
      "chancery client accept answers.jsonl",
      [](const command_context& c, const client_choice& choice) {
        return accept(c, client_folder::existing(choice.folder),
                      choice.answers);
      })
      .text("FILE", choice->answers,
            "The answers, one per line; - or nothing for standard input");
  add(client, choice, "forget",
      "Gives up a message that the node will never accept",
      "chancery client forget",
      [](const command_context& c, const client_choice& choice) {
        return forget(c, client_folder::existing(choice.folder));
      });
  add(client, choice, "status",
      "Shows what was sent and what has no receipt yet",
      "chancery client status --json", status);
}

} // namespace chancery::apps
