// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/message_check.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/merkle.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/ledger/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <tuple>

namespace chancery::actors {

namespace {

// Capacity of a thread's cache of client keys, which bounds its memory; a full
// cache is cleared before the next chunk.
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
      node_text_(crypto::to_text(node.id())), signatures_(verifying),
      done_(done) {}

void message_checker::operator()(std::uint64_t first, std::uint64_t last) {
  view_.renew();
  if (clients_.size() >= clients_kept_max)
    clients_.clear();
  signatures_.clear();
  chunk_.assign(last - first, {});
  for (std::size_t i = 0; i < chunk_.size(); ++i) {
    read_message(first + i, chunk_[i]);
    read_receipt(first + i, chunk_[i]);
  }
  signatures_.verify();
  find_sequences(first);
  hash_leaves();
  for (std::size_t i = 0; i < chunk_.size(); ++i)
    out_[first + i - begin_] = check(first + i, chunk_[i]);
  done_ += last - first;
}

void message_checker::read_message(std::uint64_t index, entry& e) {
  e.message = view_.message(index);
  if (!e.message) {
    e.message_fault = "it is missing";
    return;
  }
  crypto::jws parts;
  crypto::message content;
  try {
    parts =
        crypto::parse_signed(crypto::text_of(*e.message), crypto::message_type);
    content = crypto::message_from_json(parts.payload);
  } catch (const crypto::refused& r) {
    e.message_fault = r.what();
    return;
  }
  e.sent = {content.client, content.sequence};
  if (content.node != node_.id())
    e.message_fault = "it is for another node";
  else if (parts.kid != crypto::to_text(content.client))
    e.message_fault = "its kid does not match the client that it names";
  else if (const auto& key = client(content.client); !key)
    e.message_fault =
        fmt::format("the ledger has no key of its client {}", parts.kid);
  else
    e.message_place = signatures_.add(*e.message, parts, *key);
}

void message_checker::read_receipt(std::uint64_t index, entry& e) {
  const auto stored = view_.receipt(index);
  if (!stored) {
    e.receipt_fault = "it has no receipt";
    return;
  }
  crypto::jws parts;
  try {
    parts =
        crypto::parse_signed(crypto::text_of(*stored), crypto::receipt_type);
    e.receipt = crypto::receipt_from_json(parts.payload);
  } catch (const crypto::refused& r) {
    e.receipt_fault = fmt::format("its receipt cannot be parsed: {}", r.what());
    return;
  }
  if (e.receipt->node != node_.id() || parts.kid != node_text_)
    e.receipt_fault = "its receipt comes from another node";
  else
    e.receipt_place = signatures_.add(*stored, parts, node_);
}

// In the order of the table, so that rows of one page are found together.
void message_checker::find_sequences(std::uint64_t first) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < chunk_.size(); ++i)
    if (chunk_[i].sent)
      order.push_back(i);
  std::ranges::sort(order, std::less(), [this](std::size_t i) {
    const auto& sent = *chunk_[i].sent;
    return std::tie(sent.client, sent.sequence);
  });
  for (const auto i : order)
    chunk_[i].sequence_fault = sequence_fault(*chunk_[i].sent, first + i);
}

void message_checker::hash_leaves() {
  std::vector<std::span<const std::byte>> rows;
  rows.reserve(chunk_.size());
  for (const auto& e : chunk_)
    if (e.message)
      rows.push_back(*e.message);
  std::vector<crypto::merkle_hash> leaves(rows.size());
  crypto::merkle_leaves(rows, leaves);
  auto leaf = leaves.begin();
  for (auto& e : chunk_)
    if (e.message)
      e.leaf = *leaf++;
}

message_facts message_checker::check(std::uint64_t index, const entry& e) {
  using enum chain_promise;
  message_facts facts;
  const auto look = [&](chain_promise rule, const std::string& fault) {
    findings_.checked(rule);
    if (!fault.empty())
      findings_.broken(rule, index, in_message(index, fault));
    return fault.empty();
  };
  look(messages_signed, message_fault(e));
  // A message that cannot be read, reported above, has no sequence.
  if (e.sent && look(sequences_grow, e.sequence_fault)) {
    facts.client = e.sent->client;
    facts.sequence = e.sent->sequence;
  }
  if (look(receipts_signed, receipt_fault(index, e)))
    facts.time_ms = e.receipt->time_ms;
  return facts;
}

std::string message_checker::message_fault(const entry& e) const {
  if (!e.message_fault.empty())
    return e.message_fault;
  if (!signatures_.right(e.message_place))
    return "its signature does not verify";
  return {};
}

std::string message_checker::sequence_fault(const sender& sent,
                                            std::uint64_t index) const {
  std::optional<std::uint64_t> found;
  try {
    found = view_.message_of(sent.client, sent.sequence);
  } catch (const storage::wrong_row& e) {
    return e.what();
  }
  if (found == index)
    return {};
  return fmt::format("the sequence table has its number {} {}", sent.sequence,
                     found ? fmt::format("for message {}", *found) : "nowhere");
}

std::string message_checker::receipt_fault(std::uint64_t index,
                                           const entry& e) {
  if (!e.receipt_fault.empty())
    return e.receipt_fault;
  if (!signatures_.right(e.receipt_place))
    return "its receipt's signature does not verify";
  const auto& r = *e.receipt;
  if (r.index != index)
    return fmt::format("its receipt is for message {}", r.index);
  if (e.message && r.leaf != e.leaf)
    return "its receipt has another hash";
  if (e.sent && (r.client != e.sent->client || r.sequence != e.sent->sequence))
    return "its receipt names another client or sequence";
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
