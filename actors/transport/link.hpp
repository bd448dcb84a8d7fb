// SPDX-License-Identifier: Apache-2.0
#pragma once

// One connection: TLS to the peer on one side, and on the other a pair of local
// sockets, of which CAF holds the other end. The peer's bytes pass through a
// frame_check; CAF's bytes are sent as they are. Each direction has one buffer;
// while it is full nothing more is read, so a slow side costs no memory.
//
//   shake ── TLS done ──► greet ── first frame ──► open ──► drain ──► ended
//     └────────────────────┴── cut, end of either side ──────┘
//
// In `drain` the connection is closed, and CAF's end is read until CAF closes
// it. CAF has then forgotten the peer's node, which may connect again.
//
// A link ends with the first of both certificates. That is checked every tick
// against the wall clock, so a clock that jumps is noticed, too.
//
// Everything runs on the io_context's thread. Time is counted in ticks of the
// caller, so that a process that was stopped does not blame its peers.

#include "actors/transport/frame_check.hpp"
#include "actors/transport/limits.hpp"
#include "actors/transport/link_buffer.hpp"
#include "actors/transport/tls.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::actors {

class link : public std::enable_shared_from_this<link> {
 public:
  enum class phase : std::uint8_t { shake, greet, open, drain, ended };

  struct events {
    /// The peer's certificate is valid. Attach CAF, or throw to refuse it: a
    /// dialling peer gets the exception's sentence.
    std::function<void(link&, const secure_channel&)> authenticated;
    /// The peer has sent its node id. Throw to refuse it.
    std::function<void(link&, const node_bytes&)> greeted;
    /// The connection ended: in which phase, and why; empty after an orderly
    /// close. CAF does not know yet.
    std::function<void(link&, phase, const std::string& why)> closed;
    /// CAF has closed its end, too, or took longer than 10 s. The link may be
    /// destroyed.
    std::function<void(link&)> ended;
  };

  /// The `why` of a peer that closed before its first frame.
  static constexpr std::string_view closed_early = "it closed the connection";

  link(boost::asio::io_context& context, boost::asio::ip::tcp::socket socket,
       const tls_context& tls, link_side side, events on);

  void start();

  /// Gives the link its CAF side: our end of a pair of sockets.
  void attach(int socket, const frame_rules& rules);

  /// Checks the deadlines. Call it every link_tick.
  void tick();

  /// Ends the link once CAF's output has been sent to the peer; 2 s at most.
  void finish() noexcept { finish_ticks_left_ = ticks(finish_time_max); }

  /// Ends the link now.
  void cut(const std::string& why);

  phase state() const noexcept { return phase_; }

  /// Valid from `authenticated` on.
  const crypto::host_identity& peer() const { return channel_->peer; }

  /// The peer's role and name when known, and its address.
  std::string who() const;

  /// Unspecified (0.0.0.0) when the peer closed before it was accepted.
  const boost::asio::ip::address& address() const noexcept { return address_; }

  /// Whether the peer has sent anything.
  bool has_sent() const;

 private:
  using socket_wait = boost::asio::socket_base::wait_type;

  /// One operation of a socket.
  struct socket_end {
    bool blocked = false; ///< from EWOULDBLOCK until the socket is ready again
    bool armed = false;   ///< a wait for that is under way
  };

  struct direction {
    link_buffer buffer;
    socket_end source;
    socket_end sink;
    bool ended = false; ///< the source is closed
    unsigned quiet = 0; ///< ticks since the source sent something
    unsigned stuck = 0; ///< ticks since the sink took bytes, while some wait
  };

  /// Whether bytes are transferred, in both directions.
  bool carries() const {
    return phase_ == phase::greet || phase_ == phase::open;
  }

  void advance();
  void shake_hands();
  void authenticate();
  bool receive();
  bool check();
  bool deliver();
  bool collect();
  bool send();
  void drain();
  /// CAF's send queue has no limit, so a peer that takes no answers is not
  /// read. Only after a second: otherwise two hosts that both send would wait
  /// for each other for ever.
  bool ignores_answers() const {
    return down_.stuck > ticks(ignoring_time_max);
  }
  /// A peer that is not being read does not count as silent or slow.
  bool is_read() const {
    return up_.buffer.ready().empty() && !ignores_answers();
  }
  void close_when_done();
  void say_why(const std::string& why);
  bool watch_certificates();
  bool watch_frame();
  void watch_takers();
  void close(const std::string& why);
  void arm();
  template <class Socket>
  void wait(Socket& socket, socket_wait what, socket_end& end);

  boost::asio::io_context& context_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::local::stream_protocol::socket caf_;
  link_side side_;
  tls_session tls_;
  events on_;
  boost::asio::ip::address address_;
  std::uint16_t port_ = 0;
  std::optional<secure_channel> channel_;
  std::optional<frame_check> check_;
  phase phase_ = phase::shake;

  direction up_;   ///< from the peer, over TLS, to CAF
  direction down_; ///< from CAF to the peer
  bool tls_needs_write_ = false;
  unsigned age_ = 0;        ///< ticks since the phase began
  std::uint64_t frame_ = 0; ///< the number of the frame that is arriving
  unsigned frame_age_ = 0;  ///< ticks in which it could arrive
  std::optional<unsigned> finish_ticks_left_;
};

} // namespace chancery::actors
