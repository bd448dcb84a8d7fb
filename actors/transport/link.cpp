// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/transport/link.hpp"

#include <boost/asio/post.hpp>

#include <fmt/format.h>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <span>

namespace chancery::actors {

namespace {

using boost::asio::ip::tcp;

/// Rounds of transfers before other links have their turn.
constexpr int rounds_max = 8;

/// Ticks without output after which CAF has sent its last messages: it needs
/// some milliseconds after a gateway's end. Less than the interval of
/// heartbeats, which never stop.
constexpr unsigned finish_quiet_ticks = 2;

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

} // namespace

link::link(boost::asio::io_context& context, tcp::socket socket,
           const tls_context& tls, link_side side, events on)
    : context_(context), socket_(std::move(socket)), caf_(context), side_(side),
      tls_(tls, side, socket_.native_handle()), on_(std::move(on)) {
  boost::system::error_code ignored;
  if (const auto end = socket_.remote_endpoint(ignored); !ignored) {
    address_ = end.address();
    port_ = end.port();
  }
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
}

void link::start() { advance(); }

void link::attach(int socket, const frame_rules& rules) {
  caf_.assign(boost::asio::local::stream_protocol(), socket);
  check_.emplace(rules);
}

std::string link::who() const {
  const auto text = address_.to_string();
  const auto end = address_.is_v6() ? fmt::format("[{}]:{}", text, port_)
                                    : fmt::format("{}:{}", text, port_);
  return channel_ ? fmt::format("{} {} at {}", crypto::to_text(peer().role),
                                peer().name, end)
                  : end;
}

bool link::has_sent() const {
  boost::system::error_code ignored;
  return tls_.has_received() || socket_.available(ignored) > 0;
}

void link::advance() {
  try {
    if (phase_ == phase::shake)
      shake_hands();
    bool moved = true;
    for (int round = 0; moved && round < rounds_max; ++round) {
      if (!carries())
        break;
      moved = receive();
      moved = check() || moved;
      moved = deliver() || moved;
      moved = collect() || moved;
      moved = send() || moved;
      close_when_done();
    }
    if (phase_ == phase::drain)
      drain();
    if (moved && carries())
      return boost::asio::post(
          context_, [self = shared_from_this()] { self->advance(); });
  } catch (const std::exception& e) {
    cut(e.what());
  }
  arm();
}

void link::shake_hands() {
  switch (tls_.handshake()) {
  case tls_session::progress::done:
    return authenticate();
  case tls_session::progress::want_write:
    tls_needs_write_ = true;
    return;
  case tls_session::progress::want_read:
    tls_needs_write_ = false;
    return;
  case tls_session::progress::closed:
    return close("it closed the connection during the TLS handshake");
  case tls_session::progress::failed:
    return close(tls_.why());
  }
}

void link::authenticate() {
  channel_ = tls_.channel();
  tls_needs_write_ = false;
  phase_ = phase::greet;
  age_ = 0;
  on_.authenticated(*this, *channel_);
}

bool link::receive() {
  bool moved = false;
  // Reads many records at a time, so that CAF is woken once for all of them.
  while (!up_.source.blocked && !up_.ended && !ignores_answers()) {
    const auto space = up_.buffer.space();
    if (space.empty())
      break;
    const auto [what, bytes] = tls_.read(space);
    tls_needs_write_ = what == tls_session::progress::want_write;
    up_.source.blocked = what == tls_session::progress::want_read;
    up_.ended = what == tls_session::progress::closed;
    if (what == tls_session::progress::failed)
      close(tls_.why());
    if (what != tls_session::progress::done)
      break;
    up_.buffer.add(bytes);
    up_.quiet = 0;
    moved = true;
  }
  return moved;
}

bool link::check() {
  bool moved = false;
  while (carries()) {
    const auto [what, bytes] = check_->judge(up_.buffer.waiting());
    switch (what) {
    case frame_check::verdict::wait:
      return moved;
    case frame_check::verdict::refuse:
      close((check_->not_let_in() ? "the other side does not let this host in: "
                                  : "it sent ") +
            check_->why());
      return false;
    case frame_check::verdict::drop:
      up_.buffer.drop(bytes);
      break;
    case frame_check::verdict::pass:
      if (phase_ == phase::greet) {
        on_.greeted(*this, *check_->peer());
        phase_ = phase::open;
      }
      up_.buffer.clear(bytes);
      break;
    }
    moved = true;
  }
  return moved;
}

bool link::deliver() {
  const auto ready = up_.buffer.ready();
  if (ready.empty() || up_.sink.blocked || phase_ != phase::open)
    return false;
  const auto sent = ::send(caf_.native_handle(), ready.data(), ready.size(),
                           MSG_NOSIGNAL | MSG_DONTWAIT);
  up_.sink.blocked = sent < 0 && would_block();
  if (sent >= 0) {
    up_.buffer.take(static_cast<std::size_t>(sent));
    up_.stuck = 0;
    return true;
  }
  if (!up_.sink.blocked)
    down_.ended = true;
  return false;
}

bool link::collect() {
  if (!carries() || down_.source.blocked || down_.ended)
    return false;
  const auto space = down_.buffer.space();
  if (space.empty())
    return false;
  const auto got =
      ::recv(caf_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
  down_.source.blocked = got < 0 && would_block();
  if (got > 0) {
    down_.buffer.add(static_cast<std::size_t>(got));
    down_.buffer.clear_all();
    down_.quiet = 0;
    return true;
  }
  if (!down_.source.blocked)
    down_.ended = true;
  return false;
}

bool link::send() {
  if (phase_ == phase::greet && side_ == link_side::listening)
    return false; // a peer that is refused gets the reason as its first frame
  bool moved = false;
  while (carries() && !down_.sink.blocked && !down_.buffer.ready().empty()) {
    const auto [what, bytes] = tls_.write(down_.buffer.ready());
    down_.sink.blocked = what == tls_session::progress::want_write;
    if (what == tls_session::progress::failed)
      close(tls_.why());
    if (what == tls_session::progress::closed)
      close("");
    if (what != tls_session::progress::done)
      break;
    down_.buffer.take(bytes);
    down_.stuck = 0;
    moved = true;
  }
  return moved;
}

/// Closes after one side ended, once what it sent before has been delivered.
void link::close_when_done() {
  if (!carries())
    return;
  if (up_.ended && up_.buffer.ready().empty())
    close(phase_ == phase::greet ? std::string(closed_early) : "");
  else if (down_.ended && down_.buffer.ready().empty())
    close("CAF closed its end of the link");
}

void link::cut(const std::string& why) {
  close(why);
  arm();
}

void link::close(const std::string& why) {
  if (phase_ == phase::drain || phase_ == phase::ended)
    return;
  const auto before = phase_;
  if (before == phase::greet)
    say_why(why);
  if (before != phase::shake)
    tls_.say_goodbye();
  phase_ = phase::drain;
  age_ = 0;
  on_.closed(*this, before, why);
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (caf_.is_open())
    ::shutdown(caf_.native_handle(), SHUT_WR);
  up_.buffer = {};
  down_.buffer.forget();
  boost::asio::post(context_, [self = shared_from_this()] { self->advance(); });
}

/// To a peer that is not let in.
void link::say_why(const std::string& why) {
  if (side_ != link_side::listening || why.empty())
    return;
  const auto frame = refusal_frame(why);
  tls_.write(std::as_bytes(std::span(frame)));
}

void link::drain() {
  ssize_t got = 0;
  if (caf_.is_open() && age_ < ticks(stuck_time_max)) {
    do {
      const auto space = down_.buffer.space();
      got = ::recv(caf_.native_handle(), space.data(), space.size(),
                   MSG_DONTWAIT);
    } while (got > 0);
    down_.source.blocked = got < 0 && would_block();
    if (down_.source.blocked)
      return;
  }
  phase_ = phase::ended;
  boost::system::error_code ignored;
  caf_.close(ignored);
  down_.buffer = {};
  on_.ended(*this);
}

void link::tick() {
  ++age_;
  switch (phase_) {
  case phase::shake:
    if (age_ >= ticks(handshake_time_max))
      cut(fmt::format("it did not set up TLS in {} s",
                      handshake_time_max.count()));
    return;
  case phase::drain:
    if (age_ >= ticks(stuck_time_max))
      advance();
    return;
  case phase::ended:
    return;
  case phase::greet:
    if (age_ >= ticks(handshake_time_max))
      return cut(
          fmt::format("it did not greet in {} s", handshake_time_max.count()));
    break;
  case phase::open:
    up_.quiet = is_read() ? up_.quiet + 1 : 0;
    if (up_.quiet > ticks(silence_max))
      return cut(fmt::format("it was silent for {} s", silence_max.count()));
    break;
  }
  if (!watch_certificates() || !watch_frame())
    return;
  watch_takers();
  ++down_.quiet;
  if (!finish_ticks_left_ || phase_ == phase::drain)
    return;
  if (*finish_ticks_left_ == 0 ||
      (down_.buffer.ready().empty() && down_.quiet >= finish_quiet_ticks))
    return cut("");
  --*finish_ticks_left_;
}

bool link::watch_certificates() {
  const auto now = std::chrono::system_clock::now();
  if (now >= channel_->peer_until)
    cut("its certificate has expired");
  else if (now >= channel_->own_until)
    cut("this host's certificate has expired");
  return carries();
}

/// A frame keeps memory at CAF until it is complete, so it has to arrive at a
/// least rate.
bool link::watch_frame() {
  const auto waiting = up_.buffer.waiting().size();
  const bool begun = check_->incomplete() || waiting > 0;
  if (!begun || std::exchange(frame_, check_->frames()) != check_->frames())
    frame_age_ = 0;
  else if (is_read())
    ++frame_age_;
  const auto late = frame_age_ - std::min(frame_age_, ticks(frame_time_free));
  const auto arrived = waiting + (check_->incomplete() ? check_->arrived() : 0);
  if (arrived >=
      frame_bytes_per_second_min * late / ticks(std::chrono::seconds(1)))
    return true;
  cut(fmt::format("a frame of it came at under {} KiB/s",
                  frame_bytes_per_second_min >> 10));
  return false;
}

void link::watch_takers() {
  up_.stuck = up_.buffer.ready().empty() ? 0 : up_.stuck + 1;
  down_.stuck = down_.buffer.ready().empty() ? 0 : down_.stuck + 1;
  if (up_.stuck > ticks(stuck_time_max))
    return cut(
        fmt::format("CAF read nothing for {} s", stuck_time_max.count()));
  if (down_.stuck <= ticks(stuck_time_max))
    return;
  // The kernel must not keep unsent data for the peer after the link.
  boost::system::error_code ignored;
  socket_.set_option(tcp::socket::linger(true, 0), ignored);
  cut(fmt::format("it read nothing for {} s", stuck_time_max.count()));
}

void link::arm() {
  if (phase_ == phase::shake)
    return tls_needs_write_ ? wait(socket_, socket_wait::wait_write, down_.sink)
                            : wait(socket_, socket_wait::wait_read, up_.source);
  if (carries() && up_.source.blocked)
    wait(socket_, socket_wait::wait_read, up_.source);
  if (carries() && (down_.sink.blocked || tls_needs_write_))
    wait(socket_, socket_wait::wait_write, down_.sink);
  if ((carries() || phase_ == phase::drain) && down_.source.blocked)
    wait(caf_, socket_wait::wait_read, down_.source);
  if (carries() && up_.sink.blocked)
    wait(caf_, socket_wait::wait_write, up_.sink);
}

/// Advances again once the socket is ready. Idempotent while armed.
template <class Socket>
void link::wait(Socket& socket, socket_wait what, socket_end& end) {
  if (std::exchange(end.armed, true))
    return;
  socket.async_wait(what, [self = shared_from_this(),
                           &end](const boost::system::error_code& error) {
    end = {};
    if (!error)
      self->advance();
  });
}

} // namespace chancery::actors
