// SPDX-License-Identifier: Apache-2.0

// A crowd at an HTTP server, all at once: connections at rest, half-open ones,
// headers and bodies of a byte a second, readers that never read, garbage, and
// garbage where TLS is expected. Meanwhile one client is served as before.
//
//   http_crowd PORT PID SHARE     SHARE 10 of 10 is the whole crowd
//
// Prints what it saw on one line: how long the client waited for each of its
// answers at rest and in the crowd, the server's memory, and its CPU time while
// nothing but the slow bytes comes.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

class connection {
 public:
  explicit connection(std::uint16_t port, int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer != 0)
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                   sizeof(receive_buffer));
    const timeval patience{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_ < 0 ||
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&to),
                  sizeof(to)) != 0)
      throw std::runtime_error("no connection");
  }
  connection(connection&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)) {}
  connection& operator=(connection&&) = delete;
  ~connection() {
    if (socket_ >= 0)
      ::close(socket_);
  }

  /// False when the server has closed it.
  bool send(std::string_view octets) const {
    return ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(octets.size());
  }
  /// Until the end of a small answer's body; empty when it was closed.
  std::string answer() const {
    std::string all;
    char octets[4'096];
    while (all.find('}') == std::string::npos) {
      const auto got = ::recv(socket_, octets, sizeof(octets), 0);
      if (got <= 0)
        return {};
      all.append(octets, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  int socket_;
};

constexpr std::string_view probe =
    "GET /v1/blocks/count HTTP/1.1\r\nHost: localhost\r\n\r\n";

double cpu_seconds(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 ||
      ::clock_gettime(clock, &time) != 0)
    throw std::runtime_error("the server is gone");
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) * 1e-9;
}

/// What the server holds itself, in kB.
std::uint64_t memory_kb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string name; status >> name;) {
    std::uint64_t kb = 0;
    if (name == "RssAnon:" && status >> kb)
      return kb;
    std::getline(status, name);
  }
  throw std::runtime_error("the server is gone");
}

/// The slowest of some answers to one client, in seconds.
double slowest_answer(std::uint16_t port) {
  const connection client(port);
  double slowest = 0;
  for (int i = 0; i < 50; ++i) {
    const auto begin = steady::now();
    if (!client.send(probe) || client.answer().empty())
      throw std::runtime_error("the client was not served");
    slowest = std::max(
        slowest, std::chrono::duration<double>(steady::now() - begin).count());
  }
  return slowest;
}

class crowd {
 public:
  crowd(std::uint16_t port, unsigned share) {
    for (unsigned i = 0; i < 200 * share; ++i) {
      resting_.emplace_back(port);
      if (!resting_.back().send(probe) || resting_.back().answer().empty())
        throw std::runtime_error("one at rest was not served");
    }
    for (unsigned i = 0; i < 50 * share; ++i) {
      half_open_.emplace_back(port);
      slow_.emplace_back(port);
      slow_.back().send("GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
      slow_.emplace_back(port);
      slow_.back().send("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n"
                        "Content-Type: application/jose\r\n"
                        "Content-Length: 60000\r\n\r\n");
      unread_.emplace_back(port, 2'048);
      unread_.back().send(
          "GET /v1/records/0/data HTTP/1.1\r\nHost: localhost\r\n\r\n");
      const connection garbage(port);
      garbage.send(std::string(500, '\xff'));
      const connection tls(port);
      tls.send("\x16\x03\x01\x02");
      tls.send(std::string(600, '\x01'));
    }
  }

  /// A byte of each slow one.
  void send_on() const {
    for (const auto& one : slow_)
      one.send("x");
  }

 private:
  std::vector<connection> resting_;
  std::vector<connection> half_open_;
  std::vector<connection> slow_;
  std::vector<connection> unread_;
};

void run(std::uint16_t port, pid_t pid, unsigned share) {
  const auto at_rest = slowest_answer(port);
  const auto memory_before = memory_kb(pid);
  std::uint64_t memory_within = 0;
  double arriving = 0;
  double in_crowd = 0;
  double cpu = 0;
  {
    const crowd all(port, share);
    arriving = slowest_answer(port);
    for (int second = 0; second < 5; ++second) {
      all.send_on();
      in_crowd = std::max(in_crowd, slowest_answer(port));
      memory_within = std::max(memory_within, memory_kb(pid));
      std::this_thread::sleep_for(200ms);
    }
  }
  slowest_answer(port); // behind the ends of all the others
  std::this_thread::sleep_for(1s);
  cpu = cpu_seconds(pid);
  std::this_thread::sleep_for(2s);
  cpu = cpu_seconds(pid) - cpu;
  std::printf("at_rest_ms %.1f arriving_ms %.1f in_crowd_ms %.1f "
              "memory_kb %llu idle_cpu_percent %.1f\n",
              at_rest * 1e3, arriving * 1e3, in_crowd * 1e3,
              static_cast<unsigned long long>(
                  memory_within - std::min(memory_before, memory_within)),
              cpu * 50);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4)
    return 2;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  try {
    run(static_cast<std::uint16_t>(std::stoul(argv[1])), std::stoi(argv[2]),
        static_cast<unsigned>(std::stoul(argv[3])));
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "http_crowd: %s\n", e.what());
    return 1;
  }
}
