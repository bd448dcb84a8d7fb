// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sets up one link at a time to another host: resolves its name, connects, and
// checks the peer's certificate. Attempts have numbers, which grow.

#include "actors/transport/basp_socket.hpp"
#include "actors/transport/connector_options.hpp"
#include "actors/transport/link_loop.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>
#include <caf/io/scribe.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace chancery::actors {

class dialler {
 public:
  struct events {
    /// The peer's certificate is the expected one. Its greeting to CAF will
    /// arrive on this socket.
    std::function<void(std::uint64_t attempt, caf::io::scribe_ptr,
                       const secure_channel&)>
        connected;
    /// The attempt failed, or its link ended.
    std::function<void(std::uint64_t attempt, const std::string& why)> ended;
  };

  /// Events are called on a thread of the dialler. Throws std::runtime_error
  /// for invalid credentials.
  dialler(caf::actor_system& system, connector_options options, events on);
  dialler(const dialler&) = delete;
  dialler& operator=(const dialler&) = delete;
  ~dialler();

  /// Cuts the previous link, and dials once CAF has released it. Any thread.
  static void dial(loop_bell& bell, dialler& d, std::uint64_t attempt);

  /// Ends the link of this attempt. Any thread.
  static void hang_up(loop_bell& bell, dialler& d, std::uint64_t attempt);

  const std::shared_ptr<loop_bell>& bell() const { return loop_.bell(); }

 private:
  using tcp = boost::asio::ip::tcp;

  void begin();
  void look_up();
  void connect(const tcp::resolver::results_type& ends);
  void secure();
  void stop_connecting();
  void authenticated(link& l, const secure_channel& channel);
  void closed(link::phase phase, const std::string& why);
  void fail(const std::string& why);
  void tick();
  bool is_current(std::uint64_t attempt) const { return attempt == attempt_; }

  caf::actor_system& system_;
  connector_options options_;
  type_names allowed_;
  node_bytes self_;
  tls_context tls_;
  events on_;
  link_loop loop_;
  tcp::resolver resolver_;
  std::shared_ptr<tcp::socket> socket_; ///< being connected
  std::shared_ptr<link> link_;
  std::uint64_t attempt_ = 0;
  bool waiting_ = false;  ///< for the previous link to end
  bool dialling_ = false; ///< until the peer greets or the attempt fails
  unsigned age_ = 0;      ///< ticks of the attempt
  std::string doing_;     ///< what the attempt is waiting for
};

} // namespace chancery::actors
