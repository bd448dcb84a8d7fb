// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/client_session.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/random.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/jose/jwe.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/merkle.hpp"
#include "crypto/ledger/message.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace chancery::actors {

namespace {

[[noreturn]] void wrong(const std::string& what) {
  throw std::runtime_error(what);
}

// A block that the client has seen must keep its index and its hash.
void require_forward(const std::optional<crypto::block_ref>& highest,
                     const std::optional<crypto::block_ref>& now) {
  if (!highest)
    return;
  if (!now || now->index < highest->index)
    wrong(fmt::format("the node's chain went backward: it had sealed block {} "
                      "before",
                      highest->index));
  if (now->index == highest->index && now->hash != highest->hash)
    wrong(fmt::format("the node shows another block {} than before",
                      highest->index));
}

} // namespace

crypto::node_keys read_node_keys(std::string_view compact,
                                 const std::optional<crypto::key_id>& pinned,
                                 crypto::provider verifying) {
  try {
    const auto parts = crypto::parse_signed(compact, crypto::keys_type);
    auto keys = crypto::node_keys_from_json(parts.payload);
    const auto& id = keys.signing.id();
    if (parts.kid != crypto::to_text(id))
      wrong("the node's keys are not signed by the node that they name");
    if (pinned && *pinned != id)
      wrong(fmt::format("these are the keys of node {}, not of {}",
                        crypto::to_text(id), crypto::to_text(*pinned)));
    const auto verifier = crypto::make_verifier(verifying, crypto::curve::p256);
    if (!crypto::verify_jws(*verifier, parts, keys.signing))
      wrong("the signature of the node's keys does not verify");
    return keys;
  } catch (const crypto::refused& r) {
    wrong(fmt::format("not a node's keys: {}", r.what()));
  }
}

client_session::client_session(crypto::private_key identity,
                               crypto::node_keys node,
                               crypto::provider provider, client_memory memory)
    : identity_(std::move(identity)), node_(std::move(node)),
      memory_(std::move(memory)),
      signer_(crypto::make_batch_signer(provider, crypto::curve::p256,
                                        crypto::system_random())),
      verifier_(crypto::make_verifier(provider, crypto::curve::p256)) {
  if (identity_.curve() != crypto::curve::p256)
    throw std::invalid_argument("a client's key must be on P-256");
}

std::string client_session::registration(std::uint64_t now_ms) {
  const auto payload =
      crypto::to_json(crypto::registration{.client = id(),
                                           .node = node_.signing.id(),
                                           .time = crypto::to_rfc3339(now_ms)});
  return crypto::sign_jws(*signer_, identity_, crypto::registration_type,
                          payload, true);
}

std::string client_session::draft(std::string_view body,
                                  std::uint64_t now_ms) const {
  if (!memory_.unconfirmed.empty())
    throw std::logic_error("a message is still unconfirmed");
  const auto payload =
      crypto::to_json(crypto::message{.client = id(),
                                      .sequence = memory_.sequence + 1,
                                      .time = crypto::to_rfc3339(now_ms),
                                      .node = node_.signing.id(),
                                      .body = std::string(body)});
  return crypto::jws_signing_input(crypto::message_type, id(), payload);
}

void client_session::await_receipt(std::string compact) {
  memory_.unconfirmed = std::move(compact);
  ++memory_.sequence;
}

std::string client_session::seal(std::string_view body, std::uint64_t now_ms) {
  await_receipt(
      crypto::sign_jws_input(*signer_, identity_, draft(body, now_ms)));
  return seal_again();
}

std::string client_session::seal_again() {
  if (memory_.unconfirmed.empty())
    throw std::logic_error("no message is unconfirmed");
  return crypto::seal_jwe(memory_.unconfirmed, node_.encryption,
                          crypto::message_type);
}

read_receipt client_session::read(std::string_view compact) const {
  if (memory_.unconfirmed.empty())
    wrong("a receipt arrived, but no message waits for one");
  try {
    auto parts = crypto::parse_signed(compact, crypto::receipt_type);
    auto content = crypto::receipt_from_json(parts.payload);
    return {std::move(parts), content};
  } catch (const crypto::refused& r) {
    wrong(fmt::format("not a receipt: {}", r.what()));
  }
}

crypto::receipt client_session::accept(const read_receipt& read,
                                       bool verified) {
  const auto& receipt = read.content;
  if (!verified || read.parts.kid != crypto::to_text(node_.signing.id()) ||
      receipt.node != node_.signing.id())
    wrong("the receipt is not signed by this client's node");
  if (receipt.client != id() || receipt.sequence != memory_.sequence ||
      receipt.leaf !=
          crypto::merkle_leaf(crypto::bytes_of(memory_.unconfirmed)))
    wrong("the receipt is for another message");
  require_forward(memory_.highest, receipt.block);
  memory_.highest = receipt.block;
  memory_.unconfirmed.clear();
  return receipt;
}

crypto::receipt client_session::accept(std::string_view compact) {
  const auto receipt = read(compact);
  return accept(receipt,
                crypto::verify_jws(*verifier_, receipt.parts, node_.signing));
}

void client_session::forget() { memory_.unconfirmed.clear(); }

} // namespace chancery::actors
