// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_client.hpp"

#include "apps/http/http_channel.hpp"
#include "apps/http/http_head.hpp"
#include "apps/http/http_socket.hpp"
#include "apps/http/http_tls.hpp"

#include <fmt/format.h>

#include <poll.h>

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace {

using clock = std::chrono::steady_clock;
using progress = http_channel::progress;

constexpr std::size_t answer_head_max = std::size_t{64} << 10;

/// RFC 9110 9.2.2: a request that may be sent again when nobody knows whether
/// it was served.
bool is_idempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" ||
         method == "DELETE" || method == "OPTIONS";
}

/// The connection ended before the first octet of an answer.
class no_answer : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

int read_status(std::string_view line) {
  int status = 0;
  if (line.size() < 12 || !line.starts_with("HTTP/1.") || line[8] != ' ' ||
      std::from_chars(line.data() + 9, line.data() + 12, status).ptr !=
          line.data() + 12)
    throw std::runtime_error("the server's answer is not HTTP/1.1");
  return status;
}

} // namespace

class http_client::state {
 public:
  explicit state(http_client_options options)
      : options_(std::move(options)),
        tls_(options_.server_ca.empty()
                 ? nullptr
                 : make_client_tls(options_.server_ca, options_.certificate,
                                   options_.key)) {}

  http_response send(const std::string& method, const std::string& target,
                     const http_fields& fields, const std::string& body) {
    const auto octets = request_octets(method, target, fields, body);
    deadline_ = clock::now() + options_.patience;
    const bool used = channel_ && !was_closed();
    try {
      return exchange(method, octets, used);
    } catch (const no_answer&) {
      close();
      if (!used || !is_idempotent(method))
        throw;
    } catch (const std::exception&) {
      close();
      throw;
    }
    return exchange(method, octets, false);
  }

 private:
  std::string request_octets(const std::string& method,
                             const std::string& target,
                             const http_fields& fields,
                             const std::string& body) const {
    auto octets = fmt::format("{} {} HTTP/1.1\r\n", method, target);
    if (!find_field(fields, "host")) {
      const bool six = options_.host.find(':') != std::string::npos;
      octets += fmt::format("Host: {}:{}\r\n",
                            six ? "[" + options_.host + "]" : options_.host,
                            options_.port);
    }
    octets += "User-Agent: chancery\r\n";
    for (const auto& field : fields)
      octets += fmt::format("{}: {}\r\n", field.name, field.value);
    if (!body.empty() || method == "POST" || method == "PUT")
      octets += fmt::format("Content-Length: {}\r\n", body.size());
    return octets + "\r\n" + body;
  }

  /// What has come of a connection without a request can only be its end.
  bool was_closed() const {
    pollfd one{socket_.get(), POLLIN, 0};
    return ::poll(&one, 1, 0) != 0;
  }

  http_response exchange(const std::string& method, const std::string& octets,
                         bool used) {
    if (!used)
      connect();
    write(octets);
    auto answer = read_head_of_answer();
    const auto length = find_field(answer.fields, "content-length");
    const bool ends =
        lists(find_field(answer.fields, "connection").value_or(""), "close");
    if (find_field(answer.fields, "transfer-encoding"))
      throw std::runtime_error("the server's answer has a coding");
    if (method != "HEAD" && answer.status != 204 && answer.status != 304)
      read_body(answer.body, length);
    if (ends)
      close();
    return answer;
  }

  void connect() {
    close();
    socket_ = connect_to(options_.host, options_.port, deadline_);
    if (tls_)
      channel_.emplace(socket_.get(), tls_, options_.host);
    else
      channel_.emplace(socket_.get());
    for (;;) {
      const auto what = channel_->handshake();
      if (what == progress::done)
        return;
      if (what == progress::closed || what == progress::failed)
        throw std::runtime_error(fmt::format("no TLS with {} port {}: {}",
                                             options_.host, options_.port,
                                             channel_->why()));
      await(what);
    }
  }

  void close() {
    channel_.reset();
    socket_ = http_socket();
    unread_.clear();
  }

  void await(progress what) {
    if (!await_socket(socket_, what == progress::want_write, deadline_))
      throw std::runtime_error(fmt::format("no answer from {} port {} in time",
                                           options_.host, options_.port));
  }

  /// A server may answer and close before it has read everything, so the end of
  /// writing is not the end.
  void write(std::string_view octets) {
    while (!octets.empty()) {
      const auto [what, written] = channel_->write(octets);
      if (what == progress::closed || what == progress::failed)
        return;
      if (what == progress::done)
        octets.remove_prefix(written);
      else
        await(what);
    }
  }

  /// False at the connection's end.
  bool read_more() {
    std::array<char, 16'384> octets;
    for (;;) {
      const auto [what, count] = channel_->read(octets);
      if (what == progress::closed || what == progress::failed)
        return false;
      if (what == progress::done) {
        unread_.append(octets.data(), count);
        return true;
      }
      await(what);
    }
  }

  http_response read_head_of_answer() {
    for (;;) {
      const auto end = unread_.find("\r\n\r\n");
      if (end != std::string::npos) {
        const auto head = unread_.substr(0, end + 2);
        unread_.erase(0, end + 4);
        http_response answer;
        answer.status = read_status(head);
        if (answer.status < 200)
          continue; // 100, for example
        auto fields = read_field_lines(
            std::string_view(head).substr(head.find("\r\n") + 2));
        if (!fields)
          throw std::runtime_error("the server's answer has a broken field");
        answer.fields = std::move(*fields);
        return answer;
      }
      if (unread_.size() > answer_head_max)
        throw std::runtime_error("the server's answer has no end of a head");
      if (read_more())
        continue;
      if (unread_.empty())
        throw no_answer("the server closed the connection without an answer");
      throw std::runtime_error("the server's answer breaks off");
    }
  }

  void read_body(std::string& body, std::optional<std::string_view> length) {
    std::size_t size = 0;
    if (!length) {
      while (read_more()) {
      }
      body = std::exchange(unread_, {});
      close();
      return;
    }
    const auto* const end = length->data() + length->size();
    if (std::from_chars(length->data(), end, size).ptr != end)
      throw std::runtime_error("the server's answer has no sound length");
    while (unread_.size() < size)
      if (!read_more())
        throw std::runtime_error("the server's answer breaks off");
    body = unread_.substr(0, size);
    unread_.erase(0, size);
  }

  const http_client_options options_;
  const tls_settings tls_;
  clock::time_point deadline_;
  http_socket socket_;
  std::optional<http_channel> channel_;
  std::string unread_;
};

http_client::http_client(http_client_options options)
    : state_(std::make_unique<state>(std::move(options))) {}

http_client::~http_client() = default;

http_response http_client::send(const std::string& method,
                                const std::string& target,
                                const http_fields& fields,
                                const std::string& body) {
  return state_->send(method, target, fields, body);
}

} // namespace chancery::apps
