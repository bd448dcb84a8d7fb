// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_listener.hpp"

#include "actors/base/threads.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace chancery::apps {

namespace {

constexpr int accept_pause_ms = 100;
constexpr int no_time_limit = -1;

bool is_shortage(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS ||
         error == ENOMEM;
}

} // namespace

http_listener::http_listener(const std::string& address, std::uint16_t port,
                             events on)
    : listening_(listen_on(address, port)),
      stopping_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      port_(port_of(listening_)), on_(std::move(on)) {
  if (!stopping_)
    throw std::system_error(errno, std::generic_category(),
                            "cannot listen for connections");
  thread_ = actors::start_thread([this] { run(); });
}

http_listener::~http_listener() { stop(); }

void http_listener::stop() {
  if (!thread_.joinable())
    return;
  ::eventfd_write(stopping_.get(), 1);
  thread_.join();
  listening_ = http_socket();
}

void http_listener::run() {
  while (await(no_time_limit, true)) {
    while (accept_some()) {
    }
    if (!is_shortage(errno))
      continue;
    on_.no_descriptor();
    if (!await(accept_pause_ms, false))
      return;
  }
}

/// False when it has to stop.
bool http_listener::await(int milliseconds, bool arrivals) const {
  std::array<pollfd, 2> both{{{stopping_.get(), POLLIN, 0},
                              {arrivals ? listening_.get() : -1, POLLIN, 0}}};
  ::poll(both.data(), both.size(), milliseconds);
  return both[0].revents == 0;
}

/// False, with errno, when no connection waits or none can be had. One that
/// broke while it waited is no reason to stop (accept(2)).
bool http_listener::accept_some() {
  auto one = accept_from(listening_);
  if (!one)
    return errno == ECONNABORTED || errno == EINTR || errno == EPROTO;
  try {
    on_.arrived(std::move(*one));
  } catch (const std::exception&) {
    errno = ENOMEM;
    return false;
  }
  return true;
}

} // namespace chancery::apps
