// SPDX-License-Identifier: Apache-2.0
#pragma once

// TLS 1.3 over a socket that does not block, with a certificate of the
// cluster's authority on both sides and nothing else: no older version, no
// ticket, no resumption, no intermediate authority. A context may be used by
// several sessions; a session belongs to one thread.

#include "actors/transport/frame_check.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace chancery::actors {

class tls_context {
 public:
  /// Throws std::runtime_error for credentials that do not fit.
  tls_context(const crypto::host_credentials& credentials, link_side side);

  ssl_ctx_st* get() const noexcept { return context_.get(); }

 private:
  struct deleter {
    void operator()(ssl_ctx_st* context) const noexcept;
  };
  std::unique_ptr<ssl_ctx_st, deleter> context_;
};

class tls_session {
 public:
  enum class progress : std::uint8_t {
    done,       ///< some bytes at least, or the handshake
    want_read,  ///< nothing until the socket can be read
    want_write, ///< nothing until the socket can be written
    closed,     ///< by the peer
    failed,     ///< why() says how
  };
  struct result {
    progress what;
    std::size_t bytes = 0;
  };

  /// The socket stays the caller's.
  tls_session(const tls_context& context, link_side side, int socket);

  progress handshake();
  result read(std::span<std::byte> into);
  result write(std::span<const std::byte> from);
  /// Tells the peer that nothing will follow. Call it once the handshake is
  /// done and nothing failed.
  void say_goodbye();

  /// What the peer's certificate says. After the handshake. Throws
  /// std::invalid_argument.
  crypto::host_identity peer() const;

  const std::string& why() const noexcept { return why_; }

 private:
  progress judge(int returned);

  struct deleter {
    void operator()(ssl_st* session) const noexcept;
  };
  std::unique_ptr<ssl_st, deleter> session_;
  std::string why_;
};

} // namespace chancery::actors
