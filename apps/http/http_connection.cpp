// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "apps/http/http_connection.hpp"

#include "apps/http/http_pool_state.hpp"

#include <algorithm>

namespace chancery::apps {

namespace {

using progress = http_channel::progress;

constexpr std::uint64_t body_piece_octets = std::uint64_t{64} << 10;

http_channel channel_for(int socket, const tls_settings& tls) {
  return tls ? http_channel(socket, tls) : http_channel(socket);
}

} // namespace

http_connection::http_connection(http_thread& home, socket accepted,
                                 std::uint64_t id, http_peer peer,
                                 const tls_settings& tls)
    : parts_(home.parts()), home_(home),
      channel_(channel_for(accepted.native_handle(), tls)),
      waiting_(std::move(accepted)), id_(id), peer_(std::move(peer)),
      deadline_(home.context()) {}

void http_connection::start() noexcept {
  parts_.book->rest(id_);
  enter(phase::handshake, parts_.limits.handshake);
  go();
}

void http_connection::go() noexcept {
  const auto self = shared_from_this();
  try {
    while (step()) {
    }
  } catch (const std::exception&) { // without memory it serves nobody
    close();
  }
}

bool http_connection::step() {
  switch (phase_) {
  case phase::handshake:
    return shake_hands();
  case phase::rest:
    return rest();
  case phase::header:
    return read_header();
  case phase::body:
    return read_body();
  case phase::answer:
    return write();
  case phase::stream:
    return stream();
  case phase::linger:
    return linger();
  case phase::serve:
  case phase::held_back:
  case phase::closed:
    break;
  }
  return false;
}

bool http_connection::shake_hands() {
  switch (const auto what = channel_.handshake(); what) {
  case progress::done:
    peer_.certificate_key = channel_.certificate_key();
    return next_request();
  case progress::want_read:
  case progress::want_write:
    return await(what);
  case progress::closed:
  case progress::failed:
    parts_.book->count_closed("handshake");
    return close();
  }
  return false;
}

bool http_connection::rest() {
  if (!receive())
    return false;
  if (!parts_.book->work(id_))
    return close(); // it was chosen to give way
  return begin_request();
}

bool http_connection::next_request() {
  exchange_.reset();
  if (!unread_.empty() && !parts_.book->draining())
    return begin_request() && goes_on(request_octets);
  if (!unread_.empty() || !parts_.book->rest(id_))
    return begin_linger();
  unread_ = {};
  enter(phase::rest, parts_.limits.idle);
  return goes_on(request_octets);
}

bool http_connection::read_header() {
  const auto end = exchange_->scan.end(unread_);
  if (const auto* fault = std::get_if<http_fault>(&end))
    return refuse(*fault);
  const auto size = std::get<std::size_t>(end);
  if (size == 0)
    return receive();
  const auto octets = unread_.substr(0, size);
  unread_.erase(0, size);
  return take_header(octets);
}

bool http_connection::take_header(std::string_view octets) {
  auto read = read_head(octets);
  if (const auto* fault = std::get_if<http_fault>(&read))
    return refuse(*fault);
  auto& head = std::get<http_head>(read);
  if (!exchange_->parser.take_header(without_empty_line(octets)))
    return refuse(http_fault::bad_request);
  exchange_->take(head);
  if (head.fault)
    return refuse(*head.fault);
  auto& admission = exchange_->admission;
  try {
    admission = parts_.handler.admit(exchange_->request);
  } catch (...) {
    return refuse(http_fault::internal);
  }
  if (admission.refusal) {
    answer(std::move(*admission.refusal), head.keeps_alive && !head.has_body());
    return admission.delay.count() == 0 || hold_back(admission.delay);
  }
  return begin_body(head, admission.body_max);
}

bool http_connection::begin_body(const http_head& head,
                                 std::uint64_t body_max) {
  auto& parser = exchange_->parser;
  if (head.length.value_or(0) > body_max)
    return refuse(http_fault::too_large);
  if (!exchange_->reserve(head.length.value_or(0)))
    return refuse(http_fault::busy);
  if (head.chunked) {
    const auto chunked_max = parts_.limits.chunked_body_max;
    parser.limit_chunks(std::min(body_max, chunked_max),
                        body_max <= chunked_max ? http_fault::too_large
                                                : http_fault::length_required);
  }
  if (!parser.is_whole())
    parser.body().reserve(head.length.value_or(0));
  exchange_->body_begin = std::chrono::steady_clock::now();
  if (head.expects_continue && head.has_body() && unread_.empty()) {
    exchange_->set_interim();
    enter(phase::answer, parts_.limits.progress);
    return true;
  }
  enter(phase::body, parts_.limits.body);
  return true;
}

bool http_connection::read_body() {
  auto& parser = exchange_->parser;
  std::size_t taken = 0;
  while (!parser.is_whole() && taken < unread_.size()) {
    const auto more = parser.take(std::string_view(unread_).substr(taken));
    if (parser.fault())
      return refuse(*parser.fault());
    if (more == 0)
      break;
    taken += more;
  }
  unread_.erase(0, taken);
  if (parser.is_whole())
    return serve();
  // A chunk's line, or trailers, that do not end.
  if (unread_.size() > parts_.limits.header_bytes_max)
    return refuse(http_fault::header_too_large);
  const auto pieces = parser.body().size() / body_piece_octets;
  deadline_.set(exchange_->body_begin + parts_.limits.body +
                parts_.limits.body_for_64_kib * pieces);
  return receive() && goes_on(unread_.size());
}

bool http_connection::serve() {
  if (!parts_.book->begin_answer())
    return refuse(http_fault::busy);
  const auto pass = [gate = home_.way_in(), book = parts_.book, id = id_,
                     request =
                         ++requests_](std::optional<http_response> given) {
    book->end_answer();
    gate->pass(id,
               [request, given = std::move(given)](http_resident& at) mutable {
                 at.take_answer(request, std::move(given));
               });
  };
  const http_responder respond(pass, [pass] { pass(std::nullopt); });
  http_request whole = exchange_->request;
  whole.body = std::move(exchange_->parser.body());
  phase_ = phase::serve;
  deadline_.clear();
  const http_thread::serving here(home_, id_);
  try {
    exchange_->admission.serve(std::move(whole), respond);
  } catch (...) {
    respond(refusal(http_fault::internal));
  }
  return phase_ != phase::serve; // it may be answered already
}

void http_connection::take_answer(std::uint64_t request,
                                  std::optional<http_response> given) noexcept {
  if (phase_ != phase::serve || request != requests_)
    return;
  try {
    if (given && !exchange_->hold_answer(*given))
      given = refusal(http_fault::busy);
    answer(given ? std::move(*given) : refusal(http_fault::internal),
           exchange_->keeps_alive);
  } catch (const std::exception&) {
    close();
  }
  if (!home_.serves(id_))
    go();
}

http_response http_connection::refusal(http_fault fault) const {
  try {
    return parts_.handler.refuse(
        fault, exchange_->sound_header ? &exchange_->request : nullptr, peer_);
  } catch (...) {
    http_response bare;
    bare.status = status_of(fault);
    return bare;
  }
}

bool http_connection::answer(http_response response, bool keeps_alive) {
  exchange_->keeps_alive = keeps_alive && !parts_.book->draining();
  if (response.stream)
    response.stream->on_more(home_.waker_of(id_));
  exchange_->set_answer(std::move(response));
  enter(phase::answer, parts_.limits.progress);
  return true;
}

bool http_connection::write() {
  for (auto rest = exchange_->unwritten(); !rest.empty();
       rest = exchange_->unwritten()) {
    const auto [what, octets] = channel_.write(rest.substr(0, turn_octets));
    if (what == progress::want_read || what == progress::want_write)
      return exchange_->cut_short() ? close() : await(what);
    if (what != progress::done)
      return close();
    exchange_->note_written(octets);
    enter(phase::answer, parts_.limits.progress);
    if (!goes_on(octets))
      return false;
  }
  if (exchange_->is_interim()) {
    enter(phase::body, parts_.limits.body);
    return true;
  }
  if (exchange_->streams()) {
    phase_ = phase::stream;
    return true;
  }
  return exchange_->keeps_alive ? next_request() : begin_linger();
}

bool http_connection::stream() {
  if (exchange_->stream_is_broken())
    return close();
  if (!exchange_->take_piece(parts_.book->draining())) {
    deadline_.clear();
    return watch_peer();
  }
  enter(phase::answer, parts_.limits.progress);
  return true;
}

/// Notices the end of a peer to which there is nothing to write. What it sends
/// meanwhile is a request that has to wait.
bool http_connection::watch_peer() {
  const auto what = channel_.read_all(home_.scratch(), unread_,
                                      parts_.limits.header_bytes_max);
  if (what == progress::closed || what == progress::failed)
    return close();
  waiting_.watch([self = shared_from_this()] { self->hear_stream(); });
  return false;
}

/// Whoever still sends when its socket is closed gets a reset, which may
/// overtake the answer (RFC 9112 9.6).
bool http_connection::linger() {
  const auto [what, octets] = channel_.drop(home_.scratch());
  dropped_ += octets;
  if (what == progress::want_read)
    return await(what);
  if (what == progress::done && dropped_ <= parts_.limits.linger_bytes_max)
    return goes_on(octets);
  return close();
}

bool http_connection::receive() {
  const auto [what, octets] = channel_.read(home_.scratch());
  switch (what) {
  case progress::done:
    unread_.append(home_.scratch().data(), octets);
    return true;
  case progress::want_read:
  case progress::want_write:
    return await(what);
  case progress::closed:
  case progress::failed:
    return close();
  }
  return false;
}

bool http_connection::await(progress what) {
  deadline_.watch([self = shared_from_this()] { self->time_out(); });
  waiting_.await(what == progress::want_write,
                 [self = shared_from_this()] { self->go(); });
  return false;
}

void http_connection::time_out() noexcept {
  if (phase_ == phase::handshake)
    parts_.book->count_closed("handshake");
  if (phase_ == phase::held_back) {
    enter(phase::answer, parts_.limits.progress);
    return go();
  }
  if (phase_ != phase::header && phase_ != phase::body) {
    close();
    return;
  }
  waiting_.forget(); // what comes now is too late
  try {
    refuse(http_fault::timeout);
  } catch (const std::exception&) {
    close();
  }
  go();
}

bool http_connection::close() noexcept {
  if (std::exchange(phase_, phase::closed) == phase::closed)
    return false;
  exchange_.reset();
  unread_ = {};
  deadline_.cancel();
  waiting_.close();
  parts_.book->leave(id_);
  home_.forget(id_);
  return false;
}

http_pool::http_pool(http_parts parts, unsigned threads)
    : state_(std::make_unique<state>(std::move(parts), threads)) {}

http_pool::~http_pool() = default;

void http_pool::adopt(http_arrival arrival, std::uint64_t id,
                      tls_settings tls) {
  auto& home = state_->home_of(id);
  boost::asio::post(home.context(), [&home, id, arrival = std::move(arrival),
                                     tls = std::move(tls)]() mutable {
    try {
      http_connection::socket socket(home.context());
      socket.assign(boost::asio::ip::tcp::v4(), arrival.socket.get());
      arrival.socket.release();
      const auto made = std::make_shared<http_connection>(
          home, std::move(socket), id, std::move(arrival.peer), tls);
      home.admit(id, made);
      made->start();
    } catch (const std::exception&) { // no memory: it is closed
      home.forget(id);
      home.parts().book->leave(id);
    }
  });
}

void http_pool::ask_to_give_way(std::uint64_t id) {
  state_->home_of(id).call(id, [](http_resident& at) { at.give_way(); });
}

void http_pool::end_streams() { state_->end_streams(); }

std::chrono::steady_clock::duration http_pool::silence() const {
  return state_->silence();
}

} // namespace chancery::apps
