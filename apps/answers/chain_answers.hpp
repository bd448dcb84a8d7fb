// SPDX-License-Identifier: Apache-2.0
#pragma once

// Blocks, messages and proofs as JSON and as readable text. Hashes, ids and
// bytes are base64url without padding. Besides the node's public key, the JSON
// of a block or a proof holds everything needed to verify it elsewhere. Pure
// functions; any thread may call them.

#include "actors/ledger/chain.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace chancery::apps {

/// {"index","hash","previous","root","first_message","count","time","node",
///  "header":<the 144 bytes>,"signature"}
nlohmann::ordered_json block_json(const actors::sealed_block& block);

/// {"index","jws","receipt","block":<index or null>,"message":<payload>}, as a
/// line without its newline. The payload has the characters that were signed,
/// so that numbers keep their digits; only line breaks and tabs between values
/// become spaces. Throws storage::corrupt when the stored text is malformed.
std::string message_json_line(const actors::stored_message& message);

/// {"index","leaf","leaf_index","tree_size","path":[..],"block","jws",
///  "verified":true}. Only for a proof that was verified.
nlohmann::ordered_json proof_json(const actors::inclusion_proof& proof);

/// Several lines, without a newline at the end. A message's body is shown as it
/// was signed, with escapes for what is not ASCII.
std::string block_text(const actors::sealed_block& block);
std::string message_text(const actors::stored_message& message);
std::string proof_text(const actors::inclusion_proof& proof);

/// Parses the output of proof_json from any source. Decodes the block from its
/// header's bytes, and requires that every other member agrees with them.
/// Verifies nothing. Throws std::invalid_argument that says what is wrong.
actors::inclusion_proof proof_from_json(std::string_view text);

/// Parses a hash as users write it: 43 characters of base64url or 64
/// hexadecimal digits. "id:" may precede it, so that a leading hyphen does not
/// look like an option. Nothing for any other text.
std::optional<crypto::hash_bytes> parse_hash(std::string_view text);

} // namespace chancery::apps
