// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/transport/dialler.hpp"

#include <boost/asio/connect.hpp>

#include <fmt/format.h>

#include <stdexcept>

namespace chancery::actors {

dialler::dialler(caf::actor_system& system, connector_options options,
                 events on)
    : system_(system), options_(std::move(options)),
      allowed_(options_.message_types.begin(), options_.message_types.end()),
      self_(own_node(system)), tls_(options_.credentials, link_side::dialling),
      on_(std::move(on)), loop_([this] { tick(); }),
      resolver_(loop_.context()) {
  loop_.start();
}

dialler::~dialler() {
  loop_.stop([this] {
    if (link_)
      link_->cut("");
  });
}

void dialler::dial(loop_bell& bell, dialler& d, std::uint64_t attempt) {
  bell.post([&d, attempt] {
    d.stop_connecting();
    d.attempt_ = attempt;
    d.dialling_ = true;
    d.age_ = 0;
    d.begin();
  });
}

void dialler::hang_up(loop_bell& bell, dialler& d, std::uint64_t attempt) {
  bell.post([&d, attempt] {
    if (d.is_current(attempt) && d.link_)
      d.link_->cut("");
  });
}

void dialler::begin() {
  doing_ = "CAF to release the previous link";
  waiting_ = link_ != nullptr;
  if (waiting_)
    link_->cut("");
  else
    look_up();
}

void dialler::look_up() {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(options_.host, no_address);
  if (!no_address)
    return connect(tcp::resolver::results_type::create(
        tcp::endpoint(address, options_.port), options_.host, ""));
  doing_ = "its name to be resolved";
  resolver_.async_resolve(
      options_.host, std::to_string(options_.port),
      tcp::resolver::numeric_service,
      [this, attempt = attempt_](const boost::system::error_code& error,
                                 const tcp::resolver::results_type& ends) {
        if (!is_current(attempt) || !dialling_)
          return;
        if (error)
          return fail("its name cannot be resolved: " + error.message());
        connect(ends);
      });
}

void dialler::connect(const tcp::resolver::results_type& ends) {
  doing_ = "a connection";
  socket_ = std::make_shared<tcp::socket>(loop_.context());
  boost::asio::async_connect(
      *socket_, ends,
      [this, attempt = attempt_, socket = socket_](
          const boost::system::error_code& error, const tcp::endpoint&) {
        if (!is_current(attempt) || !dialling_)
          return;
        if (error)
          return fail(error == boost::asio::error::connection_refused
                          ? "connection refused: nothing listens there"
                          : "cannot connect: " + error.message());
        secure();
      });
}

void dialler::secure() {
  doing_ = "TLS and a greeting";
  link_ = std::make_shared<link>(
      loop_.context(), std::move(*socket_), tls_, link_side::dialling,
      link::events{
          [this](link& l, const auto& channel) { authenticated(l, channel); },
          [this](link&, const auto&) { dialling_ = false; },
          [this](link&, auto phase, const auto& why) { closed(phase, why); },
          [this](link&) {
            link_.reset();
            if (std::exchange(waiting_, false) && dialling_)
              look_up();
          }});
  const auto line = link_;
  line->start();
}

void dialler::authenticated(link& l, const secure_channel& channel) {
  const auto& peer = channel.peer;
  if (peer.role != options_.expected ||
      (!options_.expected_name.empty() && peer.name != options_.expected_name))
    throw std::runtime_error(fmt::format(
        "its certificate is that of {} {}, not of {} {}", to_text(peer.role),
        peer.name, to_text(options_.expected),
        options_.expected_name.empty() ? "any name" : options_.expected_name));
  auto [caf_end, our_end] = open_basp_socket(system_);
  frame_rules rules;
  rules.side = link_side::dialling;
  rules.self = self_;
  rules.message_types = &allowed_;
  rules.payload_max = options_.payload_max;
  l.attach(our_end, rules);
  on_.connected(attempt_, std::move(caf_end), channel);
}

void dialler::closed(link::phase phase, const std::string& why) {
  // A newer attempt has begun, and it cut this link.
  if (waiting_)
    return;
  std::string reason = why;
  if (phase == link::phase::greet && why == link::closed_early)
    reason = "the other side does not accept this host's certificate: it "
             "closed the connection after it received it";
  fail(reason.empty() ? "the link was closed" : reason);
}

void dialler::stop_connecting() {
  resolver_.cancel();
  boost::system::error_code ignored;
  if (socket_)
    socket_->close(ignored);
}

void dialler::fail(const std::string& why) {
  dialling_ = false;
  on_.ended(attempt_,
            fmt::format("{} port {}: {}", options_.host, options_.port, why));
}

void dialler::tick() {
  if (const auto line = link_)
    line->tick();
  if (!dialling_ || ++age_ < ticks(dial_time_max))
    return;
  waiting_ = false;
  stop_connecting();
  fail(fmt::format("no answer in {} s, while waiting for {}",
                   dial_time_max.count(), doing_));
  if (const auto line = link_)
    line->cut("");
}

} // namespace chancery::actors
