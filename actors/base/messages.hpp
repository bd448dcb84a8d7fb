// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by all actors: error codes, and the atoms that several interfaces use.
// Binary fields of messages are strings of fixed-size items, never vectors, so
// that a peer cannot make us allocate a length that it only states.
//
// Between hosts, only its C++ name identifies the type of a value: a changed
// layout needs a new name, or a new protocol_version (transport/greeting.hpp).
// Type ids never leave the process; each message header has its own block of
// them, which starts at a fixed number.

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>

namespace chancery::actors {

/// Why a request was not served. Numbers cross hosts: never change a meaning.
enum class fault : std::uint8_t {
  busy = 1,        ///< a queue is at its limit: ask again later
  closing,         ///< the epoch is being closed: nothing is lent any more
  malformed,       ///< the message has a wrong layout
  commit_failed,   ///< a database commit failed: the run is over
  stuck,           ///< a pass stored nothing, yet records remain unsigned
  internal,        ///< an exception: the text says which
  refused,         ///< the peer may not take part: the text says why
  unreachable,     ///< another host cannot be reached: the text says why
  wrong_signature, ///< a new signature does not verify: the run is over
  damaged,         ///< the database cannot be read: the run is over
};

std::string to_string(fault f);

} // namespace chancery::actors

CAF_BEGIN_TYPE_ID_BLOCK(chancery_base, first_custom_type_id)
CAF_ADD_ATOM(chancery_base, chancery::actors, start_atom, "start")
CAF_ADD_ATOM(chancery_base, chancery::actors, drain_atom, "drain")
CAF_ADD_ATOM(chancery_base, chancery::actors, close_atom, "closeepoch")
CAF_ADD_ATOM(chancery_base, chancery::actors, commit_atom, "commit")
CAF_ADD_ATOM(chancery_base, chancery::actors, failed_atom, "failed")
CAF_END_TYPE_ID_BLOCK(chancery_base)

static_assert(caf::id_block::chancery_base::end <=
              caf::first_custom_type_id + 64);

namespace chancery::actors {

/// An id's bytes, as messages carry them.
template <std::size_t N>
std::string bytes_of_id(const std::array<std::uint8_t, N>& id) {
  return {id.begin(), id.end()};
}

/// An error that carries one sentence for the user.
caf::error make_fault(fault f, std::string what);

/// The exception being handled, as a sentence. Call it only in a catch block.
/// Handlers need it: an exception that leaves one kills the actor silently.
std::string caught_sentence();

/// The same for an exception that was caught elsewhere.
std::string sentence_of(const std::exception_ptr& e);

/// The sentence that an error carries, or CAF's own text for it.
std::string sentence(const caf::error& e);

/// The same for an error that may come from another host: printable ASCII,
/// peer_sentence_max characters at most, never empty.
std::string sentence_of_peer(const caf::error& e);

} // namespace chancery::actors

CAF_ERROR_CODE_ENUM(chancery::actors::fault, "chancery")
