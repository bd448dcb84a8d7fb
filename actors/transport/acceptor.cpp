// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/transport/acceptor.hpp"

#include "actors/transport/limits.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace chancery::actors {

using boost::asio::ip::tcp;

acceptor::acceptor(boost::asio::io_context& context, const std::string& address,
                   std::uint16_t port, events on)
    : acceptor_(context), on_(std::move(on)) {
  try {
    const tcp::endpoint where(boost::asio::ip::make_address(address), port);
    acceptor_.open(where.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(where);
    acceptor_.listen(accept_backlog);
  } catch (const boost::system::system_error& e) {
    throw std::runtime_error(fmt::format("cannot listen on {} port {}: {}",
                                         address, port, e.code().message()));
  }
}

std::uint16_t acceptor::port() const {
  return acceptor_.local_endpoint().port();
}

void acceptor::start() {
  acceptor_.async_accept(
      [this](const boost::system::error_code& error, tcp::socket socket) {
        if (error == boost::asio::error::operation_aborted)
          return;
        if (!error) {
          on_.accepted(std::move(socket));
        } else if (error != boost::asio::error::connection_aborted) {
          on_.failed("cannot accept connections: " + error.message());
          paused_ = true;
          return;
        }
        start();
      });
}

void acceptor::tick() {
  if (std::exchange(paused_, false))
    start();
}

void acceptor::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

} // namespace chancery::actors
