// SPDX-License-Identifier: Apache-2.0

// The smallest server on Boost.Beast that keeps connections open and answers
// every request with the same few bytes, on two threads: what HTTP costs at
// least with this library. Prints its address and serves until it is killed.

#include <utility>

#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

class connection : public std::enable_shared_from_this<connection> {
 public:
  explicit connection(tcp::socket socket) : stream_(std::move(socket)) {}

  void read() {
    request_ = {};
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](error_code e, std::size_t) {
                       if (!e)
                         self->answer();
                     });
  }

 private:
  void answer() {
    response_ = {http::status::ok, request_.version()};
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(request_.keep_alive());
    response_.body() = "{\"hello\":true}";
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this()](error_code e, std::size_t) {
                        if (!e)
                          self->read();
                      });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

void accept_next(tcp::acceptor& acceptor) {
  acceptor.async_accept(
      boost::asio::make_strand(acceptor.get_executor()),
      [&acceptor](error_code e, tcp::socket socket) {
        if (!e) {
          socket.set_option(tcp::no_delay(true));
          std::make_shared<connection>(std::move(socket))->read();
        }
        accept_next(acceptor);
      });
}

} // namespace

int main() {
  boost::asio::io_context context(2);
  tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  std::printf("hello at http://127.0.0.1:%u\n",
              static_cast<unsigned>(acceptor.local_endpoint().port()));
  std::fflush(stdout);
  accept_next(acceptor);
  std::jthread second([&] { context.run(); });
  context.run();
}
