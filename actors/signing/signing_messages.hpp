// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every message and typed interface of the actors that sign: keyring,
// dispatcher, record reader, unit verifier, record writer, record intake and
// signer. Layouts
// of the binary fields: unit.hpp, crypto/keyring/lease.hpp.

#include "actors/base/messages.hpp"
#include "actors/signing/record_submission.hpp"
#include "actors/signing/remote_unit.hpp"
#include "storage/journal.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace chancery::actors {

struct borrow_request;
struct renew_request;
struct grant;
struct unit;
struct unit_result;
struct remote_result;
struct unit_verdict;
struct unit_chunk;
struct chunk_verdict;
struct store_request;
struct store_result;
struct intake_request;
struct intake_result;
struct record_submission;

} // namespace chancery::actors

CAF_BEGIN_TYPE_ID_BLOCK(chancery_signing, first_custom_type_id + 128)
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::borrow_request))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::renew_request))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::grant))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::unit))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::unit_result))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::remote_result))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::unit_verdict))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::unit_chunk))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::chunk_verdict))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::store_request))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::store_result))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::intake_request))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::intake_result))
CAF_ADD_TYPE_ID(chancery_signing, (chancery::actors::record_submission))
CAF_ADD_ATOM(chancery_signing, chancery::actors, borrow_atom, "borrow")
CAF_ADD_ATOM(chancery_signing, chancery::actors, fetch_atom, "fetch")
CAF_ADD_ATOM(chancery_signing, chancery::actors, renew_atom, "renew")
CAF_ADD_ATOM(chancery_signing, chancery::actors, give_back_atom, "giveback")
CAF_ADD_ATOM(chancery_signing, chancery::actors, expire_atom, "expire")
CAF_ADD_ATOM(chancery_signing, chancery::actors, lend_atom, "lend")
CAF_ADD_ATOM(chancery_signing, chancery::actors, ready_atom, "ready")
CAF_ADD_ATOM(chancery_signing, chancery::actors, look_atom, "look")
CAF_ADD_ATOM(chancery_signing, chancery::actors, next_atom, "next")
CAF_ADD_ATOM(chancery_signing, chancery::actors, hand_in_atom, "handin")
CAF_ADD_ATOM(chancery_signing, chancery::actors, verify_atom, "verify")
CAF_ADD_ATOM(chancery_signing, chancery::actors, hash_atom, "hash")
CAF_ADD_ATOM(chancery_signing, chancery::actors, drop_atom, "drop")
CAF_ADD_ATOM(chancery_signing, chancery::actors, release_atom, "release")
CAF_ADD_ATOM(chancery_signing, chancery::actors, finish_atom, "finish")
CAF_ADD_ATOM(chancery_signing, chancery::actors, over_atom, "over")
CAF_ADD_ATOM(chancery_signing, chancery::actors, store_atom, "store")
CAF_ADD_ATOM(chancery_signing, chancery::actors, take_in_atom, "takein")
CAF_ADD_ATOM(chancery_signing, chancery::actors, journal_atom, "journal")
CAF_ADD_ATOM(chancery_signing, chancery::actors, sync_atom, "syncnow")
CAF_END_TYPE_ID_BLOCK(chancery_signing)

// What only actors of one host say to each other is never serialized.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::remote_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::unit_verdict)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::unit_chunk)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::chunk_verdict)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::store_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::store_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::intake_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::intake_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::record_submission)

static_assert(caf::id_block::chancery_signing::end <=
              caf::first_custom_type_id + 192);

namespace chancery::actors {

/// Asks for up to `count` keys, and gives back others in the same message.
struct borrow_request {
  std::uint32_t count = 0;
  std::string instance;      ///< 16 bytes: the borrower's vault
  std::uint64_t nonce = 0;   ///< that vault's number for this request
  bool remote = false;       ///< lent to another host: expires
  std::uint32_t ttl_ms = 0;  ///< wanted time to live; 0 when local
  std::string borrower;      ///< the worker's name; empty when local
  std::string returned{};    ///< leases given back, as with give_back
  std::uint32_t wait_ms = 0; ///< longest wait for keys; 0: no limit
  /// Most time that each lease may last, with all renewals; 0: no limit.
  std::uint32_t life_ms = 0;
};

/// Asks for more time, before these remote leases run out.
struct renew_request {
  std::uint64_t nonce = 0; ///< the moment of asking: time counts from it
  std::string leases;
};

/// One lease or more (a lease_set), or none.
struct grant {
  std::string leases;
};

/// Whole batches to sign; none when nothing is left to do.
struct unit {
  std::string leases;        ///< of the request, as in grant
  std::string batches;       ///< unit_batch items, in the order of the leases
  std::uint64_t time_ms = 0; ///< of all its batches, since 1970
  /// In the order of the batches, then of the ids; empty until somebody has
  /// read the records (unit_hasher.hpp).
  std::string digests{};
};

/// A signed unit.
struct unit_result {
  std::string batches;    ///< unit_batch items
  std::string signatures; ///< raw r||s, in the same order
};

/// A unit that another host has signed.
struct remote_result {
  remote_unit_ptr unit;
};

struct unit_verdict {
  bool right = true;
  std::string why{}; ///< a sentence, when it is not
};

/// Some signatures of a unit that another host has signed.
struct unit_chunk {
  remote_unit_ptr unit;
  std::vector<std::uint32_t> indexes; ///< of the signatures, ascending
};

struct chunk_verdict {
  std::uint32_t wrong = 0;       ///< signatures that do not verify
  std::uint32_t first_wrong = 0; ///< index in the unit, if there is one
};

/// Batches to store. Never leaves its host.
struct store_request {
  std::vector<storage::batch_row> rows;
  std::string signatures; ///< raw r||s, in the order of the rows
};

struct store_result {
  std::uint64_t records = 0; ///< stored and on disk
  std::uint32_t batches = 0; ///< stored and on disk
  std::uint32_t refused = 0; ///< batches of which a record was signed already
};

/// Records to append. Never leaves its host.
struct intake_request {
  std::vector<std::shared_ptr<const record_request>> requests;
};

struct intake_result {
  std::vector<record_answer> answers; ///< in the order of the requests
  std::uint32_t records = 0;          ///< new ones
};

/// One request, and who takes its answer. Never leaves its host.
struct record_submission {
  std::shared_ptr<const record_request> request;
  record_reply reply;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, borrow_request& x) {
  return f(caf::meta::type_name("borrow_request1"), x.count, x.instance,
           x.nonce, x.remote, x.ttl_ms, x.borrower, x.returned, x.wait_ms,
           x.life_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, renew_request& x) {
  return f(caf::meta::type_name("renew_request2"), x.nonce, x.leases);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, grant& x) {
  return f(caf::meta::type_name("grant2"), x.leases);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, unit& x) {
  return f(caf::meta::type_name("unit3"), x.leases, x.batches, x.time_ms,
           x.digests);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, unit_result& x) {
  return f(caf::meta::type_name("unit_result1"), x.batches, x.signatures);
}

using keyring_actor = caf::typed_actor<
    // Lends keys, least recently used first. Waits while all are out; a limited
    // wait that ends is answered with no lease. Errors: busy, closing,
    // malformed, internal.
    caf::replies_to<borrow_atom, borrow_request>::with<grant>,
    // The same, but asks the dispatcher for work under the keys on behalf of
    // the sender, who gets its answer. Errors: also as of next.
    caf::replies_to<fetch_atom, borrow_request>::with<unit>,
    // Returns those leases that are still current as one grant with a new
    // moment of asking, and leaves out the others. It takes a whole grant.
    // Errors: malformed, internal.
    caf::replies_to<renew_atom, renew_request>::with<grant>,
    // Takes leases back: the grant's, or some of them. Those that ended before
    // are counted and ignored.
    caf::reacts_to<give_back_atom, std::string>,
    // To itself: end expired remote leases and limited waits, and send the
    // fences of returned leases to the dispatcher.
    caf::reacts_to<expire_atom>,
    // To itself: the quarantine after a restart is over.
    caf::reacts_to<lend_atom>,
    // The run drains: this host's borrowers, those that wait and those to come,
    // get `closing`.
    caf::reacts_to<drain_atom>,
    // Ends the epoch: refuses borrowers from now on. Answers with the number of
    // leases still out, once the journal is on disk. Errors: closing,
    // commit_failed.
    caf::replies_to<close_atom>::with<std::uint64_t>>;

using dispatcher_actor = caf::typed_actor<
    // Waits until there is work, and answers for about how many batches, at
    // most as many as given. 0: none came in the given time (ms; 0: no limit),
    // or there will be none. Whoever asks need not hold keys meanwhile. Errors:
    // as of next.
    caf::replies_to<ready_atom, std::uint32_t,
                    std::uint32_t>::with<std::uint32_t>,
    // Records were stored, or may be due now.
    caf::reacts_to<look_atom>,
    // Hands out work for these leases (the grant's bytes), perhaps for the
    // first few only. Waits while there is none; answers with a unit without
    // batches when all is done, and in a service when there is none now.
    // Errors: busy, malformed, stuck, commit_failed, internal.
    caf::replies_to<next_atom, std::string>::with<unit>,
    // Takes results. Batches whose lease does not hold their range are dropped.
    caf::reacts_to<hand_in_atom, unit_result>,
    // The same for a unit of another host, which is verified before it is
    // stored. Its leases are judged at once and may end then; the answer comes
    // with the verdict. Errors: as of next.
    caf::replies_to<hand_in_atom, remote_result>::with<unit_verdict>,
    // These leases (fences) were lost: their later results are dropped.
    caf::reacts_to<drop_atom, std::string>,
    // These leases (fences) were given back: ranges that they have not handed
    // in go to other leases.
    caf::reacts_to<release_atom, std::string>,
    // Hands out no more work.
    caf::reacts_to<drain_atom>,
    // Whether all is signed and on disk (after a drain, whether nothing is out
    // any more), even if nobody asks for work. Errors: as of next.
    caf::replies_to<over_atom>::with<bool>,
    // Answers with the number of records stored in this run, when everything
    // that was handed in is on disk and nothing is out.
    caf::replies_to<finish_atom>::with<std::uint64_t>>;

using record_reader_actor = caf::typed_actor<
    // Returns the unit with its digests. Errors: damaged.
    caf::replies_to<hash_atom, unit>::with<unit>>;

using unit_verifier_actor = caf::typed_actor<
    // Verifies these signatures. Errors: internal.
    caf::replies_to<verify_atom, unit_chunk>::with<chunk_verdict>>;

using record_writer_actor = caf::typed_actor<
    // Answers after the commit that holds these batches. Errors: malformed;
    // commit_failed, from the first failed commit on.
    caf::replies_to<store_atom, store_request>::with<store_result>,
    // Answers after the commit that holds these records, their names and marks.
    // Errors: as above.
    caf::replies_to<store_atom, intake_request>::with<intake_result>,
    // Journal events: storage-encoded, each after its u32 length. They are on
    // disk no later than anything sent to this actor after them.
    caf::reacts_to<journal_atom, std::string>,
    // To itself: the next group commit is due.
    caf::reacts_to<commit_atom>,
    // Commits at once and answers with the number of commits so far. Errors:
    // commit_failed.
    caf::replies_to<sync_atom>::with<std::uint64_t>>;

using record_intake_actor = caf::typed_actor<
    // Replies once, after the commit, or with a refusal.
    caf::reacts_to<take_in_atom, record_submission>,
    // The dispatcher of the current epoch: learns of new records.
    caf::reacts_to<look_atom, dispatcher_actor>,
    // Refuses requests from now on. Answers when none is under way.
    caf::replies_to<close_atom>::with<std::uint64_t>>;

using signer_actor = caf::typed_actor<
    // Borrows, signs and hands in until nothing is left.
    caf::reacts_to<start_atom>>;

} // namespace chancery::actors
