// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node's answers to questions about the chain, as its messages carry them:
// chain.hpp's answers, read from a snapshot of now, and turned back into them
// by whoever asked. Any thread.

#include "actors/ledger/chain.hpp"
#include "actors/ledger/ledger_messages.hpp"
#include "storage/ledger_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::actors {

std::uint64_t ask_count(const storage::ledger_store& store);
block_answer ask_block(const storage::ledger_store& store, std::uint64_t index);
/// A hash that has not 32 bytes is no block's.
block_answer ask_block(const storage::ledger_store& store,
                       std::string_view hash);
block_answer ask_head(const storage::ledger_store& store);
block_answer ask_previous(const storage::ledger_store& store,
                          std::string_view hash);
message_answer ask_message(const storage::ledger_store& store,
                           std::uint64_t index);
proof_answer ask_proof(const storage::ledger_store& store, std::uint64_t index);

/// The block of an answer; nothing when there is none. Throws
/// std::invalid_argument when it does not have a block's bytes.
std::optional<sealed_block> block_from(const block_answer& answer);
/// Likewise the proof for the message at `index`; it is not checked yet.
std::optional<inclusion_proof> proof_from(const proof_answer& answer,
                                          std::uint64_t index);

} // namespace chancery::actors
