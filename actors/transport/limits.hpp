// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every limit of the connections between hosts. The README of this folder has
// them as a table, with what happens beyond each.
//
// Links count their deadlines in ticks, not in time: a process that was stopped
// must not blame its peers for the silence.

#include "actors/base/plain_text.hpp"

#include <chrono>
#include <cstddef>

namespace chancery::actors {

inline constexpr std::chrono::milliseconds link_tick{200};

/// Ticks in this time, at least one.
constexpr unsigned ticks(std::chrono::milliseconds time) {
  return time < link_tick ? 1 : static_cast<unsigned>(time / link_tick);
}

// Connections that have not set up TLS yet.

/// Places for them. When all are taken, one must go for the next.
inline constexpr std::size_t pending_max = 256;
/// Places for those of one IPv4 address, or of one /64 of IPv6. At 500
/// connections a second from there, a silent one keeps its place for 0.25 s.
inline constexpr std::size_t pending_per_address_max = pending_max / 2;
inline constexpr int accept_backlog = 128;
/// For TLS, and again for the first frame.
inline constexpr std::chrono::seconds handshake_time_max{5};
/// A peer's certificates; those of a cluster take under 1 KiB.
inline constexpr long certificate_bytes_max = 8 << 10;

// Links: connections with TLS.

inline constexpr std::size_t links_max = 1'024;
/// Of them, those of one certificate, so that one host cannot take all.
inline constexpr std::size_t links_per_certificate_max = 16;
/// From TLS until the peer's greeting to its gateway is complete.
inline constexpr std::chrono::milliseconds greeting_time_max{10'000};
/// Heartbeats come every 0.5 s.
inline constexpr std::chrono::seconds silence_max{2};
/// Bytes wait, and their receiver takes none of them.
inline constexpr std::chrono::seconds stuck_time_max{10};
/// After that a peer that takes no answers is not read.
inline constexpr std::chrono::seconds ignoring_time_max{1};
/// For CAF's last messages after a gateway's end.
inline constexpr std::chrono::seconds finish_time_max{2};
/// A dial in total.
inline constexpr std::chrono::seconds dial_time_max{10};

// Frames. CAF allocates a frame's payload once it has the header, and keeps
// that much for the link, so these are limits of memory, too.

/// From a client's host: one message (128 KiB, crypto/ledger/message.hpp).
inline constexpr std::size_t client_payload_max = std::size_t{256} << 10;
/// From a node: one message, its receipt and its proof.
inline constexpr std::size_t node_payload_max = std::size_t{256} << 10;
/// A unit's signatures. What a worker may send follows from the run's units
/// (cluster/coordinator.hpp) and is a little more at most.
inline constexpr std::size_t unit_bytes_max = std::size_t{4} << 20;
/// From a coordinator: a unit's digests, half as long as its signatures, with
/// batches and leases.
inline constexpr std::size_t coordinator_payload_max = std::size_t{3} << 20;
/// Handshakes, errors and notices of an actor's end; they are judged whole.
inline constexpr std::size_t judged_payload_max = std::size_t{16} << 10;
/// The payloads that CAF may hold for all links of a listener together. It is
/// what links_max clients may have.
inline constexpr std::size_t payloads_max = links_max * client_payload_max;
/// A frame that takes longer has to arrive this fast. The slowest line that is
/// tested, 100 kbit/s, is three times as fast.
inline constexpr std::chrono::seconds frame_time_free{5};
inline constexpr std::size_t frame_bytes_per_second_min = std::size_t{4} << 10;
/// The names of a message's types.
inline constexpr std::size_t type_names_max = 1'000;

// Buffers of a link.

inline constexpr std::size_t link_buffer_bytes = std::size_t{128} << 10;
/// Read from the socket in one call.
inline constexpr std::size_t tls_read_bytes = std::size_t{64} << 10;

// Text.

inline constexpr unsigned log_lines_per_second_max = 10;
/// A refusal's sentence, as one host sends it to another.
inline constexpr std::size_t refusal_text_max = peer_sentence_max;

} // namespace chancery::actors
