// SPDX-License-Identifier: Apache-2.0
#include "apps/client_messages.hpp"

#include "apps/answer_line.hpp"
#include "apps/console.hpp"
#include "apps/figures.hpp"
#include "apps/input_lines.hpp"
#include "apps/new_file.hpp"
#include "crypto/jws.hpp"
#include "crypto/timestamp.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

actors::client_session session_of(const client_state& state,
                                  crypto::private_key identity) {
  return {std::move(identity),
          actors::read_node_keys(state.node_keys, std::nullopt), state.memory};
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

std::string sealed(actors::client_session& session, const std::string& body) {
  try {
    return session.seal(body, now_ms());
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("the body cannot be sent: {}", e.what()));
  }
}

/// Whether the node will never take the message, however often it is sent.
bool is_final(crypto::refusal code) {
  return code != crypto::refusal::busy && code != crypto::refusal::internal &&
         code != crypto::refusal::unknown_client &&
         code != crypto::refusal::not_allowed;
}

std::string what_to_do(crypto::refusal code) {
  if (code == crypto::refusal::unknown_client)
    return "; hand in `chancery client register`, then `chancery client seal "
           "--again`";
  if (code == crypto::refusal::not_allowed)
    return "; the node's owner decides who may send";
  if (!is_final(code))
    return "; try again later with `chancery client seal --again`";
  return "; if that is what became of the message, give it up with `chancery "
         "client forget`";
}

/// Reads the node's answers for one client.
class answer_reader {
 public:
  answer_reader(const command_context& context, const client_folder& folder)
      : json_(context.json), folder_(folder),
        identity_(folder.open_identity(context.passphrase_file)) {}

  /// Whether the answer is a good one.
  bool take(std::string_view line) {
    actors::ledger_answer answered;
    try {
      answered = answer_from_line(line);
    } catch (const std::invalid_argument& e) {
      note(fmt::format("this is no answer of a node: {}", e.what()));
      return false;
    }
    if (answered.refused)
      return tell_refused(*answered.refused, answered.reason);
    if (!answered.registered.empty())
      return tell_registered(answered.registered);
    try {
      return take_receipt(answered.receipt);
    } catch (const std::runtime_error& e) {
      note(fmt::format("a receipt that cannot be taken: {}", e.what()));
      return false;
    }
  }

 private:
  bool tell_refused(crypto::refusal code, const std::string& reason) {
    if (json_)
      answer({{"refused", crypto::to_text(code)}, {"reason", reason}});
    note(fmt::format("the node refused, {}: {}{}", crypto::to_text(code),
                     one_line(reason), what_to_do(code)));
    return false;
  }

  bool tell_registered(const std::string& client) {
    if (client != crypto::to_text(identity_.id())) {
      note("the node registered another client: this is not our answer");
      return false;
    }
    if (json_)
      answer({{"registered", client}});
    else
      say("registered: the node knows this client now");
    return true;
  }

  bool take_receipt(const std::string& compact) {
    const auto lock = folder_.lock();
    auto state = folder_.load();
    if (state.memory.unconfirmed.empty() && folder_.has_receipt(compact)) {
      if (json_)
        answer_receipt(kept_receipt(compact), true);
      else
        say("receipt: the same as before");
      return true;
    }
    auto session = session_of(state, identity_);
    const auto message = state.memory.unconfirmed;
    const auto receipt = session.accept(compact);
    folder_.keep_receipt(message, compact, receipt);
    state.memory = session.memory();
    folder_.save(state);
    tell_receipt(receipt);
    return true;
  }

  /// It was checked when it was kept.
  static crypto::receipt kept_receipt(const std::string& compact) {
    return crypto::receipt_from_json(
        crypto::parse_jws(compact, crypto::receipt_type).payload);
  }

  static void answer_receipt(const crypto::receipt& r, bool again) {
    answer({{"seq", r.sequence},
            {"index", r.index},
            {"leaf", crypto::to_text(r.leaf)},
            {"time", crypto::to_rfc3339(r.time_ms)},
            {"block", r.block ? json{{"index", r.block->index},
                                     {"hash", crypto::to_text(r.block->hash)}}
                              : json()},
            {"again", again}});
  }

  void tell_receipt(const crypto::receipt& r) const {
    if (json_)
      answer_receipt(r, false);
    else
      say(fmt::format("receipt: message {} of this client is message {} of the "
                      "ledger, since {}; {}",
                      grouped(r.sequence), grouped(r.index),
                      crypto::to_rfc3339(r.time_ms),
                      r.block ? fmt::format("the last block was {}",
                                            grouped(r.block->index))
                              : std::string("there was no block yet")));
  }

  bool json_;
  const client_folder& folder_;
  crypto::private_key identity_;
};

/// Closes what it opened.
class answers_file {
 public:
  explicit answers_file(const std::filesystem::path& path)
      : fd_(path == "-" ? STDIN_FILENO
                        : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0)
      throw_file_error("read", path);
  }
  answers_file(const answers_file&) = delete;
  answers_file& operator=(const answers_file&) = delete;
  ~answers_file() {
    if (fd_ != STDIN_FILENO)
      ::close(fd_);
  }
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

} // namespace

int register_client(const command_context& context,
                    const client_folder& folder) {
  auto session =
      session_of(folder.load(), folder.open_identity(context.passphrase_file));
  write_line(context, {{"client", crypto::to_text(session.id())}},
             "registration", session.registration(now_ms()));
  return 0;
}

int seal(const command_context& context, const client_folder& folder,
         const std::string& body) {
  const std::string text(body == "-"
                             ? read_file("/dev/stdin", crypto::payload_size_max)
                             : crypto::secret_string(body));
  auto identity = folder.open_identity(context.passphrase_file);
  const auto lock = folder.lock();
  auto state = folder.load();
  if (!state.memory.unconfirmed.empty())
    throw std::runtime_error(
        fmt::format("message {} has no receipt yet: give the node's answer to "
                    "`chancery client accept`, or send it once more with "
                    "`chancery client seal --again`",
                    state.memory.sequence));
  auto session = session_of(state, std::move(identity));
  const auto line = sealed(session, text);
  state.memory = session.memory();
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
  const answers_file file(answers);
  answer_reader reader(context, folder);
  const std::atomic<bool> never{false};
  input_lines lines(file.fd(), crypto::wire_size_max, never);
  bool good = true;
  while (const auto line = lines.next()) {
    if (!reader.take(*line))
      good = false;
    finish_output(); // a person or a program may wait for each
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
    say(fmt::format("message {} is given up, and its number stays used",
                    state.memory.sequence));
  return 0;
}

} // namespace chancery::apps
