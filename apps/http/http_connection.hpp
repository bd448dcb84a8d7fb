// SPDX-License-Identifier: Apache-2.0
#pragma once

// A server's connection.
//
//     handshake ─► rest ─► header ─► body ─► serve ─► answer ─► linger ─►
//     closed
//                   ▲                                 ▲ │ │
//                   │                          stream ◄─┘ │
//                   └─────────────────────────────────────┘ while it is kept
//                   alive
//
// A refusal may be held back on its way from header to answer. Every phase but
// serve and stream has a deadline: not for each octet, but for the whole
// of it (an answer's is renewed with its progress). A refusal goes from header
// or body to answer, and lingers. An answer that goes on waits in stream for
// its next piece, and watches meanwhile whether the peer goes.
//
// For the one file with Asio and Beast.

#include <utility>

#include "apps/http/http_channel.hpp"
#include "apps/http/http_deadline.hpp"
#include "apps/http/http_exchange.hpp"
#include "apps/http/http_thread.hpp"
#include "apps/http/http_waiting.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace chancery::apps {

class http_connection : public http_resident,
                        public std::enable_shared_from_this<http_connection> {
 public:
  using socket = http_waiting::socket;

  /// On `home`'s thread.
  http_connection(http_thread& home, socket accepted, std::uint64_t id,
                  http_peer peer, const tls_settings& tls);

  void start() noexcept;
  void give_way() noexcept override {
    if (phase_ == phase::handshake || phase_ == phase::rest ||
        phase_ == phase::linger)
      close();
  }
  void take_answer(std::uint64_t request,
                   std::optional<http_response> answer) noexcept override;
  void hear_stream() noexcept override {
    if (home_.serves(id_))
      return; // go() comes to it
    if (phase_ == phase::stream)
      go();
    else if (writes_a_stream() && exchange_->stream_is_broken())
      close();
  }
  void end_stream() noexcept override {
    if (phase_ == phase::stream)
      go();
    else if (writes_a_stream())
      close();
  }

 private:
  enum class phase {
    handshake,
    rest,
    header,
    body,
    serve,
    held_back,
    answer,
    stream,
    linger,
    closed
  };

  // True: there may be more to do now. False: something is waited for.
  void go() noexcept;
  bool step();
  bool shake_hands();
  bool rest();
  bool read_header();
  bool take_header(std::string_view octets);
  bool begin_body(const http_head& head, std::uint64_t body_max);
  bool read_body();
  bool serve();
  bool write();
  bool stream();
  bool watch_peer();
  bool linger();

  bool receive();
  bool begin_request() {
    exchange_ = std::make_unique<http_exchange>(parts_, peer_);
    enter(phase::header, parts_.limits.header);
    return true;
  }
  bool next_request();
  /// Counts what was moved; after a while others have their turn, though there
  /// is more to do.
  bool goes_on(std::uint64_t octets) {
    moved_ += octets;
    if (moved_ < turn_octets)
      return true;
    moved_ = 0;
    boost::asio::post(home_.context(),
                      [self = shared_from_this()] { self->go(); });
    return false;
  }
  bool begin_linger() {
    exchange_.reset();
    unread_ = {};
    parts_.book->linger(id_);
    channel_.end_writing();
    enter(phase::linger, parts_.limits.linger);
    return true;
  }
  bool refuse(http_fault fault) { return answer(refusal(fault), false); }
  bool answer(http_response response, bool keeps_alive);
  /// The answer waits, and nothing is read meanwhile.
  bool hold_back(std::chrono::milliseconds delay) {
    enter(phase::held_back, delay);
    deadline_.watch([self = shared_from_this()] { self->time_out(); });
    return false;
  }
  bool writes_a_stream() const noexcept {
    return phase_ == phase::answer && exchange_->streams();
  }
  http_response refusal(http_fault fault) const;

  void enter(phase next, std::chrono::milliseconds time) {
    phase_ = next;
    deadline_.set(time);
  }
  bool await(http_channel::progress what);
  void time_out() noexcept;
  bool close() noexcept; ///< false

  static constexpr std::uint64_t turn_octets = std::uint64_t{256} << 10;
  static constexpr std::uint64_t request_octets = turn_octets / 16;

  const http_parts& parts_;
  http_thread& home_;
  http_channel channel_;
  http_waiting waiting_;
  const std::uint64_t id_;
  http_peer peer_;
  phase phase_ = phase::handshake;
  std::unique_ptr<http_exchange> exchange_; ///< none while it rests
  std::string unread_;                      ///< received, and not looked at
  std::uint64_t requests_ = 0;
  std::uint64_t moved_ = 0;   ///< octets, without a turn of others
  std::uint64_t dropped_ = 0; ///< octets, while it lingers
  http_deadline deadline_;
};

} // namespace chancery::apps
