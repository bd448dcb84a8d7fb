// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every message and typed interface of the ledger's actors. What clients see
// (ledger_welcome, acknowledgement and the answers to queries) crosses hosts,
// and has text and numbers only; what node, validators and writer tell each
// other stays in one process.
//
// A refused message is answered with an error of crypto::refusal's codes, which
// carries one sentence; every other error is the node's own fault.

#include "actors/base/messages.hpp"
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
CAF_END_TYPE_ID_BLOCK(chancery_ledger)

static_assert(caf::id_block::chancery_ledger::end <=
              caf::first_custom_type_id + 320);

// What node, validators, writer and clients tell each other in one process is
// never encoded.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::validation_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::validation_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::append_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::append_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::client_report)

namespace chancery::actors {

/// A node's answer to the hello of a client's host.
struct ledger_welcome {
  std::uint32_t protocol = protocol_version;
  std::string software; ///< for people
  std::string instance; ///< 16 random bytes: this life of the node
  std::string node;     ///< 32 bytes: the node's id
};

/// What was handed in is on disk. One of the two texts is there.
struct acknowledgement {
  std::string receipt;    ///< of a message: compact JWS
  std::string registered; ///< of a registration: the client's id
};

/// A block's header (crypto/ledger/block.hpp) and signature, if there is one.
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

/// actors/ledger/chain.hpp's inclusion_proof; `path` is 32 bytes for each hash.
struct proof_answer {
  bool found = false; ///< false also while no block holds the message
  std::string compact;
  std::uint64_t leaf_index = 0;
  std::string path;
  block_answer block;
};

/// What arrived, under its number in the order of arrival.
struct arrival {
  std::uint64_t number = 0;
  std::string text; ///< JWE, or a registration JWS
  std::string key;  ///< the sender's point, when the node knows it already and
                    ///< the store does not yet
};

struct validation_work {
  std::vector<arrival> items;
};

/// A message that is right in all that does not depend on its place in the
/// order.
struct valid_message {
  crypto::key_id client{};
  std::uint64_t sequence = 0;
  std::string compact; ///< the JWS as its client signed it
};

/// The same of a registration.
struct valid_registration {
  crypto::key_id client{};
  std::string point; ///< of the client's key, 64 bytes
};

struct refused_arrival {
  crypto::refusal code = crypto::refusal::internal;
  std::string why;
  /// Of unknown_client alone: who sent which JWE, as the registration may have
  /// arrived before it and not be stored yet.
  crypto::key_id client{};
  std::string jwe{};
};

/// What a validator found of the arrival with this number.
struct verdict {
  std::uint64_t number = 0;
  std::variant<valid_message, valid_registration, refused_arrival> found;
};

struct validation_result {
  std::vector<verdict> items;
};

using append_item = std::variant<valid_message, valid_registration>;

/// What was accepted, in the order of arrival.
struct append_request {
  std::vector<append_item> items;
};

/// The receipts of what is on disk now, in the same order; empty texts for
/// registrations.
struct append_result {
  std::vector<std::string> receipts;
};

/// What a client made of its run.
struct client_report {
  std::uint64_t sent = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t again = 0;
  std::vector<std::uint64_t> latencies_us; ///< of accepted messages
  std::vector<std::uint64_t> indexes;      ///< in the ledger, of the same
  std::string leaves;                      ///< 32 bytes each, of the same
  std::string failure; ///< a receipt that was wrong, or the node's fault
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
    // disk. A message sent again gets its first receipt. Errors: the codes of
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
    // The message with this index, and what shows that it is in its block.
    caf::replies_to<message_atom, std::uint64_t>::with<message_answer>,
    caf::replies_to<proof_atom, std::uint64_t>::with<proof_answer>,
    // The node's keys, as a JWS that the node's identity signed.
    caf::replies_to<keys_atom>::with<std::string>>;

/// Stands at the node for one connection of a client's host.
using ledger_gateway_actor = node_actor::extend<
    // Once, and first. Errors: refused, with a sentence for the operator; all
    // else has the same error before it.
    caf::replies_to<hello_atom, hello>::with<ledger_welcome>>;

/// Stands on a client's host for the node at the other end of a connection.
using node_link_actor = node_actor::extend<
    // To itself: begin to connect.
    caf::reacts_to<dial_atom>>;

using validator_actor = caf::typed_actor<
    // Judges each item by itself; answers for all of them.
    caf::replies_to<validate_atom, validation_work>::with<validation_result>>;

using ledger_writer_actor = caf::typed_actor<
    // Answers after the commit that holds all of it. Errors: commit_failed,
    // from the first commit that failed on.
    caf::replies_to<append_atom, append_request>::with<append_result>,
    // To itself: the time of the next group commit has come.
    caf::reacts_to<commit_atom>>;

using client_actor = caf::typed_actor<
    // Registers, sends its messages, and answers when the last one is
    // confirmed, or after drain.
    caf::replies_to<run_atom>::with<client_report>,
    // To itself: the next message is due; the unconfirmed one is sent again.
    caf::reacts_to<tick_atom>, caf::reacts_to<again_atom>,
    // Begins no more messages. A second time: does not wait for the answer to
    // the last one either, which the report then counts as sent alone.
    caf::reacts_to<drain_atom>>;

/// An error that carries a refusal's code and its sentence.
caf::error make_refusal(crypto::refusal code, std::string what);

/// The code; nothing when the error is none of crypto::refusal's.
std::optional<crypto::refusal> refusal_of(const caf::error& e);

/// The names of the types that a client's host sends to a node, and a node to
/// a client's host, errors among them.
std::set<std::string> ledger_question_types();
std::set<std::string> ledger_answer_types();

/// From the 32 bytes that bytes_of_id made.
crypto::key_id id_of_bytes(std::string_view bytes);

} // namespace chancery::actors

CAF_ERROR_CODE_ENUM(chancery::crypto::refusal, "refusal")
