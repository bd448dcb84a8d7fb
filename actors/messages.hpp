// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every message, error code and typed interface of chancery's actors. Binary
// fields are strings of fixed-size items (unit.hpp, crypto/lease.hpp), never
// vectors, so that no peer can name a length that we then allocate.
//
// Between hosts a value stands behind its C++ name alone: a layout that changes
// takes another name, or another protocol_version (cluster_messages.hpp).

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace chancery::actors {

/// Why a request was not served. Numbers cross hosts: never change a meaning.
enum class fault : std::uint8_t {
  busy = 1,      ///< a queue is at its limit: ask again later
  closing,       ///< the epoch is being closed: nothing is lent any more
  malformed,     ///< the message does not have the layout it must have
  commit_failed, ///< the database did not take a commit: the run is over
  stuck,         ///< records stay unsigned although nothing is in the way
  internal,      ///< an exception: the text says which
  refused,       ///< a peer that may not take part: the text says why
  unreachable,   ///< another host cannot be reached: the text says why
};

std::string to_string(fault f);

struct borrow_request;
struct renew_request;
struct grant;
struct unit;
struct unit_result;
struct store_request;
struct store_result;

} // namespace chancery::actors

CAF_BEGIN_TYPE_ID_BLOCK(chancery, first_custom_type_id)
CAF_ADD_TYPE_ID(chancery, (chancery::actors::borrow_request))
CAF_ADD_TYPE_ID(chancery, (chancery::actors::renew_request))
CAF_ADD_TYPE_ID(chancery, (chancery::actors::grant))
CAF_ADD_TYPE_ID(chancery, (chancery::actors::unit))
CAF_ADD_TYPE_ID(chancery, (chancery::actors::unit_result))
CAF_ADD_TYPE_ID(chancery, (chancery::actors::store_request))
CAF_ADD_TYPE_ID(chancery, (chancery::actors::store_result))
CAF_ADD_ATOM(chancery, chancery::actors, borrow_atom, "borrow")
CAF_ADD_ATOM(chancery, chancery::actors, renew_atom, "renew")
CAF_ADD_ATOM(chancery, chancery::actors, give_back_atom, "giveback")
CAF_ADD_ATOM(chancery, chancery::actors, expire_atom, "expire")
CAF_ADD_ATOM(chancery, chancery::actors, lend_atom, "lend")
CAF_ADD_ATOM(chancery, chancery::actors, close_atom, "closeepoch")
CAF_ADD_ATOM(chancery, chancery::actors, next_atom, "next")
CAF_ADD_ATOM(chancery, chancery::actors, hand_in_atom, "handin")
CAF_ADD_ATOM(chancery, chancery::actors, drop_atom, "drop")
CAF_ADD_ATOM(chancery, chancery::actors, release_atom, "release")
CAF_ADD_ATOM(chancery, chancery::actors, drain_atom, "drain")
CAF_ADD_ATOM(chancery, chancery::actors, finish_atom, "finish")
CAF_ADD_ATOM(chancery, chancery::actors, over_atom, "over")
CAF_ADD_ATOM(chancery, chancery::actors, store_atom, "store")
CAF_ADD_ATOM(chancery, chancery::actors, journal_atom, "journal")
CAF_ADD_ATOM(chancery, chancery::actors, commit_atom, "commit")
CAF_ADD_ATOM(chancery, chancery::actors, sync_atom, "syncnow")
CAF_ADD_ATOM(chancery, chancery::actors, start_atom, "start")
CAF_ADD_ATOM(chancery, chancery::actors, failed_atom, "failed")
CAF_END_TYPE_ID_BLOCK(chancery)

namespace chancery::actors {

/// Asks for up to `count` keys, and gives others back in the same breath.
struct borrow_request {
  std::uint32_t count = 0;
  std::string instance;      ///< 16 bytes: the borrower's vault
  std::uint64_t nonce = 0;   ///< that vault's number for this request
  bool remote = false;       ///< lent to another host: runs out by time
  std::uint32_t ttl_ms = 0;  ///< wanted time to live; 0 when local
  std::string borrower;      ///< the worker's name; empty when local
  std::string returned{};    ///< leases given back, as with give_back
  std::uint32_t wait_ms = 0; ///< for keys, at most; 0: as long as it takes
};

/// Asks for more time, before these remote leases run out.
struct renew_request {
  std::uint64_t nonce = 0; ///< the moment of asking, from which it will count
  std::string leases;
};

/// One lease or more, each crypto::lease::wire_size bytes.
struct grant {
  std::string leases;
};

/// Whole batches to sign. No batches at all: there is nothing left to do.
struct unit {
  std::string batches; ///< unit_batch items, in the order of the leases
  std::string digests; ///< in the order of the batches, then of the ids
};

/// What a signer made of a unit.
struct unit_result {
  std::string batches;    ///< unit_batch items
  std::string signatures; ///< raw r||s, in the same order
};

/// Batches to store. Stays on its host.
struct store_request {
  std::string rows;       ///< first id u64, then a batch row's 55 bytes
  std::string signatures; ///< in the order of the rows
};

struct store_result {
  std::uint64_t records = 0; ///< stored and on disk
  std::uint32_t batches = 0; ///< stored and on disk
  std::uint32_t refused = 0; ///< batches of which a record was signed already
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, borrow_request& x) {
  return f(caf::meta::type_name("borrow_request1"), x.count, x.instance,
           x.nonce, x.remote, x.ttl_ms, x.borrower, x.returned, x.wait_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, renew_request& x) {
  return f(caf::meta::type_name("renew_request1"), x.nonce, x.leases);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, grant& x) {
  return f(caf::meta::type_name("grant1"), x.leases);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, unit& x) {
  return f(caf::meta::type_name("unit1"), x.batches, x.digests);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, unit_result& x) {
  return f(caf::meta::type_name("unit_result1"), x.batches, x.signatures);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, store_request& x) {
  return f(caf::meta::type_name("store_request1"), x.rows, x.signatures);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, store_result& x) {
  return f(caf::meta::type_name("store_result1"), x.records, x.batches,
           x.refused);
}

using keyring_actor = caf::typed_actor<
    // Lends keys, least recently used first; waits while all are out, and
    // answers with no lease at all when the wait was limited and is over.
    // Errors: busy, closing, malformed, internal.
    caf::replies_to<borrow_atom, borrow_request>::with<grant>,
    // The same leases with a new moment of asking, as far as they are still
    // current; those that are not are left out.
    caf::replies_to<renew_atom, renew_request>::with<grant>,
    // Takes leases back: the bytes of the grant, or some of its items. Those
    // that ended before are counted and ignored.
    caf::reacts_to<give_back_atom, std::string>,
    // To itself: remote leases may have run out, and the dispatcher may have
    // to hear of leases that were given back.
    caf::reacts_to<expire_atom>,
    // To itself: the quarantine after a restart is over.
    caf::reacts_to<lend_atom>,
    // Ends the epoch: refuses borrowers from now on and answers, with the
    // number of leases still out, when the journal is closed on disk.
    caf::replies_to<close_atom>::with<std::uint64_t>>;

using dispatcher_actor = caf::typed_actor<
    // Gives work for these leases (the grant's bytes), perhaps for the first
    // few of them only; waits while there is none yet; an empty unit when all
    // is done. Errors: busy, malformed, stuck, commit_failed, internal.
    caf::replies_to<next_atom, std::string>::with<unit>,
    // Takes results. Batches whose lease is not the one on record are dropped.
    caf::reacts_to<hand_in_atom, unit_result>,
    // These leases (fences) were lost: they hand in nothing any more.
    caf::reacts_to<drop_atom, std::string>,
    // These leases (fences) were given back: what they did not hand in before
    // that goes to others.
    caf::reacts_to<release_atom, std::string>,
    // Gives out no more work.
    caf::reacts_to<drain_atom>,
    // Whether all is signed and on disk (or, when drained, whether nothing is
    // out any more), whoever may ask for work. Errors: as of next.
    caf::replies_to<over_atom>::with<bool>,
    // Answers with the number of records stored in this run, when everything
    // that was handed in is on disk and nothing is out.
    caf::replies_to<finish_atom>::with<std::uint64_t>>;

using record_writer_actor = caf::typed_actor<
    // Answers after the commit that holds these batches. Errors: malformed;
    // commit_failed, from the first commit that failed on.
    caf::replies_to<store_atom, store_request>::with<store_result>,
    // Journal events: storage-encoded, each behind its u32 length. They are
    // on disk no later than anything sent to this actor after them.
    caf::reacts_to<journal_atom, std::string>,
    // To itself: the time of the next group commit has come.
    caf::reacts_to<commit_atom>,
    // Commits at once and answers with the number of commits so far. Errors:
    // commit_failed.
    caf::replies_to<sync_atom>::with<std::uint64_t>>;

using signer_actor = caf::typed_actor<
    // Begins to borrow, sign and hand in, until there is nothing left.
    caf::reacts_to<start_atom>>;

/// An id as it stands in a message.
template <std::size_t N>
std::string bytes_of_id(const std::array<std::uint8_t, N>& id) {
  return {id.begin(), id.end()};
}

/// An error that carries one sentence for the user.
caf::error make_fault(fault f, std::string what);

/// The exception that is being handled, as a sentence. Only in a catch block:
/// an exception that left a handler would kill the actor in silence.
std::string caught_sentence();

/// The sentence that an error carries, or CAF's own words for it.
std::string sentence(const caf::error& e);

} // namespace chancery::actors

CAF_ERROR_CODE_ENUM(chancery::actors::fault, "chancery")
