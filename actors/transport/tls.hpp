// SPDX-License-Identifier: Apache-2.0
#pragma once

// TLS 1.3 over a non-blocking socket, with a certificate of the cluster's
// authority on both sides. No older version, no ticket, no resumption, no
// intermediate authority. Several sessions may share a context; a session
// belongs to one thread.

#include "actors/transport/frame_check.hpp"
#include "actors/transport/secure_channel.hpp"
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
  /// Throws std::runtime_error for invalid credentials.
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
    done,       ///< some bytes were transferred, or the handshake is done
    want_read,  ///< retry when the socket is readable
    want_write, ///< retry when the socket is writable
    closed,     ///< by the peer
    failed,     ///< see why()
  };
  struct result {
    progress what;
    std::size_t bytes = 0;
  };

  /// The caller still owns the socket.
  tls_session(const tls_context& context, link_side side, int socket);

  progress handshake();
  result read(std::span<std::byte> into);
  result write(std::span<const std::byte> from);
  /// Sends close_notify (RFC 8446 6.1). Call it only after the handshake, and
  /// only if nothing failed.
  void say_goodbye();

  /// Whether the peer has sent anything.
  bool has_received() const;

  /// Both certificates and the exporter's value. Call it after the handshake.
  /// Throws std::invalid_argument for a certificate that is not a host's,
  /// std::runtime_error without an exporter's value.
  secure_channel channel() const;

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
