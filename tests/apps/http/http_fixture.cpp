// SPDX-License-Identifier: Apache-2.0
#include "tests/apps/http/http_fixture.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace chancery::tests {

using apps::http_fault;
using apps::http_peer;
using apps::http_request;
using apps::http_responder;
using apps::http_response;

bool comes_true(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

apps::http_handler told_requests::handler() {
  apps::http_handler made;
  made.admit = [this](const http_request& head) {
    if (head.text == "/throws/early")
      throw std::runtime_error("no admission");
    apps::http_admission admission;
    admission.body_max = body_max;
    if (head.text == "/no" || head.text == "/no/later")
      admission.refusal = http_response{404, {}, "no"};
    if (head.text == "/no/later")
      admission.delay = std::chrono::milliseconds(300);
    admission.serve = [this](http_request request,
                             const http_responder& respond) {
      serve(std::move(request), respond);
    };
    return admission;
  };
  made.refuse = [](http_fault fault, const http_request* head,
                   const http_peer&) {
    http_response answer;
    answer.status = status_of(fault);
    answer.fields.push_back({"Sound", head != nullptr ? "yes" : "no"});
    answer.body = "refused";
    return answer;
  };
  return made;
}

void told_requests::serve(http_request request, const http_responder& respond) {
  http_response answer;
  answer.fields.push_back({"Content-Type", "text/plain"});
  answer.body = request.method + " " + request.text + " " + request.body;
  const auto text = request.text;
  before(text);
  {
    const std::scoped_lock lock(mutex_);
    served_.push_back(std::move(request));
    if (text.starts_with("/late")) {
      late_.push_back(respond);
      return;
    }
  }
  if (text.starts_with("/stream")) {
    auto made = apps::make_http_stream(unread_max);
    answer.body.clear();
    answer.stream = std::move(made.reader);
    respond(std::move(answer));
    const std::scoped_lock lock(mutex_);
    return streams_.push_back(std::move(made.owner));
  }
  if (text == "/throws")
    throw std::runtime_error("no answer");
  if (text == "/split")
    answer.fields.push_back({"Location", "/\r\nSet-Cookie: a=b"});
  if (text == "/empty")
    answer.status = 204;
  if (text == "/huge")
    answer.body.assign(std::size_t{32} << 20, 'x');
  if (text != "/dropped")
    respond(std::move(answer));
}

std::vector<http_request> told_requests::served() const {
  const std::scoped_lock lock(mutex_);
  return served_;
}

bool told_requests::was_served(std::string_view text) const {
  const auto all = served();
  return std::any_of(all.begin(), all.end(),
                     [text](const auto& one) { return one.text == text; });
}

std::vector<http_responder> told_requests::take_late() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(late_, {});
}

std::size_t told_requests::late() const {
  const std::scoped_lock lock(mutex_);
  return late_.size();
}

apps::http_stream told_requests::take_stream() {
  const auto has_one = [this] {
    const std::scoped_lock lock(mutex_);
    return !streams_.empty();
  };
  if (!comes_true(has_one))
    throw std::runtime_error("no stream was asked for");
  const std::scoped_lock lock(mutex_);
  auto first = std::move(streams_.front());
  streams_.pop_front();
  return first;
}

apps::http_server_options patient_options() {
  apps::http_server_options options;
  auto& limits = options.limits;
  limits.handshake = limits.header = limits.body = limits.idle =
      limits.progress = limits.linger = std::chrono::minutes(10);
  return options;
}

std::optional<std::string> raw_answer::field(std::string_view name) const {
  const auto at = head.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos)
    return std::nullopt;
  const auto begin = at + 2 + name.size() + 2;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

raw_http::raw_http(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{120, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof(patience));
  if (receive_buffer != 0)
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                 sizeof(receive_buffer));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to),
                sizeof(to)) != 0)
    throw std::runtime_error("no connection");
}

bool raw_http::send(std::string_view octets) const {
  while (!octets.empty()) {
    const auto sent =
        ::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void raw_http::end_writing() const { ::shutdown(socket_.get(), SHUT_WR); }

bool raw_http::read_more() {
  std::array<char, 65'536> octets;
  const auto got = ::recv(socket_.get(), octets.data(), octets.size(), 0);
  if (got <= 0)
    return false;
  unread_.append(octets.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<raw_answer> raw_http::answer(bool without_body) {
  std::size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos)
    if (!read_more())
      return std::nullopt;
  raw_answer made;
  made.head = unread_.substr(0, end + 2);
  made.status = std::stoi(made.head.substr(made.head.find(' ')));
  unread_.erase(0, end + 4);
  const auto size =
      without_body ? 0 : std::stoul(made.field("Content-Length").value_or("0"));
  while (unread_.size() < size)
    if (!read_more())
      return std::nullopt;
  made.body = unread_.substr(0, size);
  unread_.erase(0, size);
  return made;
}

std::string raw_http::octets(std::size_t count) {
  while (unread_.size() < count && read_more()) {
  }
  auto first = unread_.substr(0, count);
  unread_.erase(0, first.size());
  return first;
}

std::vector<int> raw_http::statuses() {
  std::vector<int> all;
  while (const auto next = answer())
    all.push_back(next->status);
  return all;
}

bool raw_http::is_closed() {
  do {
    unread_.clear();
    errno = 0;
  } while (read_more());
  return errno != EAGAIN && errno != EWOULDBLOCK;
}

} // namespace chancery::tests
