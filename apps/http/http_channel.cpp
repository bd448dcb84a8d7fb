// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_channel.hpp"

#include "apps/http/http_tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>

namespace chancery::apps {

namespace {

using progress = http_channel::progress;

bool would_block(int error) noexcept {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

http_channel::result of_socket(ssize_t returned, progress blocked) {
  if (returned > 0)
    return {progress::done, static_cast<std::size_t>(returned)};
  if (returned == 0)
    return {progress::closed};
  return {would_block(errno) ? blocked : progress::failed};
}

/// OpenSSL's own socket BIO writes with write(2), which raises SIGPIPE when the
/// peer has gone.
int send_without_signal(BIO* bio, const char* octets, int size) {
  const auto sent = ::send(static_cast<int>(BIO_get_fd(bio, nullptr)), octets,
                           static_cast<std::size_t>(size), MSG_NOSIGNAL);
  BIO_clear_retry_flags(bio);
  if (sent < 0 && would_block(errno))
    BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

const BIO_METHOD* socket_method() {
  static const auto method = [] {
    const auto* const socket = BIO_s_socket();
    auto* const made =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "http socket");
    if (made == nullptr || BIO_meth_set_write(made, send_without_signal) != 1 ||
        BIO_meth_set_read(made, BIO_meth_get_read(socket)) != 1 ||
        BIO_meth_set_ctrl(made, BIO_meth_get_ctrl(socket)) != 1 ||
        BIO_meth_set_create(made, BIO_meth_get_create(socket)) != 1 ||
        BIO_meth_set_destroy(made, BIO_meth_get_destroy(socket)) != 1)
      throw std::bad_alloc();
    return std::unique_ptr<BIO_METHOD, void (*)(BIO_METHOD*)>(made,
                                                              BIO_meth_free);
  }();
  return method.get();
}

void expect_server(SSL* session, const std::string& server) {
  auto* const rules = SSL_get0_param(session);
  if (X509_VERIFY_PARAM_set1_ip_asc(rules, server.c_str()) == 1)
    return;
  ERR_clear_error();
  if (SSL_set1_host(session, server.c_str()) != 1 ||
      SSL_set_tlsext_host_name(session, server.c_str()) != 1)
    throw std::runtime_error(server + " is no name of a host");
}

std::string reason_of_failure(const SSL* session) {
  const auto error = ERR_get_error();
  ERR_clear_error();
  if (const auto verified = SSL_get_verify_result(session);
      verified != X509_V_OK)
    return X509_verify_cert_error_string(verified);
  const char* const reason = ERR_reason_error_string(error);
  return reason != nullptr ? reason : "it is not TLS";
}

} // namespace

void http_channel::deleter::operator()(ssl_st* session) const noexcept {
  SSL_free(session);
}

http_channel::http_channel(int socket, const tls_settings& settings,
                           const std::string& server)
    : socket_(socket), session_(SSL_new(settings.get())) {
  auto* const bio = BIO_new(socket_method());
  if (!session_ || bio == nullptr) {
    BIO_free(bio);
    throw std::bad_alloc();
  }
  BIO_set_fd(bio, socket, BIO_NOCLOSE);
  SSL_set_bio(session_.get(), bio, bio);
  if (SSL_is_server(session_.get()) == 1) {
    SSL_set_accept_state(session_.get());
  } else {
    SSL_set_connect_state(session_.get());
    expect_server(session_.get(), server);
  }
}

http_channel::progress http_channel::judge(int returned) {
  const int error = errno;
  switch (SSL_get_error(session_.get(), returned)) {
  case SSL_ERROR_NONE:
    return progress::done;
  case SSL_ERROR_WANT_READ:
    return progress::want_read;
  case SSL_ERROR_WANT_WRITE:
    return progress::want_write;
  case SSL_ERROR_ZERO_RETURN:
    return progress::closed;
  case SSL_ERROR_SYSCALL:
    ERR_clear_error();
    why_ = error == 0 ? "the connection was closed"
                      : std::generic_category().message(error);
    return progress::failed;
  default:
    why_ = reason_of_failure(session_.get());
    return progress::failed;
  }
}

http_channel::progress http_channel::handshake() {
  if (!session_)
    return progress::done;
  ERR_clear_error();
  errno = 0;
  return judge(SSL_do_handshake(session_.get()));
}

http_channel::result http_channel::read(std::span<char> into) {
  if (!session_)
    return of_socket(::recv(socket_, into.data(), into.size(), MSG_DONTWAIT),
                     progress::want_read);
  ERR_clear_error();
  errno = 0;
  std::size_t octets = 0;
  const int returned =
      SSL_read_ex(session_.get(), into.data(), into.size(), &octets);
  return returned == 1 ? result{progress::done, octets}
                       : result{judge(returned)};
}

http_channel::progress http_channel::read_all(std::span<char> scratch,
                                              std::string& into,
                                              std::size_t most) {
  auto got = read(scratch);
  for (; got.what == progress::done; got = read(scratch)) {
    if (got.octets > most - std::min(most, into.size()))
      return progress::failed;
    into.append(scratch.data(), got.octets);
  }
  return got.what;
}

http_channel::result http_channel::write(std::string_view octets) {
  if (!session_)
    return of_socket(::send(socket_, octets.data(), octets.size(),
                            MSG_DONTWAIT | MSG_NOSIGNAL),
                     progress::want_write);
  ERR_clear_error();
  errno = 0;
  std::size_t written = 0;
  const int returned =
      SSL_write_ex(session_.get(), octets.data(), octets.size(), &written);
  return returned == 1 ? result{progress::done, written}
                       : result{judge(returned)};
}

void http_channel::end_writing() {
  if (session_) {
    SSL_shutdown(session_.get());
    ERR_clear_error();
  }
  ::shutdown(socket_, SHUT_WR);
}

http_channel::result http_channel::drop(std::span<char> scratch) const {
  return of_socket(
      ::recv(socket_, scratch.data(), scratch.size(), MSG_DONTWAIT),
      progress::want_read);
}

std::optional<std::string> http_channel::certificate_key() const {
  const auto* const shown =
      session_ ? SSL_get0_peer_certificate(session_.get()) : nullptr;
  return shown == nullptr ? std::nullopt
                          : std::optional(certificate_key_of(*shown));
}

} // namespace chancery::apps
