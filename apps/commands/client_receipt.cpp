// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/client_receipt.hpp"

#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"

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
            {"time", crypto::to_rfc3339(r.time_ms)},
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
        grouped(r.sequence), grouped(r.index), crypto::to_rfc3339(r.time_ms),
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

} // namespace chancery::apps
