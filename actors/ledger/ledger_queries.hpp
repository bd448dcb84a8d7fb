// SPDX-License-Identifier: Apache-2.0
#pragma once

// Questions about the chain as messages. ask_* makes the node's answer from
// chain.hpp's result, read from a new snapshot; *_from turns an answer back
// into chain.hpp's type, on the side that asked. Any thread.

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
/// A hash that is not 32 bytes long finds nothing.
block_answer ask_block(const storage::ledger_store& store,
                       std::string_view hash);
block_answer ask_head(const storage::ledger_store& store);
block_answer ask_previous(const storage::ledger_store& store,
                          std::string_view hash);
message_answer ask_message(const storage::ledger_store& store,
                           std::uint64_t index);
proof_answer ask_proof(const storage::ledger_store& store, std::uint64_t index);

/// The answer's block; nullopt when none was found. Throws
/// std::invalid_argument for a malformed block.
std::optional<sealed_block> block_from(const block_answer& answer);
/// Likewise the proof for the message at `index`, which is not checked yet.
std::optional<inclusion_proof> proof_from(const proof_answer& answer,
                                          std::uint64_t index);

} // namespace chancery::actors
