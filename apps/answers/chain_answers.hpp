// SPDX-License-Identifier: Apache-2.0
#pragma once

// Blocks, messages and proofs as JSON and as lines for people. Hashes, ids and
// bytes are base64url without padding; the JSON of a block and a proof holds
// everything that somebody elsewhere needs to check it. Pure functions; any
// thread may call them.

#include "actors/ledger/chain.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace chancery::apps {

/// {"index","hash","previous","root","first_message","count","time","node",
///  "header":<the 144 bytes>,"signature"}
nlohmann::ordered_json block_json(const actors::sealed_block& block);

/// {"index","jws","receipt","block":<index or null>,"message":<decoded>}.
/// Throws storage::corrupt when the stored text is no message.
nlohmann::ordered_json message_json(const actors::stored_message& message);

/// {"index","leaf","leaf_index","tree_size","path":[..],"block","jws",
///  "verified":true}, so only for a proof that was checked.
nlohmann::ordered_json proof_json(const actors::inclusion_proof& proof);

/// Several lines, without a newline at the end.
std::string block_text(const actors::sealed_block& block);
std::string message_text(const actors::stored_message& message);
std::string proof_text(const actors::inclusion_proof& proof);

/// What proof_json wrote, wherever it comes from. The block is taken from its
/// header's bytes; every other member must say the same. Nothing is verified.
/// Throws std::invalid_argument that says what is wrong.
actors::inclusion_proof proof_from_json(std::string_view text);

/// A hash as people give it: 43 characters of base64url, with "id:" before
/// them where they begin with a hyphen, or 64 hexadecimal digits.
std::optional<crypto::hash_bytes> parse_hash(std::string_view text);

} // namespace chancery::apps
