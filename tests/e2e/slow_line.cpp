// SPDX-License-Identifier: Apache-2.0
#include "slow_line.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace chancery::tests {

namespace {

using steady = std::chrono::steady_clock;

/// Capacity in bytes of one direction; a full queue stops reading.
constexpr std::size_t on_the_way_max = std::size_t{8} << 20;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void send_all(int to, const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const auto n =
        ::send(to, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (n <= 0)
      return;
    done += static_cast<std::size_t>(n);
  }
}

// The queue of one direction. An empty piece marks the end.
struct pipe_line {
  struct piece {
    steady::time_point due;
    std::string bytes;
  };
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<piece> pieces;
  std::size_t size = 0;

  void put(piece p) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return size < on_the_way_max; });
    size += p.bytes.size();
    pieces.push_back(std::move(p));
    changed.notify_all();
  }

  piece take() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return !pieces.empty(); });
    auto p = std::move(pieces.front());
    pieces.pop_front();
    size -= p.bytes.size();
    changed.notify_all();
    return p;
  }
};

} // namespace

slow_line::slow_line(options o) : options_(o) {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (listening_ < 0 || ::bind(listening_, raw, size) != 0 ||
      ::listen(listening_, 64) != 0 ||
      ::getsockname(listening_, raw, &size) != 0)
    fail("slow_line cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

slow_line::~slow_line() {
  over_ = true;
  ::shutdown(listening_, SHUT_RDWR);
  acceptor_.join();
  cut();
  for (auto& carrier : carriers_)
    carrier.join();
  for (const int fd : connected_)
    ::close(fd);
  ::close(listening_);
}

void slow_line::cut() {
  const std::lock_guard lock(mutex_);
  for (const int fd : connected_)
    ::shutdown(fd, SHUT_RDWR);
}

void slow_line::accept() {
  while (!over_) {
    const int near = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (near < 0)
      continue;
    const int far = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(options_.to);
    const std::lock_guard lock(mutex_);
    connected_.insert(connected_.end(), {near, far});
    if (::connect(far, reinterpret_cast<const sockaddr*>(&address),
                  sizeof address) != 0) {
      ::shutdown(near, SHUT_RDWR);
      continue;
    }
    const int on = 1;
    ::setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(far, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    carriers_.emplace_back([=, this] { carry(near, far); });
    carriers_.emplace_back([=, this] { carry(far, near); });
  }
}

// Reads on this thread; a second thread writes each piece when it is due.
void slow_line::carry(int from, int to) {
  pipe_line line;
  std::thread writer([&] {
    auto free_at = steady::now();
    for (auto p = line.take(); !p.bytes.empty(); p = line.take()) {
      std::this_thread::sleep_until(std::max(p.due, free_at));
      send_all(to, p.bytes);
      if (options_.bytes_per_second > 0)
        free_at = std::max(p.due, free_at) +
                  std::chrono::nanoseconds(std::chrono::seconds(1)) *
                      p.bytes.size() / options_.bytes_per_second;
    }
    ::shutdown(to, SHUT_RDWR);
  });
  // Small pieces at a limited bandwidth, to avoid bursts.
  std::string buffer(options_.bytes_per_second > 0 ? 1'500 : 65'536, '\0');
  for (;;) {
    const auto n = ::recv(from, buffer.data(), buffer.size(), 0);
    const auto due = steady::now() + options_.delay;
    if (n <= 0) {
      line.put({due, {}});
      break;
    }
    line.put({due, buffer.substr(0, static_cast<std::size_t>(n))});
  }
  writer.join();
}

} // namespace chancery::tests
