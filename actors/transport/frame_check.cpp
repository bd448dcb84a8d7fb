// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/frame_check.hpp"

#include "actors/base/plain_text.hpp"
#include "actors/transport/frame_reader.hpp"

#include <algorithm>
#include <utility>

namespace chancery::actors {

namespace {

enum operation : std::uint8_t {
  op_server_handshake,
  op_client_handshake,
  op_direct,
  op_routed,
  op_monitor,
  op_down,
  op_heartbeat,
  op_refusal = 255,
};

constexpr std::uint64_t basp_version = 3;
constexpr std::uint8_t named_receiver = 1;
/// Flag of a client's second handshake: "use this connection".
constexpr std::uint8_t select_connection = 2;
/// The atom "SpawnServ": the actor that each CAF node sends a message at first.
constexpr std::uint64_t spawn_server = 0x03ddd66f3376adfb;
/// The atom "default": the kind of node id that hashes host and process.
constexpr std::uint64_t hashed_node = 0x3e9aab9bac79;
/// Messages of streams have this bit in their id.
constexpr std::uint64_t stream_bit = std::uint64_t{1} << 61;
/// Answers have this bit in their id.
constexpr std::uint64_t answer_bit = std::uint64_t{1} << 63;
constexpr std::size_t names_max = type_names_max;
/// Forwarding stack, u16, length and names of a message.
constexpr std::size_t names_end_max = 1 + 2 + 2 + names_max;
constexpr std::size_t both_nodes = 2 * sizeof(node_bytes);

/// The types that an error may carry: none that nests, as CAF reads a message
/// in an error in a message recursively, and none whose item count the peer
/// states.
constexpr std::string_view plain_types[] = {
    "@atom", "@i16", "@i32", "@i64", "@i8",  "@str",
    "@u16",  "@u32", "@u64", "@u8",  "bool",
};

constexpr std::string_view no_values = "@<>";
constexpr std::string_view error_alone = "@<>+@error";

bool is_node(std::span<const std::byte> node) {
  frame_reader r(node);
  const auto zero = [](std::byte b) { return b == std::byte{0}; };
  const bool kind = r.number<std::uint64_t>() == hashed_node;
  const bool process = r.number<std::uint32_t>() != 0;
  const auto host = r.take(20);
  return r.at_end() && kind && process &&
         !std::all_of(host.begin(), host.end(), zero);
}

/// Calls `known` with each type's name until it returns false. A message
/// without names has no values: it is CAF's answer when there is no result.
template <class Predicate>
bool each_name(std::string_view names, const Predicate& known) {
  if (!names.starts_with("@<>+"))
    return names == no_values;
  names.remove_prefix(4);
  for (;;) {
    const auto end = names.find('+');
    if (!known(names.substr(0, end)))
      return false;
    if (end == std::string_view::npos)
      return true;
    names.remove_prefix(end + 1);
  }
}

/// Whether the bytes are an error that carries only plain values.
bool is_plain_error(frame_reader& r) {
  r.number<std::uint8_t>();
  r.number<std::uint64_t>();
  const bool untyped = r.number<std::uint16_t>() == 0;
  const auto names = r.text(names_max);
  return untyped && r.good() && each_name(names, [](std::string_view name) {
           return std::find(std::begin(plain_types), std::end(plain_types),
                            name) != std::end(plain_types);
         });
}

} // namespace

struct frame_check::header {
  std::uint8_t operation;
  std::uint16_t padding;
  std::uint8_t flags;
  std::uint32_t length;
  std::uint64_t data;
  std::uint64_t source;
  std::uint64_t destination;

  explicit header(frame_reader r)
      : operation(r.number<std::uint8_t>()), padding(r.number<std::uint16_t>()),
        flags(r.number<std::uint8_t>()), length(r.number<std::uint32_t>()),
        data(r.number<std::uint64_t>()), source(r.number<std::uint64_t>()),
        destination(r.number<std::uint64_t>()) {}
};

std::string refusal_frame(std::string_view why) {
  const auto text = plain_text(why, refusal_text_max);
  std::string frame(frame_check::header_size, '\0');
  frame[0] = static_cast<char>(op_refusal);
  frame[6] = static_cast<char>(text.size() >> 8); // length, u32 from byte 4
  frame[7] = static_cast<char>(text.size() & 0xff);
  return frame + text;
}

frame_check::judgement frame_check::judge(std::span<const std::byte> bytes) {
  if (body_left_ > 0) {
    const auto part = std::min(body_left_, bytes.size());
    body_left_ -= part;
    return {part == 0 ? verdict::wait : body_, part};
  }
  if (bytes.size() < header_size)
    return {verdict::wait};
  const header h{frame_reader(bytes)};
  auto arrived = bytes.subspan(header_size);
  return judge_frame(
      h, arrived.first(std::min<std::size_t>(arrived.size(), h.length)));
}

frame_check::judgement frame_check::judge_frame(const header& h,
                                                payload arrived) {
  const bool flags_known =
      h.flags == 0 || (h.operation == op_direct && h.flags == named_receiver) ||
      (h.operation == op_client_handshake && h.flags == select_connection);
  if (h.padding != 0 || !flags_known)
    return refuse("a frame with unknown flags");
  if (h.length > rules_.payload_max)
    return refuse("a frame of over " +
                  std::to_string(rules_.payload_max >> 10) + " KiB");
  const auto handshake = rules_.side == link_side::listening
                             ? op_client_handshake
                             : op_server_handshake;
  if (h.operation == handshake)
    return handshake == op_client_handshake ? client_handshake(h, arrived)
                                            : server_handshake(h, arrived);
  if (!peer_)
    return h.operation == op_refusal && rules_.side == link_side::dialling
               ? refusal(h, arrived)
               : refuse("a first frame that is not a handshake");
  switch (h.operation) {
  case op_direct:
    return direct(h, arrived);
  case op_monitor:
    return monitor(h, arrived);
  case op_down:
    return down(h, arrived);
  case op_heartbeat:
    if (h.length != 0 || h.data != 0 || h.source != 0 || h.destination != 0)
      return refuse("a heartbeat that is not empty");
    return take(h, arrived, verdict::pass);
  default:
    return refuse("a frame of a kind that is not allowed");
  }
}

frame_check::judgement frame_check::refuse(std::string why) {
  why_ = std::move(why);
  return {verdict::refuse};
}

frame_check::judgement frame_check::take(const header& h, payload arrived,
                                         verdict what) {
  if (what == verdict::pass && !memory_.holds(h.length))
    return refuse("a frame for which there is no room beside those of the "
                  "other links");
  ++frames_;
  body_ = what;
  size_ = header_size + h.length;
  body_left_ = h.length - arrived.size();
  return {what, header_size + arrived.size()};
}

frame_check::judgement frame_check::server_handshake(const header& h,
                                                     payload arrived) {
  if (peer_)
    return refuse("a second handshake");
  if (h.data != basp_version)
    return refuse("another version of CAF's protocol");
  if (h.length > judged_max || h.length < sizeof(node_bytes) || h.source != 0 ||
      h.destination != 0)
    return refuse("a malformed handshake");
  if (arrived.size() < h.length)
    return {verdict::wait};
  frame_reader r(arrived);
  const auto node = r.take(sizeof(node_bytes));
  for (auto names = r.length(16); names > 0; --names)
    r.text(judged_max);
  const auto actor = r.number<std::uint64_t>();
  for (auto names = r.length(1'000); names > 0; --names)
    r.text(judged_max);
  if (!r.at_end() || actor == 0)
    return refuse("a malformed handshake");
  return greet(node) ? take(h, arrived, verdict::pass)
                     : refuse("a node id that is invalid or our own");
}

frame_check::judgement frame_check::client_handshake(const header& h,
                                                     payload arrived) {
  if (h.length != sizeof(node_bytes) || h.data != 0 || h.source != 0 ||
      h.destination != 0)
    return refuse("a malformed handshake");
  if (arrived.size() < h.length)
    return {verdict::wait};
  // CAF's clients send theirs at once, and again in answer to the server's. A
  // node has one link, so the second one selects nothing.
  if (peer_)
    return std::equal(arrived.begin(), arrived.end(), peer_->begin())
               ? take(h, arrived, verdict::drop)
               : refuse("a handshake for another node");
  return greet(arrived) ? take(h, arrived, verdict::pass)
                        : refuse("a node id that is invalid or our own");
}

// The other side has refused us, and says why.
frame_check::judgement frame_check::refusal(const header& h, payload arrived) {
  if (h.length > refusal_text_max)
    return refuse("a refusal that is too long");
  if (arrived.size() < h.length)
    return {verdict::wait};
  const std::string_view text(reinterpret_cast<const char*>(arrived.data()),
                              arrived.size());
  not_let_in_ = true;
  return refuse(text.empty() ? "it gives no reason"
                             : plain_text(text, refusal_text_max));
}

bool frame_check::greet(payload node) {
  if (!is_node(node) ||
      std::equal(node.begin(), node.end(), rules_.self.begin()))
    return false;
  std::copy(node.begin(), node.end(), peer_.emplace().begin());
  return true;
}

frame_check::judgement frame_check::direct(const header& h, payload arrived) {
  if (h.flags == named_receiver && h.destination == spawn_server)
    return take(h, arrived, verdict::drop);
  if (h.flags != 0)
    return refuse("a message to an actor by name");
  if (h.destination == 0 ||
      (rules_.side == link_side::listening && h.destination != rules_.gateway))
    return refuse("a message to an actor that is not the gateway");
  if ((h.data & stream_bit) != 0)
    return refuse("a message of a stream");
  const bool answer = (h.data & answer_bit) != 0;
  if (answer != (rules_.side == link_side::dialling))
    return refuse(answer ? "an answer, and nobody asked"
                         : "a question, where only answers may come");
  if (arrived.size() < std::min<std::size_t>(h.length, names_end_max))
    return {verdict::wait};
  frame_reader r(arrived);
  if (r.number<std::uint8_t>() != 0)
    return refuse("a message with a forwarding stack");
  const bool untyped = r.number<std::uint16_t>() == 0;
  const auto names = r.text(names_max);
  if (!r.good() || !untyped)
    return refuse("a malformed message");
  if (names != error_alone)
    return may_be_made_of(names) ? take(h, arrived, verdict::pass)
                                 : judgement{verdict::refuse};
  if (h.length > judged_max)
    return refuse("an error of over 16 KiB");
  if (arrived.size() < h.length)
    return {verdict::wait};
  return is_plain_error(r) ? take(h, arrived, verdict::pass)
                           : refuse("an error with more than plain values");
}

bool frame_check::may_be_made_of(std::string_view names) {
  why_ = "a malformed message";
  return each_name(names, [this](std::string_view name) {
    const bool known = name != "@error" && rules_.message_types->contains(name);
    if (!known)
      why_ = "a message with the type '" + plain_text(name) + "'";
    return known;
  });
}

frame_check::judgement frame_check::monitor(const header& h, payload arrived) {
  if (h.length != both_nodes || h.data != 0 || h.source != 0)
    return refuse("a malformed request to monitor");
  if (h.destination == 0 ||
      (rules_.side == link_side::listening && h.destination != rules_.gateway))
    return refuse("a request to monitor an actor that is not the gateway");
  if (arrived.size() < h.length)
    return {verdict::wait};
  return names_both_nodes(arrived) ? take(h, arrived, verdict::pass)
                                   : refuse("a frame for other nodes");
}

frame_check::judgement frame_check::down(const header& h, payload arrived) {
  if (h.length < both_nodes || h.length > judged_max || h.data != 0 ||
      h.source == 0 || h.destination != 0)
    return refuse("a malformed notice of an actor's end");
  if (arrived.size() < h.length)
    return {verdict::wait};
  frame_reader r(arrived.subspan(both_nodes));
  if (!is_plain_error(r))
    return refuse("a malformed notice of an actor's end");
  return names_both_nodes(arrived) ? take(h, arrived, verdict::pass)
                                   : refuse("a frame for other nodes");
}

bool frame_check::names_both_nodes(payload arrived) const {
  const auto from = arrived.first(sizeof(node_bytes));
  const auto to = arrived.subspan(sizeof(node_bytes), sizeof(node_bytes));
  return std::equal(from.begin(), from.end(), peer_->begin()) &&
         std::equal(to.begin(), to.end(), rules_.self.begin());
}

} // namespace chancery::actors
