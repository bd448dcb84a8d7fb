// SPDX-License-Identifier: Apache-2.0
#pragma once

// One connection between TLS on one side and CAF on the other, which holds the
// other end of a pair of local sockets. What the peer sends goes through a
// frame_check; what CAF sends goes out as it is. Each way has one buffer, and
// while it is full nothing more is read, so a slow side costs no memory.
//
//   shake ── TLS done ──► greet ── first frame ──► open ──► drain ──► ended
//     └────────────────────┴── cut, end of either side ──────┘
//
// In `drain` the connection is closed, and CAF's end is read until CAF closes
// it: then CAF has forgotten the peer's node, which may come back.
//
// Everything happens on the thread of the io_context. Time is counted in ticks
// of the caller, so that a process which was stopped does not blame its peers.

#include "actors/transport/frame_check.hpp"
#include "actors/transport/link_buffer.hpp"
#include "actors/transport/tls.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::actors {

constexpr auto link_tick = std::chrono::milliseconds(200);
constexpr unsigned handshake_ticks_max = 25; ///< 5 s for TLS, 5 s to greet
constexpr unsigned idle_ticks_max = 10;      ///< 2 s; heartbeats come every 0.5
constexpr unsigned stuck_ticks_max = 50;     ///< 10 s that nothing is taken
constexpr unsigned ignoring_ticks_max = 5;   ///< 1 s that no answer is taken
constexpr unsigned finish_ticks_max = 10;    ///< 2 s for CAF's last words

class link : public std::enable_shared_from_this<link> {
 public:
  enum class phase : std::uint8_t { shake, greet, open, drain, ended };

  struct events {
    /// The peer's certificate is good. Attach CAF, or throw to refuse it.
    std::function<void(link&, const crypto::host_identity&)> authenticated;
    /// The peer has said which node it is. Throw to refuse it.
    std::function<void(link&, const node_bytes&)> greeted;
    /// The connection is over, in which phase and why; empty when the other
    /// side closed it in good order. CAF does not know yet.
    std::function<void(link&, phase, const std::string& why)> closed;
    /// CAF has let go, too. The link may be destroyed.
    std::function<void(link&)> ended;
  };

  /// The `why` of a peer that went before its first frame.
  static constexpr std::string_view closed_early = "it closed the connection";

  link(boost::asio::io_context& context, boost::asio::ip::tcp::socket socket,
       const tls_context& tls, link_side side, events on);

  void start();

  /// Gives the link its CAF side: our end of a pair of sockets.
  void attach(int socket, const frame_rules& rules);

  /// Deadlines. Every link_tick.
  void tick();

  /// Ends the link when what CAF has written until now is with the peer.
  void finish() noexcept { finish_ticks_left_ = finish_ticks_max; }

  /// Ends the link now.
  void cut(const std::string& why);

  phase state() const noexcept { return phase_; }

  /// Valid from `authenticated` on.
  const crypto::host_identity& peer() const { return *peer_; }

  /// The peer's role and name when known, and its address.
  std::string who() const;

 private:
  using socket_wait = boost::asio::socket_base::wait_type;

  /// Bytes go both ways.
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
  /// CAF keeps what it cannot send without a limit, so who takes no answers may
  /// ask no more. Not at once, or two hosts that both send would wait for each
  /// other for ever.
  bool ignores_answers() const { return down_stuck_ > ignoring_ticks_max; }
  void close_when_done();
  void watch_takers();
  void close(const std::string& why);
  void arm();
  template <class Socket>
  void wait(Socket& socket, socket_wait what, bool& armed, bool& blocked);

  boost::asio::io_context& context_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::local::stream_protocol::socket caf_;
  tls_session tls_;
  events on_;
  std::string address_;
  std::optional<crypto::host_identity> peer_;
  std::optional<frame_check> check_;
  phase phase_ = phase::shake;

  link_buffer up_;   ///< from the peer to CAF
  link_buffer down_; ///< from CAF to the peer

  /// Said no when it was asked last, and is waited for.
  bool tls_reads_blocked_ = false;
  bool tls_writes_blocked_ = false;
  bool tls_needs_write_ = false;
  bool caf_reads_blocked_ = false;
  bool caf_writes_blocked_ = false;
  bool tls_closed_ = false;
  bool caf_closed_ = false;

  bool tls_read_armed_ = false;
  bool tls_write_armed_ = false;
  bool caf_read_armed_ = false;
  bool caf_write_armed_ = false;

  unsigned age_ = 0;        ///< ticks since the phase began
  unsigned idle_ = 0;       ///< ticks since the peer sent something
  unsigned up_stuck_ = 0;   ///< ticks since CAF took of what waits for it
  unsigned down_stuck_ = 0; ///< ticks since the peer did
  unsigned quiet_ = 0;      ///< ticks since CAF wrote something
  std::optional<unsigned> finish_ticks_left_;
};

} // namespace chancery::actors
