// SPDX-License-Identifier: Apache-2.0
// `chancery client`: a client of the ledger. With --connect it sends over the
// network (client_connect.cpp). Its subcommands need none: they write lines for
// a node, and read the node's answers; how these travel is up to the user.
// Those that make and read lines are in client_messages.cpp.

#include "apps/client_connect.hpp"
#include "apps/client_folder.hpp"
#include "apps/client_messages.hpp"
#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/figures.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

struct client_choice {
  std::filesystem::path folder = "chancery-client";
  std::filesystem::path node_keys;
  connect_choice network; ///< and --node-id, of `init` too
  std::optional<std::string> body;
  bool again = false;
  std::filesystem::path answers = "-";
};

int init(const command_context& context, const client_choice& choice) {
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
  say(fmt::format("{}: made, for the client {} of the node {}",
                  folder.root().string(), id, node_id));
  if (stored)
    say(fmt::format("The key's passphrase is random and stands in {}. Whoever "
                    "reads that file and client.jwe can send as this client.",
                    folder.passphrase_path().string()));
  return 0;
}

int status(const command_context& context, const client_choice& choice) {
  const auto folder = client_folder::existing(choice.folder);
  const auto state = folder.load();
  const auto node = actors::read_node_keys(state.node_keys, std::nullopt);
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
          ? std::string("for nothing")
          : fmt::format("for the receipt of message {}", memory.sequence)));
  say(memory.highest
          ? fmt::format("Highest   block {} {}", grouped(memory.highest->index),
                        crypto::to_text(memory.highest->hash))
          : std::string("Highest   no block seen yet"));
  return 0;
}

using choice_pointer = std::shared_ptr<client_choice>;

CLI::App* add(CLI::App& client, command_context& context,
              const choice_pointer& choice, const char* name, const char* help,
              const char* example,
              int (*run)(const command_context&, const client_choice&)) {
  auto* command = client.add_subcommand(name, help);
  command->footer(help_footer(example) +
                  "\nThe client's folder: --client DIR, else CHANCERY_CLIENT, "
                  "else chancery-client.");
  command->callback([&context, choice, run] {
    context.action = [&context, choice, run] { return run(context, *choice); };
  });
  return command;
}

void add_init_of_client(CLI::App& client, command_context& context,
                        const choice_pointer& choice) {
  auto* command = add(client, context, choice, "init",
                      "Makes a client's key and pins its node",
                      "chancery node --keys >node.keys && chancery client init "
                      "--node-keys node.keys",
                      init);
  command
      ->add_option("--node-keys", choice->node_keys,
                   "What `chancery node --keys` wrote, - for standard input")
      ->type_name("FILE")
      ->required();
  add_node_id(*command, choice->network.node_id);
}

int sealing(const command_context& context, const client_choice& choice) {
  if (choice.again == choice.body.has_value())
    throw usage_error("give a message's body as JSON, or --again");
  const auto folder = client_folder::existing(choice.folder);
  return choice.again ? seal_again(context, folder)
                      : seal(context, folder, *choice.body);
}

void add_seal(CLI::App& client, command_context& context,
              const choice_pointer& choice) {
  auto* command =
      add(client, context, choice, "seal",
          "Signs and encrypts a message, and writes its line for the node",
          "chancery client seal '{\"invoice\":7}'", sealing);
  command->add_option("JSON", choice->body,
                      "The message's body, any JSON value; - for standard "
                      "input");
  command->add_flag("--again", choice->again,
                    "The message that has no receipt yet, once more");
}

/// Called behind the callback of a subcommand, if there is one.
std::function<int()> action_of(const CLI::App& client,
                               const command_context& context,
                               const choice_pointer& choice) {
  const bool connects = !choice->network.place.empty();
  if (connects == !client.get_subcommands().empty())
    return [connects]() -> int {
      throw usage_error(connects ? "--connect goes without a subcommand"
                                 : "give --connect HOST:PORT or a subcommand");
    };
  if (!connects)
    return context.action;
  return [&context, choice] {
    return run_connected_client(context, choice->network, choice->folder);
  };
}

} // namespace

void add_client(CLI::App& app, command_context& context) {
  const auto choice = std::make_shared<client_choice>();
  auto* client = app.add_subcommand(
      "client", "Sends to a ledger's node, and keeps its receipts");
  client->require_subcommand(0, 1);
  client->footer(
      help_footer("{ chancery client register; chancery client seal "
                  "'{\"invoice\":7}'; } |\n"
                  "    chancery node --stdin | chancery client accept"));
  client
      ->add_option("--client", choice->folder,
                   "The client's folder (default: chancery-client here)")
      ->envname("CHANCERY_CLIENT")
      ->type_name("DIR");
  add_connect_options(*client, choice->network);
  add_node_id(*client, choice->network.node_id);
  client->callback([client, &context, choice] {
    context.action = action_of(*client, context, choice);
  });
  add_init_of_client(*client, context, choice);
  add(*client, context, choice, "register",
      "Writes the line that registers this client with its node",
      "chancery client register",
      [](const command_context& c, const client_choice& choice) {
        return register_client(c, client_folder::existing(choice.folder));
      });
  add_seal(*client, context, choice);
  add(*client, context, choice, "accept",
      "Reads the node's answers, checks receipts and keeps them",
      "chancery client accept answers.jsonl",
      [](const command_context& c, const client_choice& choice) {
        return accept(c, client_folder::existing(choice.folder),
                      choice.answers);
      })
      ->add_option("FILE", choice->answers,
                   "The answers, a line each; - or nothing for standard input");
  add(*client, context, choice, "forget",
      "Gives up the message that the node refused for good",
      "chancery client forget",
      [](const command_context& c, const client_choice& choice) {
        return forget(c, client_folder::existing(choice.folder));
      });
  add(*client, context, choice, "status", "What was sent, and what waits",
      "chancery client status --json", status);
}

} // namespace chancery::apps
