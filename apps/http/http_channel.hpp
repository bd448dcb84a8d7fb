// SPDX-License-Identifier: Apache-2.0
#pragma once

// The octets of one connection, plain or through TLS, on a socket that does not
// block. It waits for nothing: what would wait says for what. It does not own
// the socket, raises no SIGPIPE, and keeps no buffers while nothing is read or
// written. One thread at a time.

#include "apps/http/http_tls.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;

namespace chancery::apps {

class http_channel {
 public:
  enum class progress { done, want_read, want_write, closed, failed };
  struct result {
    progress what = progress::done;
    std::size_t octets = 0; ///< when done; at least 1
  };

  /// Plain.
  explicit http_channel(int socket) : socket_(socket) {}
  /// TLS. A client gives the server's name or numeric address, which has to
  /// stand in its certificate; a server gives none.
  http_channel(int socket, const tls_settings& settings,
               const std::string& server = {});

  bool is_tls() const noexcept { return session_ != nullptr; }

  /// Done at once where there is no TLS. Call until it is done or fails.
  progress handshake();
  result read(std::span<char> into);
  /// Appends all that has come, and says what ended it: failed also when there
  /// would be over `most` octets.
  progress read_all(std::span<char> scratch, std::string& into,
                    std::size_t most);
  result write(std::string_view octets);

  /// Ends the direction to the peer, which still may send.
  void end_writing();
  /// Reads and drops octets of the socket, under TLS.
  result drop(std::span<char> scratch) const;

  /// As http_peer::certificate_key.
  std::optional<std::string> certificate_key() const;
  /// Why it failed, in a few words.
  const std::string& why() const noexcept { return why_; }

 private:
  struct deleter {
    void operator()(ssl_st* session) const noexcept;
  };
  progress judge(int returned);

  int socket_;
  std::unique_ptr<ssl_st, deleter> session_;
  std::string why_;
};

} // namespace chancery::apps
