// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_socket.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace chancery::apps {

namespace {

using addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

addresses look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(),
                                  &wanted, &found);
  if (error != 0)
    throw std::runtime_error(fmt::format("{} is no address to use: {}", host,
                                         ::gai_strerror(error)));
  return {found, ::freeaddrinfo};
}

http_socket open_for(const addrinfo& address) {
  return http_socket(::socket(address.ai_family,
                              SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

void answer_at_once(const http_socket& socket) {
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

std::string words_of(int error) {
  return std::generic_category().message(error);
}

http_peer peer_at(const sockaddr_storage& from) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  http_peer peer;
  in_addr four{};
  if (from.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(from).sin6_addr;
    if (!IN6_IS_ADDR_V4MAPPED(&six)) {
      ::inet_ntop(AF_INET6, &six, text.data(), text.size());
      peer.loopback = IN6_IS_ADDR_LOOPBACK(&six);
      peer.address = text.data();
      return peer;
    }
    std::memcpy(&four, six.s6_addr + 12, sizeof(four));
  } else {
    four = reinterpret_cast<const sockaddr_in&>(from).sin_addr;
  }
  ::inet_ntop(AF_INET, &four, text.data(), text.size());
  peer.loopback = ntohl(four.s_addr) >> 24 == 127;
  peer.address = text.data();
  return peer;
}

} // namespace

http_socket::~http_socket() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

http_socket listen_on(const std::string& address, std::uint16_t port) {
  const auto where = look_up(address, port, AI_NUMERICHOST | AI_PASSIVE);
  auto made = open_for(*where);
  const int on = 1;
  if (!made ||
      ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) !=
          0 ||
      ::bind(made.get(), where->ai_addr, where->ai_addrlen) != 0 ||
      ::listen(made.get(), SOMAXCONN) != 0)
    throw std::runtime_error(fmt::format("cannot listen on {} port {}: {}",
                                         address, port, words_of(errno)));
  return made;
}

std::uint16_t port_of(const http_socket& listening) {
  sockaddr_storage own{};
  socklen_t size = sizeof(own);
  ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&own), &size);
  return ntohs(own.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(own).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(own).sin_port);
}

std::optional<http_arrival> accept_from(const http_socket& listening) {
  sockaddr_storage from{};
  socklen_t size = sizeof(from);
  http_socket made(::accept4(listening.get(),
                             reinterpret_cast<sockaddr*>(&from), &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!made)
    return std::nullopt;
  answer_at_once(made);
  return http_arrival{std::move(made), peer_at(from)};
}

bool await_socket(const http_socket& socket, bool to_write,
                  std::chrono::steady_clock::time_point deadline) {
  using namespace std::chrono;
  for (;;) {
    const auto left =
        duration_cast<milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0)
      return false;
    pollfd one{socket.get(), static_cast<short>(to_write ? POLLOUT : POLLIN),
               0};
    const auto most = std::min<milliseconds::rep>(left.count(), 60'000);
    if (::poll(&one, 1, static_cast<int>(most)) > 0)
      return true;
  }
}

http_socket connect_to(const std::string& host, std::uint16_t port,
                       std::chrono::steady_clock::time_point deadline) {
  const auto found = look_up(host, port, 0);
  int error = ETIMEDOUT;
  for (const auto* at = found.get(); at != nullptr; at = at->ai_next) {
    auto made = open_for(*at);
    if (!made || (::connect(made.get(), at->ai_addr, at->ai_addrlen) != 0 &&
                  errno != EINPROGRESS)) {
      error = errno;
      continue;
    }
    if (!await_socket(made, true, deadline))
      break;
    socklen_t size = sizeof(error);
    ::getsockopt(made.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
      continue;
    answer_at_once(made);
    return made;
  }
  throw std::runtime_error(fmt::format("cannot connect to {} port {}: {}", host,
                                       port, words_of(error)));
}

} // namespace chancery::apps
