// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/transport/link.hpp"

#include <boost/asio/post.hpp>

#include <fmt/format.h>

#include <sys/socket.h>

#include <cerrno>
#include <exception>

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

std::string address_of(const tcp::socket& socket) {
  boost::system::error_code error;
  const auto end = socket.remote_endpoint(error);
  if (error)
    return "an unknown address";
  const auto address = end.address().to_string();
  return end.address().is_v6() ? fmt::format("[{}]:{}", address, end.port())
                               : fmt::format("{}:{}", address, end.port());
}

} // namespace

link::link(boost::asio::io_context& context, tcp::socket socket,
           const tls_context& tls, link_side side, events on)
    : context_(context), socket_(std::move(socket)), caf_(context),
      tls_(tls, side, socket_.native_handle()), on_(std::move(on)),
      address_(address_of(socket_)) {
  boost::system::error_code ignored;
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
}

void link::start() { advance(); }

void link::attach(int socket, const frame_rules& rules) {
  caf_.assign(boost::asio::local::stream_protocol(), socket);
  check_.emplace(rules);
}

std::string link::who() const {
  return peer_ ? fmt::format("{} {} at {}", crypto::to_text(peer_->role),
                             peer_->name, address_)
               : address_;
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
  peer_ = tls_.peer();
  tls_needs_write_ = false;
  phase_ = phase::greet;
  age_ = 0;
  on_.authenticated(*this, *peer_);
}

bool link::receive() {
  bool moved = false;
  // Reads many records at a time, so that CAF is woken once for all of them.
  while (!tls_reads_blocked_ && !tls_closed_ && !ignores_answers()) {
    const auto space = up_.space();
    if (space.empty())
      break;
    const auto [what, bytes] = tls_.read(space);
    tls_needs_write_ = what == tls_session::progress::want_write;
    tls_reads_blocked_ = what == tls_session::progress::want_read;
    tls_closed_ = what == tls_session::progress::closed;
    if (what == tls_session::progress::failed)
      close(tls_.why());
    if (what != tls_session::progress::done)
      break;
    up_.add(bytes);
    idle_ = 0;
    moved = true;
  }
  return moved;
}

bool link::check() {
  bool moved = false;
  while (carries()) {
    const auto [what, bytes] = check_->judge(up_.waiting());
    switch (what) {
    case frame_check::verdict::wait:
      return moved;
    case frame_check::verdict::refuse:
      close("it sent " + check_->why());
      return false;
    case frame_check::verdict::drop:
      up_.drop(bytes);
      break;
    case frame_check::verdict::pass:
      if (phase_ == phase::greet) {
        on_.greeted(*this, *check_->peer());
        phase_ = phase::open;
      }
      up_.clear(bytes);
      break;
    }
    moved = true;
  }
  return moved;
}

bool link::deliver() {
  const auto ready = up_.ready();
  if (ready.empty() || caf_writes_blocked_ || phase_ != phase::open)
    return false;
  const auto sent = ::send(caf_.native_handle(), ready.data(), ready.size(),
                           MSG_NOSIGNAL | MSG_DONTWAIT);
  caf_writes_blocked_ = sent < 0 && would_block();
  if (sent >= 0) {
    up_.take(static_cast<std::size_t>(sent));
    up_stuck_ = 0;
    return true;
  }
  if (!caf_writes_blocked_)
    caf_closed_ = true;
  return false;
}

bool link::collect() {
  if (!carries() || caf_reads_blocked_ || caf_closed_)
    return false;
  const auto space = down_.space();
  if (space.empty())
    return false;
  const auto got =
      ::recv(caf_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
  caf_reads_blocked_ = got < 0 && would_block();
  if (got > 0) {
    down_.add(static_cast<std::size_t>(got));
    down_.clear_all();
    quiet_ = 0;
    return true;
  }
  if (!caf_reads_blocked_)
    caf_closed_ = true;
  return false;
}

bool link::send() {
  bool moved = false;
  while (carries() && !tls_writes_blocked_ && !down_.ready().empty()) {
    const auto [what, bytes] = tls_.write(down_.ready());
    tls_writes_blocked_ = what == tls_session::progress::want_write;
    if (what == tls_session::progress::failed)
      close(tls_.why());
    if (what == tls_session::progress::closed)
      close("");
    if (what != tls_session::progress::done)
      break;
    down_.take(bytes);
    down_stuck_ = 0;
    moved = true;
  }
  return moved;
}

/// Closes after one side ended, once what it sent before has been delivered.
void link::close_when_done() {
  if (!carries())
    return;
  if (tls_closed_ && up_.ready().empty())
    close(phase_ == phase::greet ? std::string(closed_early) : "");
  else if (caf_closed_ && down_.ready().empty())
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
  if (before != phase::shake)
    tls_.say_goodbye();
  phase_ = phase::drain;
  age_ = 0;
  on_.closed(*this, before, why);
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (caf_.is_open())
    ::shutdown(caf_.native_handle(), SHUT_WR);
  up_ = {};
  down_.forget();
  boost::asio::post(context_, [self = shared_from_this()] { self->advance(); });
}

void link::drain() {
  ssize_t got = 0;
  if (caf_.is_open() && age_ < stuck_ticks_max) {
    do {
      const auto space = down_.space();
      got = ::recv(caf_.native_handle(), space.data(), space.size(),
                   MSG_DONTWAIT);
    } while (got > 0);
    caf_reads_blocked_ = got < 0 && would_block();
    if (caf_reads_blocked_)
      return;
  }
  phase_ = phase::ended;
  boost::system::error_code ignored;
  caf_.close(ignored);
  down_ = {};
  on_.ended(*this);
}

void link::tick() {
  ++age_;
  switch (phase_) {
  case phase::shake:
    if (age_ >= handshake_ticks_max)
      cut("it did not set up TLS in 5 s");
    return;
  case phase::drain:
    if (age_ >= stuck_ticks_max)
      advance();
    return;
  case phase::ended:
    return;
  case phase::greet:
    if (age_ >= handshake_ticks_max)
      return cut("it did not greet in 5 s");
    break;
  case phase::open:
    // A peer that is not being read does not count as silent.
    idle_ = up_.ready().empty() && !ignores_answers() ? idle_ + 1 : 0;
    if (idle_ > idle_ticks_max)
      return cut("it was silent for 2 s");
    break;
  }
  watch_takers();
  ++quiet_;
  if (!finish_ticks_left_ || phase_ == phase::drain)
    return;
  if (*finish_ticks_left_ == 0 ||
      (down_.ready().empty() && quiet_ >= finish_quiet_ticks))
    return cut("");
  --*finish_ticks_left_;
}

void link::watch_takers() {
  up_stuck_ = up_.ready().empty() ? 0 : up_stuck_ + 1;
  down_stuck_ = down_.ready().empty() ? 0 : down_stuck_ + 1;
  if (up_stuck_ > stuck_ticks_max)
    return cut("CAF read nothing for 10 s");
  if (down_stuck_ <= stuck_ticks_max)
    return;
  // The kernel must not keep unsent data for the peer after the link.
  boost::system::error_code ignored;
  socket_.set_option(tcp::socket::linger(true, 0), ignored);
  cut("it read nothing for 10 s");
}

void link::arm() {
  if (phase_ == phase::shake)
    return tls_needs_write_ ? wait(socket_, socket_wait::wait_write,
                                   tls_write_armed_, tls_writes_blocked_)
                            : wait(socket_, socket_wait::wait_read,
                                   tls_read_armed_, tls_reads_blocked_);
  if (carries() && tls_reads_blocked_)
    wait(socket_, socket_wait::wait_read, tls_read_armed_, tls_reads_blocked_);
  if (carries() && (tls_writes_blocked_ || tls_needs_write_))
    wait(socket_, socket_wait::wait_write, tls_write_armed_,
         tls_writes_blocked_);
  if ((carries() || phase_ == phase::drain) && caf_reads_blocked_)
    wait(caf_, socket_wait::wait_read, caf_read_armed_, caf_reads_blocked_);
  if (carries() && caf_writes_blocked_)
    wait(caf_, socket_wait::wait_write, caf_write_armed_, caf_writes_blocked_);
}

/// Advances again once the socket is ready. Idempotent while armed.
template <class Socket>
void link::wait(Socket& socket, socket_wait what, bool& armed, bool& blocked) {
  if (std::exchange(armed, true))
    return;
  socket.async_wait(what, [self = shared_from_this(), &armed,
                           &blocked](const boost::system::error_code& error) {
    armed = false;
    blocked = false;
    if (!error)
      self->advance();
  });
}

} // namespace chancery::actors
