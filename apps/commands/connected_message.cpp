// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/connected_message.hpp"

#include "apps/folders/pinned_node.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <thread>
#include <utility>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;

constexpr auto busy_pause = std::chrono::milliseconds(100);
constexpr auto stop_looked_at = std::chrono::milliseconds(50);

bool is_client(const fs::path& root) {
  std::error_code error;
  return fs::exists(client_folder(root).state_path(), error);
}

[[noreturn]] void throw_refused(const actors::ledger_answer& answer) {
  const auto code = *answer.refused;
  throw std::runtime_error(fmt::format(
      "the node refused, {}: {}{}", crypto::to_text(code),
      one_line(answer.reason),
      is_final(code) ? "; if this answers your last message, give it up with "
                       "`chancery client forget`"
                     : "; the message is kept and sent first next time"));
}

} // namespace

std::optional<crypto::key_id>
node_of_client(const fs::path& root,
               const std::optional<crypto::key_id>& pinned) {
  if (!is_client(root))
    return pinned;
  const auto state = client_folder::existing(root).load();
  const auto node = actors::read_node_keys(state.node_keys, std::nullopt,
                                           crypto::single_signatures)
                        .signing.id();
  if (pinned && *pinned != node)
    throw std::runtime_error(fmt::format(
        "the client in {} belongs to node {}, not {}", root.string(),
        crypto::to_text(node), crypto::to_text(*pinned)));
  return node;
}

connected_message::connected_message(
    const command_context& context, actors::remote_ledger& ledger,
    const fs::path& root, const std::optional<crypto::key_id>& pinned,
    limits limits)
    : context_(context), ledger_(ledger), limits_(limits),
      known_(is_client(root)), folder_(made_folder(root, pinned)),
      identity_(folder_.open_identity(context.passphrase_file)) {}

client_folder
connected_message::made_folder(const fs::path& root,
                               const std::optional<crypto::key_id>& pinned) {
  if (is_client(root))
    return client_folder::existing(root);
  auto compact = ledger_.node_keys();
  auto keys =
      actors::read_node_keys(compact, pinned, crypto::single_signatures);
  const auto node = crypto::to_text(keys.signing.id());
  client_folder folder(root);
  folder.make(context_.passphrase_file, {std::move(compact), std::move(keys)});
  note(fmt::format("{}: created for client {} of node {}{}", root.string(),
                   crypto::to_text(folder.id()), node,
                   pinned ? ""
                          : "; compare that id with the one that its owner "
                            "gave you, or pass it with --node-id"));
  return folder;
}

kept_receipt connected_message::send(const std::string& given) {
  const auto body = message_body(given);
  if (!std::exchange(known_, true))
    enroll();
  send_left_over();
  std::string line;
  {
    const auto lock = folder_.lock();
    auto state = folder_.load();
    if (!state.memory.unconfirmed.empty())
      throw std::runtime_error("another process is sending as this client: try "
                               "again when it has its receipt");
    line = seal_into(state, identity_, body);
    folder_.save(state);
  }
  return deliver(line);
}

void connected_message::send_left_over() {
  const auto state = folder_.load();
  if (state.memory.unconfirmed.empty())
    return;
  const auto kept = deliver(session_of(state, identity_).seal_again());
  note(fmt::format("the earlier message {} has its receipt now: it is message "
                   "{} of the ledger",
                   grouped(kept.receipt.sequence),
                   grouped(kept.receipt.index)));
}

kept_receipt connected_message::deliver(const std::string& line) {
  auto answer = answer_to(line);
  if (answer.refused == crypto::refusal::unknown_client) {
    enroll();
    answer = answer_to(line);
  }
  if (answer.refused)
    throw_refused(answer);
  return keep_receipt(folder_, identity_, answer.receipt);
}

void connected_message::enroll() {
  auto session = session_of(folder_.load(), identity_);
  const auto answer = answer_to(session.registration(now_ms()));
  if (answer.refused)
    throw_refused(answer);
  note("registered: the node knows this client now");
}

actors::ledger_answer connected_message::answer_to(const std::string& line) {
  const auto end = std::chrono::steady_clock::now() + limits_.wait;
  for (;;) {
    auto future = ledger_.submit(line);
    while (future.wait_for(stop_looked_at) != std::future_status::ready)
      if (*limits_.stop)
        throw std::runtime_error("stopped before the answer came; the message "
                                 "is kept and sent first next time");
    auto answer = future.get();
    if (const auto why = ledger_.failure(); !why.empty())
      throw std::runtime_error(why);
    if (answer.refused != crypto::refusal::busy)
      return answer;
    if (std::chrono::steady_clock::now() >= end)
      throw_refused(answer);
    std::this_thread::sleep_for(busy_pause);
  }
}

} // namespace chancery::apps
