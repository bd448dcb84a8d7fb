// SPDX-License-Identifier: Apache-2.0
#pragma once

// Judges each frame of CAF 0.17's wire protocol (BASP, version 3) that a peer
// sends, before CAF sees it. CAF trusts its peers: a header without a payload
// ends its process. A frame is a header of 32 bytes and a payload; numbers are
// big endian:
//
//   operation u8, padding u16, flags u8, payload length u32, operation data
//   u64, source actor u64, destination actor u64
//
//   0 server handshake  data: version; payload: node id (32 bytes), names of
//                       the application, actor id u64, its interface (strings)
//   1 client handshake  payload: node id
//   2 direct message    data: message id; payload: forwarding stack (a list),
//                       then a message
//   4 monitor, 5 down   payload: node ids of sender and receiver; with down
//                       an error
//   6 heartbeat         nothing
//   255 refusal         ours, not CAF's: payload: a sentence, from a listener
//                       that does not let the peer in, before anything else
//
//   message: u16 0, "@<>+type+type" as a string, then the values in this order
//   error:   code u8, category u64, a message
//
// Anything else is refused, and the link is cut. The dialling side asks, and
// the listening side answers: an answer to a listener could only be a forged
// one to a request of its gateway within its host, and a question to a dialling
// host could reach any of its actors. The values in a message are not judged,
// only their types: list only types made of numbers and strings.
//
// Plain class without CAF, network or clock. It stores no bytes.

#include "actors/transport/frame_memory.hpp"
#include "actors/transport/limits.hpp"

#include <array>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace chancery::actors {

/// A node id as CAF serializes it: "default" as an atom, process, host.
using node_bytes = std::array<std::byte, 32>;

enum class link_side : std::uint8_t { listening, dialling };

/// As CAF writes them: "@atom", or a type's name with its namespaces.
using type_names = std::set<std::string, std::less<>>;

/// The rules for the frames of one link.
struct frame_rules {
  link_side side = link_side::listening; ///< ours
  node_bytes self{};
  /// When listening: the one actor that may be addressed and monitored.
  std::uint64_t gateway = 0;
  const type_names* message_types = nullptr;    ///< outlives the check
  std::size_t payload_max = client_payload_max; ///< of one frame
  frame_memory* memory = nullptr;               ///< of all links; may be null
};

/// The frame that tells a peer why it is not let in.
std::string refusal_frame(std::string_view why);

class frame_check {
 public:
  static constexpr std::size_t header_size = 32;
  static constexpr std::size_t judged_max = judged_payload_max;

  enum class verdict : std::uint8_t {
    wait,   ///< more bytes are needed; never with header_size + judged_max
    pass,   ///< `bytes` of them may go to CAF
    drop,   ///< `bytes` of them are of no use to CAF
    refuse, ///< cut the link; see why()
  };
  struct judgement {
    verdict what;
    std::size_t bytes = 0;
  };

  explicit frame_check(const frame_rules& rules)
      : rules_(rules), memory_(rules.memory) {}

  /// Judges the first of the bytes that were not passed or dropped yet.
  judgement judge(std::span<const std::byte> bytes);

  /// The peer's node id, from its handshake on.
  const std::optional<node_bytes>& peer() const noexcept { return peer_; }

  /// Frames that were passed or dropped, at least in part.
  std::uint64_t frames() const noexcept { return frames_; }

  /// Of the last of them: bytes that came, and whether some are missing.
  std::size_t arrived() const noexcept { return size_ - body_left_; }
  bool incomplete() const noexcept { return body_left_ > 0; }

  /// The peer does not let us in: why() is its own sentence.
  bool not_let_in() const noexcept { return not_let_in_; }

  /// Why a frame was refused, for the log: "a frame of over 256 KiB".
  const std::string& why() const noexcept { return why_; }

 private:
  struct header;
  using payload = std::span<const std::byte>;

  judgement judge_frame(const header& h, payload arrived);
  judgement refuse(std::string why);
  judgement take(const header& h, payload arrived, verdict what);
  judgement server_handshake(const header& h, payload arrived);
  judgement client_handshake(const header& h, payload arrived);
  judgement direct(const header& h, payload arrived);
  bool may_be_made_of(std::string_view names);
  judgement monitor(const header& h, payload arrived);
  judgement down(const header& h, payload arrived);
  judgement refusal(const header& h, payload arrived);
  bool greet(payload node);
  bool names_both_nodes(payload arrived) const;

  frame_rules rules_;
  frame_memory_share memory_;
  std::optional<node_bytes> peer_;
  std::uint64_t frames_ = 0;
  std::size_t size_ = 0;      ///< of the last frame, with its header
  std::size_t body_left_ = 0; ///< of a frame that has been judged
  verdict body_ = verdict::pass;
  bool not_let_in_ = false;
  std::string why_;
};

} // namespace chancery::actors
