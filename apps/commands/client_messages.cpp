// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/client_messages.hpp"

#include "apps/answers/answer_line.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/input_file.hpp"
#include "apps/platform/input_lines.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

/// Parses a stored receipt without verifying it: that was done when it was
/// kept.
crypto::receipt read_kept(const std::string& compact) {
  return crypto::receipt_from_json(
      crypto::parse_signed(compact, crypto::receipt_type).payload);
}

void write_line(const command_context& context, json described,
                const char* name, const std::string& line) {
  if (!context.json) {
    say(line);
    return;
  }
  described[name] = line;
  answer(described);
}

std::string what_to_do(crypto::refusal code) {
  if (code == crypto::refusal::unknown_client)
    return "; send the output of `chancery client register`, then that of "
           "`chancery client seal --again`";
  if (code == crypto::refusal::not_allowed)
    return "; ask the node's owner to allow this client";
  if (!is_final(code))
    return "; try again later with `chancery client seal --again`";
  return "; if this answers your last message, give it up with `chancery "
         "client forget`";
}

/// Reads the node's answers for one client.
class answer_reader {
 public:
  answer_reader(const command_context& context, const client_folder& folder)
      : context_(context), folder_(folder),
        identity_(folder.open_identity(context.passphrase_file)) {}

  /// False for a refusal, and for an answer that is malformed or not ours.
  bool take(std::string_view line) {
    actors::ledger_answer answered;
    try {
      answered = answer_from_line(line);
    } catch (const std::invalid_argument& e) {
      note(fmt::format("this line is not an answer of a node: {}", e.what()));
      return false;
    }
    if (answered.refused)
      return tell_refused(*answered.refused, answered.reason);
    if (!answered.registered.empty())
      return tell_registered(answered.registered);
    try {
      tell_receipt(context_,
                   keep_receipt(folder_, identity_, answered.receipt));
      return true;
    } catch (const std::runtime_error& e) {
      note(fmt::format("cannot accept a receipt: {}", e.what()));
      return false;
    }
  }

 private:
  bool tell_refused(crypto::refusal code, const std::string& reason) {
    if (context_.json)
      answer({{"refused", crypto::to_text(code)}, {"reason", reason}});
    note(fmt::format("the node refused, {}: {}{}", crypto::to_text(code),
                     one_line(reason), what_to_do(code)));
    return false;
  }

  bool tell_registered(const std::string& client) {
    if (client != crypto::to_text(identity_.id())) {
      note("this answer registers another client");
      return false;
    }
    if (context_.json)
      answer({{"registered", client}});
    else
      say("registered: the node knows this client now");
    return true;
  }

  const command_context& context_;
  const client_folder& folder_;
  crypto::private_key identity_;
};

} // namespace

actors::client_session session_of(const client_state& state,
                                  crypto::private_key identity) {
  return {std::move(identity),
          actors::read_node_keys(state.node_keys, std::nullopt,
                                 crypto::single_signatures),
          crypto::single_signatures, state.memory};
}

kept_receipt keep_receipt(const client_folder& folder,
                          const crypto::private_key& identity,
                          const std::string& compact) {
  const auto lock = folder.lock();
  auto state = folder.load();
  if (state.memory.unconfirmed.empty() && folder.has_receipt(compact))
    return {read_kept(compact), true};
  auto session = session_of(state, identity);
  const auto message = state.memory.unconfirmed;
  auto receipt = session.accept(compact);
  folder.keep_receipt(message, compact, receipt);
  state.memory = session.memory();
  folder.save(state);
  return {std::move(receipt), false};
}

void tell_receipt(const command_context& context, const kept_receipt& kept) {
  const auto& r = kept.receipt;
  if (context.json)
    answer({{"seq", r.sequence},
            {"index", r.index},
            {"leaf", crypto::to_text(r.leaf)},
            {"time", time_text(r.time_ms)},
            {"block", r.block ? json{{"index", r.block->index},
                                     {"hash", crypto::to_text(r.block->hash)}}
                              : json()},
            {"again", kept.again}});
  else if (kept.again)
    say("receipt: already stored");
  else
    say(fmt::format(
        "receipt: message {} of this client is message {} of the "
        "ledger, since {}; {}",
        grouped(r.sequence), grouped(r.index), time_text(r.time_ms),
        r.block ? fmt::format("the last block was {}", grouped(r.block->index))
                : std::string("there was no block yet")));
}

std::string seal_into(client_state& state, crypto::private_key identity,
                      const std::string& body) {
  auto session = session_of(state, std::move(identity));
  try {
    auto line = session.seal(body, now_ms());
    state.memory = session.memory();
    return line;
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("the body cannot be sent: {}", e.what()));
  }
}

std::string message_body(const std::string& given) {
  if (given != "-")
    return given;
  const auto text = read_file("/dev/stdin", crypto::payload_size_max);
  return {text.begin(), text.end()};
}

bool is_final(crypto::refusal code) {
  return code != crypto::refusal::busy && code != crypto::refusal::internal &&
         code != crypto::refusal::unknown_client &&
         code != crypto::refusal::not_allowed;
}

int register_client(const command_context& context,
                    const client_folder& folder) {
  require_plausible_clock();
  auto session =
      session_of(folder.load(), folder.open_identity(context.passphrase_file));
  write_line(context, {{"client", crypto::to_text(session.id())}},
             "registration", session.registration(now_ms()));
  return 0;
}

int seal(const command_context& context, const client_folder& folder,
         const std::string& body) {
  require_plausible_clock();
  const auto text = message_body(body);
  auto identity = folder.open_identity(context.passphrase_file);
  const auto lock = folder.lock();
  auto state = folder.load();
  if (!state.memory.unconfirmed.empty())
    throw std::runtime_error(
        fmt::format("message {} has no receipt yet: give the node's answer to "
                    "`chancery client accept`, or send it again with "
                    "`chancery client seal --again`",
                    state.memory.sequence));
  const auto line = seal_into(state, std::move(identity), text);
  folder.save(state);
  write_line(context, {{"seq", state.memory.sequence}}, "jwe", line);
  return 0;
}

int seal_again(const command_context& context, const client_folder& folder) {
  const auto state = folder.load();
  if (state.memory.unconfirmed.empty())
    throw std::runtime_error("no message waits for a receipt");
  auto session =
      session_of(state, folder.open_identity(context.passphrase_file));
  write_line(context, {{"seq", state.memory.sequence}}, "jwe",
             session.seal_again());
  return 0;
}

int accept(const command_context& context, const client_folder& folder,
           const std::filesystem::path& answers) {
  const input_file file(answers);
  answer_reader reader(context, folder);
  const std::atomic<bool> never{false};
  input_lines lines(file.descriptor(), crypto::wire_size_max, never);
  bool good = true;
  while (const auto line = lines.next()) {
    if (!reader.take(*line))
      good = false;
    finish_output(); // a person or a program may wait for each answer
  }
  return good ? 0 : 1;
}

int forget(const command_context& context, const client_folder& folder) {
  const auto lock = folder.lock();
  auto state = folder.load();
  if (state.memory.unconfirmed.empty())
    throw std::runtime_error("no message waits for a receipt");
  state.memory.unconfirmed.clear();
  folder.save(state);
  if (context.json)
    answer({{"forgotten", state.memory.sequence}});
  else
    say(fmt::format("message {} is given up; its sequence number is not reused",
                    state.memory.sequence));
  return 0;
}

} // namespace chancery::apps
