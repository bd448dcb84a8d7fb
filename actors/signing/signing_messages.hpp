// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every message and typed interface of the actors that sign: keyring,
// dispatcher, record writer and signer. Layouts of the binary fields: unit.hpp,
// crypto/keyring/lease.hpp.

#include "actors/base/messages.hpp"
#include "storage/journal.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace chancery::actors {

struct borrow_request;
struct renew_request;
struct grant;
struct unit;
struct unit_result;
struct store_request;
struct store_result;

} // namespace chancery::actors

CAF_BEGIN_TYPE_ID_BLOCK(chancery_signing, first_custom_type_id + 128)
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::borrow_request))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::renew_request))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::grant))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::unit))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::unit_result))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::store_request))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::store_result))
CAF_ADD_ATOM(chancery_signing, chancery::actors, borrow_atom, "borrow")
CAF_ADD_ATOM(chancery_signing, chancery::actors, renew_atom, "renew")
CAF_ADD_ATOM(chancery_signing, chancery::actors, give_back_atom, "giveback")
CAF_ADD_ATOM(chancery_signing, chancery::actors, expire_atom, "expire")
CAF_ADD_ATOM(chancery_signing, chancery::actors, lend_atom, "lend")
CAF_ADD_ATOM(chancery_signing, chancery::actors, next_atom, "next")
CAF_ADD_ATOM(chancery_signing, chancery::actors, hand_in_atom, "handin")
CAF_ADD_ATOM(chancery_signing, chancery::actors, drop_atom, "drop")
CAF_ADD_ATOM(chancery_signing, chancery::actors, release_atom, "release")
CAF_ADD_ATOM(chancery_signing, chancery::actors, finish_atom, "finish")
CAF_ADD_ATOM(chancery_signing, chancery::actors, over_atom, "over")
CAF_ADD_ATOM(chancery_signing, chancery::actors, store_atom, "store")
CAF_ADD_ATOM(chancery_signing, chancery::actors, journal_atom, "journal")
CAF_ADD_ATOM(chancery_signing, chancery::actors, sync_atom, "syncnow")
CAF_END_TYPE_ID_BLOCK(chancery_signing)

// What dispatcher and record writer tell each other is never encoded.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::store_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::store_result)

static_assert(caf::id_block::chancery_signing::end <=
              caf::first_custom_type_id + 192);

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
  std::vector<storage::batch_row> rows;
  std::string signatures; ///< raw r||s, in the order of the rows
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

} // namespace chancery::actors
