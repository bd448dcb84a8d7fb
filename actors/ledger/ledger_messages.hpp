// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every message and typed interface of the ledger's actors. What clients see
// (ledger_welcome, acknowledgement and the answers to queries) crosses hosts
// and holds only text and numbers; messages between node, validators and writer
// stay in one process.
//
// The answer to a refused message is an error with a code of crypto::refusal
// and one sentence; every other error is the node's own fault.

#include "actors/base/messages.hpp"
#include "actors/ledger/session_batch.hpp"
#include "actors/transport/greeting.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/ledger/refusal.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace chancery::actors {

struct ledger_welcome;
struct acknowledgement;
struct block_answer;
struct message_answer;
struct proof_answer;
struct validation_work;
struct validation_result;
struct append_request;
struct append_result;
struct client_report;

} // namespace chancery::actors

CAF_BEGIN_TYPE_ID_BLOCK(chancery_ledger, first_custom_type_id + 256)
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::ledger_welcome))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::acknowledgement))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::block_answer))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::message_answer))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::proof_answer))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::validation_work))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::validation_result))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::append_request))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::append_result))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::client_report))
CAF_ADD_ATOM(chancery_ledger, chancery::actors, submit_atom, "submit")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, count_atom, "count")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, block_atom, "block")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, head_atom, "head")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, previous_atom, "previous")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, message_atom, "message")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, proof_atom, "proof")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, keys_atom, "keys")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, validate_atom, "validate")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, append_atom, "append")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, run_atom, "run")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, tick_atom, "tick")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, again_atom, "again")
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::body_to_seal))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::actors::receipt_to_accept))
CAF_ADD_TYPE_ID(chancery_ledger, (chancery::crypto::receipt))
CAF_ADD_ATOM(chancery_ledger, chancery::actors, seal_atom, "seal")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, accept_atom, "accept")
CAF_ADD_ATOM(chancery_ledger, chancery::actors, batch_atom, "batch")
CAF_END_TYPE_ID_BLOCK(chancery_ledger)

static_assert(caf::id_block::chancery_ledger::end <=
              caf::first_custom_type_id + 320);

// Messages between node, validators, writer and clients of one process are
// never serialized.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::validation_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::validation_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::append_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::append_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::client_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::body_to_seal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::receipt_to_accept)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::crypto::receipt)

namespace chancery::actors {

/// A node's answer to the hello of a client's host.
struct ledger_welcome {
  std::uint32_t protocol = protocol_version;
  std::string software; ///< for people
  std::string instance; ///< 16 random bytes, new at each start
  std::string node;     ///< 32 bytes: the node's id
};

/// The message or registration is on disk. One of the two texts is set.
struct acknowledgement {
  std::string receipt;    ///< of a message: compact JWS
  std::string registered; ///< of a registration: the client's id
};

/// A block's header (crypto/ledger/block.hpp) and signature, if it was found.
struct block_answer {
  bool found = false;
  std::string header;
  std::string signature;
};

struct message_answer {
  bool found = false;
  std::string compact; ///< the JWS as its client signed it
  std::string receipt;
  bool sealed = false; ///< in a block
  std::uint64_t block = 0;
};

/// actors/ledger/chain.hpp's inclusion_proof; `path` has 32 bytes per hash.
struct proof_answer {
  bool found = false; ///< false also while no block holds the message
  std::string compact;
  std::uint64_t leaf_index = 0;
  std::string path;
  block_answer block;
};

/// A message or registration with its number in the order of arrival.
struct arrival {
  std::uint64_t number = 0;
  std::string text; ///< JWE, or a registration JWS
  std::string key;  ///< the sender's point, in a second validation; else empty
};

struct validation_work {
  std::vector<arrival> items;
};

/// A message that is valid in everything that does not depend on the order of
/// arrival.
struct valid_message {
  crypto::key_id client{};
  std::uint64_t sequence = 0;
  std::string compact; ///< the JWS as its client signed it
};

/// A registration that is valid in the same sense.
struct valid_registration {
  crypto::key_id client{};
  std::string point; ///< of the client's key, 64 bytes
};

struct refused_arrival {
  crypto::refusal code = crypto::refusal::internal;
  std::string why;
  /// For unknown_client only: the sender and its JWE, as the sender's
  /// registration may have arrived earlier and be pending.
  crypto::key_id client{};
  std::string jwe{};
};

/// A validator's result for the arrival with this number.
struct verdict {
  std::uint64_t number = 0;
  std::variant<valid_message, valid_registration, refused_arrival> found;
};

struct validation_result {
  std::vector<verdict> items;
};

using append_item = std::variant<valid_message, valid_registration>;

/// Accepted messages and registrations, in the order of arrival.
struct append_request {
  std::vector<append_item> items;
  bool more = false; ///< whether later arrivals are not judged yet
};

/// The receipts, in the request's order, once all of it is on disk; empty texts
/// for registrations.
struct append_result {
  std::vector<std::string> receipts;
};

/// The result of a client's run.
struct client_report {
  std::uint64_t sent = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t again = 0;
  std::vector<std::uint64_t> latencies_us; ///< of accepted messages
  std::vector<std::uint64_t> indexes;      ///< in the ledger, of the same
  std::string leaves;                      ///< 32 bytes each, of the same
  std::string failure; ///< a wrong receipt or the node's fault; else empty
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ledger_welcome& x) {
  return f(caf::meta::type_name("ledger_welcome1"), x.protocol, x.software,
           x.instance, x.node);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, acknowledgement& x) {
  return f(caf::meta::type_name("acknowledgement1"), x.receipt, x.registered);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, block_answer& x) {
  return f(caf::meta::type_name("block_answer1"), x.found, x.header,
           x.signature);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, message_answer& x) {
  return f(caf::meta::type_name("message_answer1"), x.found, x.compact,
           x.receipt, x.sealed, x.block);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, proof_answer& x) {
  return f(caf::meta::type_name("proof_answer1"), x.found, x.compact,
           x.leaf_index, x.path, x.block);
}

using node_actor = caf::typed_actor<
    // Takes a message (JWE) or a registration (JWS), and answers once it is on
    // disk. A resent message gets its first receipt. Errors: the codes of
    // crypto::refusal; closing when the node ends; commit_failed or internal
    // from the node's first failure on.
    caf::replies_to<submit_atom, std::string>::with<acknowledgement>,
    // The number of completed blocks.
    caf::replies_to<count_atom>::with<std::uint64_t>,
    // The block with this index, or with this hash (32 bytes).
    caf::replies_to<block_atom, std::uint64_t>::with<block_answer>,
    caf::replies_to<block_atom, std::string>::with<block_answer>,
    // The last completed block.
    caf::replies_to<head_atom>::with<block_answer>,
    // The block before the one with this hash (32 bytes).
    caf::replies_to<previous_atom, std::string>::with<block_answer>,
    // The message with this index, and the proof that it is in its block.
    caf::replies_to<message_atom, std::uint64_t>::with<message_answer>,
    caf::replies_to<proof_atom, std::uint64_t>::with<proof_answer>,
    // The node's keys, as a JWS that the node's identity signed.
    caf::replies_to<keys_atom>::with<std::string>>;

/// One connection of a client's host, at the node.
using ledger_gateway_actor = node_actor::extend<
    // Once, and first. Errors: refused, with a sentence for the operator.
    // Every request before a valid hello gets `refused`, too.
    caf::replies_to<hello_atom, hello>::with<ledger_welcome>>;

/// Represents the node on a client's host, across a connection.
using node_link_actor = node_actor::extend<
    // To itself: connect.
    caf::reacts_to<dial_atom>>;

using validator_actor = caf::typed_actor<
    // Judges each item independently; one answer for all of them.
    caf::replies_to<validate_atom, validation_work>::with<validation_result>>;

using ledger_writer_actor = caf::typed_actor<
    // Answers after the commit that holds the whole request. Errors:
    // commit_failed, from the first failed commit on.
    caf::replies_to<append_atom, append_request>::with<append_result>,
    // To itself: the next group commit is due.
    caf::reacts_to<commit_atom>>;

using client_sealer_actor = caf::typed_actor<
    // Signs and encrypts the body as the session's next message. Nobody may use
    // the session before the answer. Error: internal, with a sentence.
    caf::replies_to<seal_atom, body_to_seal>::with<std::string>,
    // Checks the receipt of the session's message. The same.
    caf::replies_to<accept_atom, receipt_to_accept>::with<crypto::receipt>,
    // To itself: do what has come.
    caf::reacts_to<batch_atom>>;

using client_actor = caf::typed_actor<
    // Registers, sends its messages, and answers when the last one is
    // confirmed, or after drain.
    caf::replies_to<run_atom>::with<client_report>,
    // To itself: the next message is due; resend the unconfirmed one.
    caf::reacts_to<tick_atom>, caf::reacts_to<again_atom>,
    // Starts no more messages. A second drain also stops waiting for the last
    // answer; the report then counts that message only as sent.
    caf::reacts_to<drain_atom>>;

/// An error that carries a refusal's code and its sentence.
caf::error make_refusal(crypto::refusal code, std::string what);

/// The error's refusal code; nullopt when it has none.
std::optional<crypto::refusal> refusal_of(const caf::error& e);

/// The names of the types that a client's host sends to a node, and that a node
/// sends to a client's host, errors included.
std::set<std::string> ledger_question_types();
std::set<std::string> ledger_answer_types();

/// The inverse of bytes_of_id; nullopt unless there are 32 bytes.
std::optional<crypto::key_id> id_of_bytes(std::string_view bytes);

} // namespace chancery::actors

CAF_ERROR_CODE_ENUM(chancery::crypto::refusal, "refusal")
