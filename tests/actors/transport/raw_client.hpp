// SPDX-License-Identifier: Apache-2.0
#pragma once

// A peer that does not use our transport: a TCP connection, with or without TLS
// and a certificate, that sends only what a test wants.

#include "crypto/certificates/host_certificate.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace chancery::tests {

/// A connection to a port of this host. Closed with the object.
class raw_socket {
 public:
  explicit raw_socket(std::uint16_t port);
  raw_socket(const raw_socket&) = delete;
  raw_socket& operator=(const raw_socket&) = delete;
  ~raw_socket();

  int get() const noexcept { return fd_; }

  /// Sends until all is sent or the other side closes.
  void send(std::string_view bytes) const;

  /// Reads until the other side closes; false when it does not in a minute.
  bool is_closed() const;

 private:
  int fd_;
};

class raw_tls {
 public:
  struct settings {
    const crypto::host_credentials* certificate = nullptr; ///< null: sends none
    int version_max = 0;                                   ///< 0: the newest
  };

  raw_tls(std::uint16_t port, const settings& s);
  raw_tls(std::uint16_t port, const crypto::host_credentials& certificate)
      : raw_tls(port, settings{.certificate = &certificate}) {}
  ~raw_tls();

  /// Whether the handshake succeeds on this side. A refusal of its certificate
  /// shows on the first read only.
  bool handshake();

  /// The same for a distant host: `between` is called before its first bytes,
  /// and again before those that answer the server's.
  bool handshake(const std::function<void()>& between);

  /// False when the other side has closed.
  bool send(std::string_view bytes);

  /// Writes without blocking. 0 when the other side takes nothing now, nothing
  /// when it has closed.
  std::optional<std::size_t> offer(std::string_view bytes);

  /// Exactly `count` bytes, or fewer at the end.
  std::string read(std::size_t count);

  /// Reads until the other side closes; false when it does not in a minute.
  bool is_closed();

  /// Why the other side closed, as far as TLS reports it.
  const std::string& why() const { return why_; }

 private:
  void note_fault();

  struct deleter {
    void operator()(ssl_ctx_st* p) const noexcept;
    void operator()(ssl_st* p) const noexcept;
  };
  raw_socket socket_;
  std::unique_ptr<ssl_ctx_st, deleter> context_;
  std::unique_ptr<ssl_st, deleter> session_;
  std::string why_;
};

} // namespace chancery::tests
