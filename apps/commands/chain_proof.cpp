// SPDX-License-Identifier: Apache-2.0
// `chancery chain proof`: proves that a message is in a block without the rest
// of the block, or checks such a proof.

#include "actors/ledger/chain.hpp"
#include "apps/answers/chain_answers.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/folders/pinned_node.hpp"
#include "apps/options/peer_options.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

/// Room for a message, a header and a path, with their member names.
constexpr std::size_t proof_size_max = 1024 * 1024;

struct proof_choice {
  std::optional<std::uint64_t> index;
  std::filesystem::path check;
  std::filesystem::path node_keys;
  std::string node_id;
};

crypto::secret_string read_text(const std::filesystem::path& path) {
  return read_file(path == "-" ? "/dev/stdin" : path, proof_size_max);
}

crypto::public_key node_of(const command_context& context,
                           const proof_choice& choice) {
  const auto pinned = pinned_node(choice.node_id);
  if (!choice.node_keys.empty())
    return read_keys_file(choice.node_keys, pinned).keys.signing;
  const auto folder = ledger_folder::existing(context);
  auto node = folder.public_keys(folder.open_to_read(context.map_size)).signing;
  require_pinned(node.id(), pinned);
  return node;
}

int prove(const command_context& context, const proof_choice& choice) {
  const auto index = choice.index.value();
  const auto folder = ledger_folder::existing(context);
  const auto store = folder.open_to_read(context.map_size);
  const auto node = folder.public_keys(store).signing;
  require_pinned(node.id(), pinned_node(choice.node_id));
  const auto view = store.read();
  const auto proof = actors::prove(view, index, store.info().block_size);
  if (!proof) {
    note(index < view.message_count()
             ? fmt::format(
                   "message {} is not in a block yet: its block needs {} more",
                   index,
                   store.info().block_size -
                       view.message_count() % store.info().block_size)
             : fmt::format("there is no message {}: the ledger has {}, with "
                           "indexes from 0",
                           index, grouped(view.message_count())));
    if (context.json)
      answer({{"found", false}});
    return 1;
  }
  if (const auto fault =
          actors::check_proof(*proof, node, crypto::single_signatures);
      !fault.empty())
    throw std::runtime_error(fmt::format(
        "the stored chain does not prove message {}: {}; run `chancery chain "
        "verify` for details",
        index, fault));
  if (context.json)
    answer(proof_json(*proof));
  else
    say(proof_text(*proof));
  return 0;
}

/// Why the proof does not hold; empty when it does.
std::string fault_of(const actors::inclusion_proof& proof,
                     const crypto::public_key& node,
                     std::optional<std::uint64_t> index) {
  if (index && *index != proof.index)
    return fmt::format("it proves message {}", proof.index);
  return actors::check_proof(proof, node, crypto::single_signatures);
}

int check(const command_context& context, const proof_choice& choice) {
  const auto node = node_of(context, choice);
  std::optional<actors::inclusion_proof> proof;
  std::string fault;
  try {
    proof = proof_from_json(read_text(choice.check));
    fault = fault_of(*proof, node, choice.index);
  } catch (const std::invalid_argument& e) {
    fault = e.what();
  }
  if (!fault.empty()) {
    note(fmt::format("the proof does not hold: {}", fault));
    if (context.json)
      answer({{"verified", false}, {"reason", fault}});
    return 1;
  }
  if (context.json)
    answer({{"verified", true},
            {"index", proof->index},
            {"block", proof->block.header.index},
            {"node", crypto::to_text(node.id())}});
  else
    say(fmt::format("The proof holds: message {} is in block {} of node {}.",
                    grouped(proof->index), grouped(proof->block.header.index),
                    crypto::to_text(node.id())));
  return 0;
}

int run(const command_context& context, const proof_choice& choice) {
  if (!choice.check.empty())
    return check(context, choice);
  if (!choice.index)
    throw usage_error("give a message's index, or a proof with --check");
  if (!choice.node_keys.empty())
    throw usage_error("--node-keys needs --check");
  return prove(context, choice);
}

} // namespace

void add_chain_proof(const command_spec& chain) {
  const auto choice = std::make_shared<proof_choice>();
  const auto command = chain.add(
      "proof", "Proves that a message is in a block, or checks such a proof",
      "chancery chain proof 7 --json >proof.json\n"
      "  chancery chain proof --check proof.json --node-keys node.keys");
  command.number("INDEX", choice->index, {},
                 "The message's index in the ledger");
  command
      .text("--check", choice->check, "A proof in JSON, - for standard input")
      .value_name("FILE");
  command
      .text("--node-keys", choice->node_keys,
            "With --check: the output of `chancery node --keys` "
            "(default: the keys in the data folder)")
      .value_name("FILE");
  add_node_id(command, choice->node_id);
  command.runs(run, choice);
}

} // namespace chancery::apps
