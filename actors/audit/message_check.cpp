// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/message_check.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/ledger/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace chancery::actors {

namespace {

// Capacity of a thread's cache of client keys, which bounds its memory; a full
// cache is cleared.
constexpr std::size_t clients_kept_max = 1'024;

constexpr std::size_t point_size = 64;

std::string in_message(std::uint64_t index, const std::string& fault) {
  return fmt::format("message {}: {}", index, fault);
}

} // namespace

message_checker::message_checker(const storage::ledger_store& store,
                                 const chain_extent& extent,
                                 const crypto::public_key& node,
                                 crypto::provider verifying,
                                 std::atomic<std::uint64_t>& done)
    : view_(store.read()), extent_(extent), node_(node),
      node_text_(crypto::to_text(node.id())),
      verifier_(crypto::make_verifier(verifying, crypto::curve::p256)),
      done_(done) {}

void message_checker::operator()(std::uint64_t first, std::uint64_t last) {
  view_.renew();
  for (auto index = first; index < last; ++index)
    out_[index - begin_] = check(index);
  done_ += last - first;
}

message_facts message_checker::check(std::uint64_t index) {
  using enum chain_promise;
  message_facts facts;
  const auto message = view_.message(index);
  std::optional<crypto::message> content;
  std::optional<crypto::receipt> receipt;
  const auto look = [&](chain_promise rule, const std::string& fault) {
    findings_.checked(rule);
    if (!fault.empty())
      findings_.broken(rule, index, in_message(index, fault));
    return fault.empty();
  };
  look(messages_signed, message_fault(message, content));
  // A message that cannot be read, reported above, has no sequence.
  if (content && look(sequences_grow, sequence_fault(*content, index))) {
    facts.client = content->client;
    facts.sequence = content->sequence;
  }
  if (look(receipts_signed, receipt_fault(index, message, content, receipt)))
    facts.time_ms = receipt->time_ms;
  return facts;
}

std::string
message_checker::message_fault(const row& message,
                               std::optional<crypto::message>& content) {
  if (!message)
    return "it is missing";
  crypto::jws parts;
  try {
    parts =
        crypto::parse_signed(crypto::text_of(*message), crypto::message_type);
    content = crypto::message_from_json(parts.payload);
  } catch (const crypto::refused& e) {
    return e.what();
  }
  if (content->node != node_.id())
    return "it is for another node";
  if (parts.kid != crypto::to_text(content->client))
    return "its kid does not match the client that it names";
  const auto& key = client(content->client);
  if (!key)
    return fmt::format("the ledger has no key of its client {}", parts.kid);
  if (!crypto::verify_jws(*verifier_, parts, *key))
    return "its signature does not verify";
  return {};
}

std::string message_checker::sequence_fault(const crypto::message& content,
                                            std::uint64_t index) const {
  std::optional<std::uint64_t> found;
  try {
    found = view_.message_of(content.client, content.sequence);
  } catch (const storage::wrong_row& e) {
    return e.what();
  }
  if (found == index)
    return {};
  return fmt::format("the sequence table has its number {} {}",
                     content.sequence,
                     found ? fmt::format("for message {}", *found) : "nowhere");
}

std::string
message_checker::receipt_fault(std::uint64_t index, const row& message,
                               const std::optional<crypto::message>& content,
                               std::optional<crypto::receipt>& receipt) {
  const auto stored = view_.receipt(index);
  if (!stored)
    return "it has no receipt";
  crypto::jws parts;
  crypto::receipt r;
  try {
    parts =
        crypto::parse_signed(crypto::text_of(*stored), crypto::receipt_type);
    r = crypto::receipt_from_json(parts.payload);
  } catch (const crypto::refused& e) {
    return fmt::format("its receipt cannot be parsed: {}", e.what());
  }
  if (r.node != node_.id() || parts.kid != node_text_)
    return "its receipt comes from another node";
  if (!crypto::verify_jws(*verifier_, parts, node_))
    return "its receipt's signature does not verify";
  if (r.index != index)
    return fmt::format("its receipt is for message {}", r.index);
  if (message && r.leaf != crypto::merkle_leaf(*message))
    return "its receipt has another hash";
  if (content &&
      (r.client != content->client || r.sequence != content->sequence))
    return "its receipt names another client or sequence";
  receipt = r;
  return time_fault(r);
}

// The receipt must name the block before the message's own, and its time must
// lie between those of the two.
std::string message_checker::time_fault(const crypto::receipt& receipt) {
  const auto own = receipt.index / extent_.block_size;
  if (own == 0 && receipt.block)
    return "its receipt names a block, but there was none";
  if (own > 0) {
    const auto& last = block(own - 1);
    if (!last || receipt.block != crypto::block_ref{own - 1, last->hash})
      return fmt::format("its receipt does not name block {}, the last one "
                         "before it",
                         own - 1);
    if (receipt.time_ms < last->header.time_ms)
      return fmt::format("its receipt's time is before that of block {}",
                         own - 1);
  }
  const bool ends_its_block = (receipt.index + 1) % extent_.block_size == 0;
  if (!ends_its_block)
    return {};
  const auto& sealed = block(own);
  if (sealed && sealed->header.time_ms < receipt.time_ms)
    return fmt::format("its receipt's time is after that of its block {}", own);
  return {};
}

const std::optional<crypto::public_key>&
message_checker::client(const crypto::key_id& id) {
  if (const auto known = clients_.find(id); known != clients_.end())
    return known->second;
  if (clients_.size() >= clients_kept_max)
    clients_.clear();
  auto& key = clients_[id];
  const auto point = view_.client(id);
  if (!point || point->size() != point_size)
    return key;
  try {
    const crypto::public_key found(crypto::curve::p256, *point);
    if (found.id() == id)
      key = found;
  } catch (const std::invalid_argument&) {
    // Not on the curve: treated as missing.
  }
  return key;
}

const std::optional<sealed_block>& message_checker::block(std::uint64_t index) {
  if (block_index_ != index) {
    const auto row = view_.block(index);
    block_ = row ? read_block(*row) : std::nullopt;
    block_index_ = index;
  }
  return block_;
}

} // namespace chancery::actors
