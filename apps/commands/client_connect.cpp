// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/client_connect.hpp"

#include "actors/ledger/client_session.hpp"
#include "actors/systems/remote_ledger.hpp"
#include "apps/answers/load_answers.hpp"
#include "apps/commands/client_messages.hpp"
#include "apps/folders/cluster_folder.hpp"
#include "apps/folders/pinned_node.hpp"
#include "apps/options/endpoint.hpp"
#include "apps/options/load_options.hpp"
#include "apps/options/peer_options.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <utility>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;
using milliseconds = std::chrono::milliseconds;

/// Time for the last answers: after a signal, and of a node that gives none.
constexpr auto answer_patience = milliseconds(10'000);

milliseconds wait_of(const connect_choice& choice) {
  return milliseconds(std::llround(choice.wait_s * 1'000));
}

actors::client_load load_of(const connect_choice& choice) {
  actors::client_load load;
  load.clients = choice.clients;
  load.rate = choice.rate;
  load.duration = choice.duration;
  // While the node is away, each client seals its message again after every
  // pause: this pause limits all clients together to 2,000 a second.
  load.busy_pause = std::max(milliseconds(50), milliseconds(load.clients / 2));
  load.patience = answer_patience;
  message_count(load.clients, load.rate, load.duration); // checks the range
  return load;
}

actors::remote_ledger_options
options_for(const connect_choice& choice, const endpoint& place,
            const std::optional<crypto::key_id>& node) {
  if (choice.cluster.empty())
    throw usage_error("--connect needs this host's certificate: --cluster DIR, "
                      "as `chancery cluster issue` makes it");
  actors::remote_ledger_options options;
  options.credentials =
      cluster_folder(choice.cluster).load(crypto::host_role::client);
  options.host = place.host;
  options.port = place.port;
  options.node = node;
  options.software = "chancery " CHANCERY_VERSION;
  options.tell = [text = to_text(place)](bool connected,
                                         const std::string& why) {
    note(connected ? fmt::format("connected to {}", text)
                   : fmt::format("not connected to {}: {}; trying again", text,
                                 one_line(why)));
  };
  return options;
}

bool good(const actors::client_load_result& r) {
  return r.failures == 0 && r.refused == 0 && r.accepted == r.sent &&
         !r.stopped && !r.given_up;
}

int run_load(const command_context& context, const connect_choice& choice,
             const endpoint& place) {
  const auto load = load_of(choice);
  const auto pinned = pinned_node(choice.node_id);
  const signal_watch signals;
  auto options = options_for(choice, place, pinned);
  options.threads = hardware_threads();
  actors::remote_ledger ledger(options);
  if (!ledger.wait(wait_of(choice), signals.stop()))
    throw std::runtime_error("stopped before anything was sent");
  const auto keys = actors::read_node_keys(ledger.node_keys(), pinned,
                                           crypto::single_signatures);
  actors::ledger_progress progress;
  actors::client_load_result result;
  {
    const progress_line line("accepting", [&] {
      return progress_sample{
          .done = progress.accepted,
          .total =
              static_cast<std::uint64_t>(static_cast<double>(load.clients) *
                                         std::round(load.rate * load.duration)),
          .more = fmt::format("{} refused", grouped(progress.refused))};
    });
    result = ledger.run_clients(load, keys, signals.stop(), progress);
  }
  const auto& node = keys.signing.id();
  if (context.json)
    answer(load_json(node, result));
  else
    say(load_text(load.clients, node, result));
  if (const auto why = ledger.failure(); !why.empty())
    note(fmt::format("the node refused this host: {}", one_line(why)));
  else if (result.failures > 0)
    note(fmt::format("{} clients failed, the first with: {}",
                     grouped(result.failures), one_line(result.failure)));
  if (result.given_up)
    note(fmt::format("no answer came for {} s after the last message was due: "
                     "{} messages have no receipt, and {} were not sent",
                     answer_patience.count() / 1'000,
                     grouped(result.unconfirmed()), grouped(result.unsent)));
  if (result.stopped)
    note(fmt::format("stopped; {} messages have no receipt",
                     grouped(result.unconfirmed())));
  return good(result) ? 0 : 1;
}

constexpr auto busy_pause = milliseconds(100);
constexpr auto stop_looked_at = milliseconds(50);

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

/// The node of the client in this folder, or `pinned` when there is no client.
/// Throws std::runtime_error when the two differ.
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

/// Sends one message of a client with a folder over a connection to its node
/// and stores the receipt in the folder. A message that an earlier run left
/// without a receipt is sent first, as its answer may have been lost. Main
/// thread.
class connected_message {
 public:
  struct limits {
    std::chrono::milliseconds wait; ///< for each answer
    const std::atomic<bool>* stop;
  };

  /// Creates a missing folder and pins the node in it. The references must
  /// outlive this object.
  connected_message(const command_context& context,
                    actors::remote_ledger& ledger,
                    const std::filesystem::path& root,
                    const std::optional<crypto::key_id>& pinned, limits limits);

  /// Throws std::runtime_error when the node refuses the message or no answer
  /// comes; the message then stays in the folder and is sent first next time.
  kept_receipt send(const std::string& given);

 private:
  client_folder made_folder(const std::filesystem::path& root,
                            const std::optional<crypto::key_id>& pinned);
  void enroll();
  void send_left_over();
  kept_receipt deliver(const std::string& line);
  actors::ledger_answer answer_to(const std::string& line);

  const command_context& context_;
  actors::remote_ledger& ledger_;
  limits limits_;
  bool known_; ///< the folder existed, so the node may know the client
  client_folder folder_;
  crypto::private_key identity_;
};

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

int send_message(const command_context& context, const connect_choice& choice,
                 const endpoint& place, const std::filesystem::path& root) {
  const auto node = node_of_client(root, pinned_node(choice.node_id));
  const signal_watch signals;
  actors::remote_ledger ledger(options_for(choice, place, node));
  if (!ledger.wait(wait_of(choice), signals.stop()))
    throw std::runtime_error("stopped before anything was sent");
  connected_message sending(context, ledger, root, node,
                            {wait_of(choice), &signals.stop()});
  tell_receipt(context, sending.send(*choice.body));
  return 0;
}

} // namespace

void add_connect_options(const command_spec& client, connect_choice& choice) {
  client
      .text("--connect", choice.place,
            "Send over the network to the node that listens there")
      .value_name("HOST:PORT");
  add_cluster_option(client, choice.cluster);
  const auto body =
      client
          .text("--message", choice.body,
                "Send this body, any JSON value, as the client of the "
                "folder, which is created if it is missing; - for "
                "standard input")
          .value_name("JSON");
  client
      .decimal("--wait", choice.wait_s, {0.1, 100'000},
               "Seconds to wait for the connection and for each answer to "
               "--message")
      .default_text("30");
  client
      .number("--clients", choice.clients, {1, actors::ledger_clients_max},
              "Number of clients in memory")
      .default_text("10")
      .excludes(body);
  client
      .decimal("--rate", choice.rate, {0.001, 10'000},
               "Messages per second from each client")
      .default_text("1")
      .excludes(body);
  client
      .decimal("--duration", choice.duration, {0.001, 1'000'000},
               "Seconds to send for; then it waits until 10 s pass without an "
               "answer")
      .default_text("60")
      .excludes(body);
}

int run_connected_client(const command_context& context,
                         const connect_choice& choice,
                         const std::filesystem::path& folder) {
  require_plausible_clock();
  const auto place = parse_connect_endpoint("--connect", choice.place);
  return choice.body ? send_message(context, choice, place, folder)
                     : run_load(context, choice, place);
}

} // namespace chancery::apps
