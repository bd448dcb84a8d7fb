// SPDX-License-Identifier: Apache-2.0
#pragma once

// The first message between two hosts, for every kind of connection: who the
// sender is, and its versions. It crosses hosts: numbers and strings only, and
// a changed layout needs a new protocol_version.

#include "actors/base/messages.hpp"
#include "actors/transport/secure_channel.hpp"

#include <caf/actor_control_block.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::actors {

struct dialled;
struct hello;

} // namespace chancery::actors

CAF_BEGIN_TYPE_ID_BLOCK(chancery_greeting, first_custom_type_id + 64)
CAF_ADD_TYPE_ID(chancery_greeting, (chancery::actors::hello))
CAF_ADD_ATOM(chancery_greeting, chancery::actors, dial_atom, "dial")
CAF_ADD_ATOM(chancery_greeting, chancery::actors, hello_atom, "hello")
CAF_END_TYPE_ID_BLOCK(chancery_greeting)

static_assert(caf::id_block::chancery_greeting::end <=
              caf::first_custom_type_id + 128);

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::dialled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chancery::actors::secure_channel)

namespace chancery::actors {

/// Both sides must use the same one.
inline constexpr std::uint32_t protocol_version = 4;

/// The first message of every connection; no other request is served before it.
struct hello {
  std::uint32_t protocol = protocol_version;
  std::string software;    ///< "chancery 0.1.0", for people
  std::string instance;    ///< 16 random bytes, new at each start
  std::string fingerprint; ///< 32 bytes: a worker's keyring; empty for others
  std::string folder; ///< 16 bytes: a worker's data folder; empty for others
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hello& x) {
  return f(caf::meta::type_name("hello1"), x.protocol, x.software, x.instance,
           x.fingerprint, x.folder);
}

/// A sentence when the peer's protocol version is not ours, else nothing.
/// `they` and `we` name the two sides in it ("the node"); `software` is what
/// the peer calls itself.
std::optional<std::string> version_mismatch(std::string_view they,
                                            std::string_view software,
                                            std::uint32_t protocol,
                                            std::string_view we);

/// A connector's answer. It stays on its host.
struct dialled {
  caf::strong_actor_ptr gateway; ///< at the peer
  secure_channel channel;        ///< to it
};

/// Connects to another host (transport/connector.hpp).
using connector_actor = caf::typed_actor<
    // Tries once and answers with a handle to the peer's gateway. Errors:
    // unreachable, with a sentence.
    caf::replies_to<dial_atom>::with<dialled>>;

} // namespace chancery::actors
