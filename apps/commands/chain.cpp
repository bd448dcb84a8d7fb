// SPDX-License-Identifier: Apache-2.0
// `chancery chain`: queries of the stored ledger. They only read, need no
// passphrase, and do not disturb a running node. For a missing block or message
// the answer is {"found":false}, with a sentence on stderr and exit code 1.

#include "actors/ledger/chain.hpp"
#include "apps/answers/chain_answers.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

storage::ledger_store open_ledger(const command_context& context) {
  return ledger_folder::existing(context).open_to_read(context.map_size);
}

int not_found(const command_context& context, const std::string& sentence,
              const json& answered = {{"found", false}}) {
  note(sentence);
  if (context.json)
    answer(answered);
  return 1;
}

int show(const command_context& context, const actors::sealed_block& block) {
  if (context.json)
    answer(block_json(block));
  else
    say(block_text(block));
  return 0;
}

std::string how_many(std::uint64_t blocks) {
  return blocks == 0 ? "no block is complete yet"
                     : fmt::format("the chain has {}, with indexes from 0",
                                   grouped(blocks));
}

int count(const command_context& context) {
  const auto store = open_ledger(context);
  const auto view = store.read();
  const auto blocks = actors::completed_blocks(view);
  if (context.json)
    answer(
        {{"blocks", blocks},
         {"messages", view.message_count()},
         {"pending", view.message_count() - blocks * store.info().block_size},
         {"block_size", store.info().block_size}});
  else
    say(std::to_string(blocks));
  return 0;
}

int head(const command_context& context) {
  const auto store = open_ledger(context);
  const auto block = actors::head_block(store.read());
  return block ? show(context, *block) : not_found(context, how_many(0));
}

int block(const command_context& context, const std::string& name) {
  const auto index = parse_number(name);
  const auto hash = index ? std::nullopt : parse_hash(name);
  if (!index && !hash)
    throw usage_error(fmt::format("\"{}\" is neither a block's index nor its "
                                  "hash (43 characters, or 64 hexadecimal "
                                  "digits)",
                                  name));
  const auto store = open_ledger(context);
  const auto view = store.read();
  const auto found =
      index ? actors::block_at(view, *index) : actors::block_of(view, *hash);
  if (found)
    return show(context, *found);
  return not_found(context, fmt::format("there is no block {}: {}", name,
                                        how_many(view.block_count())));
}

int previous(const command_context& context, const std::string& name) {
  const auto hash = parse_hash(name);
  if (!hash)
    throw usage_error(
        fmt::format("\"{}\" is not a block's hash (43 characters, "
                    "or 64 hexadecimal digits)",
                    name));
  const auto store = open_ledger(context);
  const auto view = store.read();
  if (const auto found = actors::previous_block(view, *hash))
    return show(context, *found);
  if (actors::block_of(view, *hash))
    return not_found(context, "that is the first block: no block precedes it",
                     {{"found", false}, {"first", true}});
  return not_found(context, fmt::format("there is no block {}", name));
}

int message(const command_context& context, std::uint64_t index) {
  const auto store = open_ledger(context);
  const auto view = store.read();
  const auto found = actors::message_at(view, index, store.info().block_size);
  if (!found)
    return not_found(
        context,
        fmt::format("there is no message {}: the ledger has {}, with indexes "
                    "from 0",
                    index, grouped(view.message_count())));
  if (context.json)
    say(message_json_line(*found));
  else
    say(message_text(*found));
  return 0;
}

/// Prints a JWK Set (RFC 7517 section 5), which allows members beside "keys".
int keys(const command_context& context) {
  const auto folder = ledger_folder::existing(context);
  const auto store = folder.open_to_read(context.map_size);
  auto set = json::parse(crypto::to_json(folder.public_keys(store)));
  set.erase("v");
  answer(set);
  return 0;
}

using text_command = int (*)(const command_context&, const std::string&);

void add_by_name(const command_spec& chain, const char* name, const char* help,
                 const char* example, const char* what, text_command run) {
  const auto text = std::make_shared<std::string>();
  const auto command = chain.add(name, help, example);
  command.text(what, *text, "As `chancery chain head` prints it").required();
  command.runs(run, text);
}

void add_plain(const command_spec& chain, const char* name, const char* help,
               int (*run)(const command_context&)) {
  const auto command =
      chain.add(name, help, fmt::format("chancery chain {} --json", name));
  command.runs(run);
}

void add_message(const command_spec& chain) {
  const auto index = std::make_shared<std::uint64_t>(0);
  const auto command = chain.add(
      "message", "A message with its receipt, by its index in the ledger",
      "chancery chain message 0");
  command.number("INDEX", *index, {}, "From 0, as in the message's receipt")
      .required();
  command.runs(message, index);
}

} // namespace

void add_chain(const command_spec& app) {
  const auto chain = app.add("chain", "Queries and verifies the ledger's chain",
                             "chancery chain head");
  chain.needs_subcommand();
  add_plain(chain, "count", "Prints the number of complete blocks", count);
  add_by_name(chain, "block", "A block, by its index or hash",
              "chancery chain block 0", "INDEX|HASH", block);
  add_plain(chain, "head", "The last block", head);
  add_by_name(
      chain, "previous", "The block before the one with this hash",
      "chancery chain previous 2qNzjqsg8DMVSrWRkMUKVMFh0IPGUKEPdWUaoI_4uTM",
      "HASH", previous);
  add_message(chain);
  add_chain_proof(chain);
  add_chain_verify(chain);
  add_plain(chain, "keys",
            "The node's public keys, as a JWK Set (signed: node --keys)", keys);
}

} // namespace chancery::apps
