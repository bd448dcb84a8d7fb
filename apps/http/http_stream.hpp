// SPDX-License-Identifier: Apache-2.0
#pragma once

// An answer's body that comes piece by piece. Its owner puts pieces in, from
// any thread; a connection takes them out on its own. Neither waits for the
// other, and each can tell that the other has gone.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace chancery::apps {

class http_stream_state;

/// The owner's end. Whoever destroys it without end() breaks the answer off:
/// the peer sees that it is not whole.
class http_stream {
 public:
  explicit http_stream(std::shared_ptr<http_stream_state> state)
      : state_(std::move(state)) {}
  http_stream(http_stream&&) noexcept = default;
  http_stream& operator=(http_stream&&) = delete;
  ~http_stream();

  /// False when nobody reads any more. A piece that does not fit beside what is
  /// unread breaks the answer off: the peer is too slow for it.
  bool put(std::string_view piece);

  /// Nothing more comes; what was put is still sent.
  void end();

  /// Nobody reads any more: the peer has gone, or was too slow.
  bool gone() const;

 private:
  std::shared_ptr<http_stream_state> state_;
};

/// The other end, for http_response::stream. The stream has gone once this is
/// destroyed, wherever that happens.
class http_stream_reader {
 public:
  explicit http_stream_reader(std::shared_ptr<http_stream_state> state)
      : state_(std::move(state)) {}
  http_stream_reader(const http_stream_reader&) = delete;
  http_stream_reader& operator=(const http_stream_reader&) = delete;
  ~http_stream_reader();

  /// `when_gone` is called once, with the number of octets that were read. It
  /// must not wait.
  void on_gone(std::function<void(std::uint64_t octets)> when_gone);

  // For the connection.

  /// `wake` is called when there is something for next() after it gave nothing,
  /// and when the answer breaks off. On the thread that caused it.
  void on_more(std::function<void()> wake);

  struct piece {
    std::string octets;
    bool last = false;
  };
  /// What has come since the last call; what that one gave is not unread any
  /// more.
  piece next();

  /// There is no whole answer to come.
  bool broken() const;

 private:
  std::shared_ptr<http_stream_state> state_;
};

struct http_stream_ends {
  http_stream owner;
  std::shared_ptr<http_stream_reader> reader;
};

/// At most `unread_max` octets wait for the peer, beside those that the system
/// keeps for it.
http_stream_ends make_http_stream(std::size_t unread_max);

} // namespace chancery::apps
