// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/transport/raw_client.hpp"

#include "crypto/base/secret.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace chancery::tests {

raw_socket::raw_socket(std::uint16_t port)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  // OpenSSL writes to closed connections.
  std::signal(SIGPIPE, SIG_IGN);
  const timeval minute{60, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd_ < 0 ||
      ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0)
    throw std::runtime_error("no connection");
}

raw_socket::~raw_socket() { ::close(fd_); }

void raw_socket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool raw_socket::is_closed() const {
  char bytes[4'096];
  for (;;) {
    const auto got = ::recv(fd_, bytes, sizeof(bytes), 0);
    if (got <= 0)
      return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }
}

void raw_tls::deleter::operator()(ssl_ctx_st* p) const noexcept {
  SSL_CTX_free(p);
}

void raw_tls::deleter::operator()(ssl_st* p) const noexcept { SSL_free(p); }

raw_tls::raw_tls(std::uint16_t port, const settings& s)
    : socket_(port), context_(SSL_CTX_new(TLS_client_method())) {
  if (s.version_max != 0)
    SSL_CTX_set_max_proto_version(context_.get(), s.version_max);
  if (s.certificate != nullptr) {
    const auto reader = [](std::string_view pem) {
      return BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    };
    auto* bio = reader(s.certificate->certificate_pem);
    auto* const shown = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    SSL_CTX_use_certificate(context_.get(), shown);
    X509_free(shown);
    bio = reader(s.certificate->key_pem);
    auto* const key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    SSL_CTX_use_PrivateKey(context_.get(), key);
    EVP_PKEY_free(key);
  }
  session_.reset(SSL_new(context_.get()));
  SSL_set_fd(session_.get(), socket_.get());
  SSL_set_connect_state(session_.get());
}

raw_tls::~raw_tls() = default;

void raw_tls::note_fault() {
  const auto error = ERR_get_error();
  ERR_clear_error();
  if (const char* text = ERR_reason_error_string(error); text != nullptr)
    why_ = text;
}

bool raw_tls::handshake() {
  if (SSL_do_handshake(session_.get()) == 1)
    return true;
  note_fault();
  return false;
}

bool raw_tls::handshake(const std::function<void()>& between) {
  const int flags = ::fcntl(socket_.get(), F_GETFL);
  ::fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK);
  for (;;) {
    between();
    const int result = SSL_do_handshake(session_.get());
    if (SSL_get_error(session_.get(), result) != SSL_ERROR_WANT_READ)
      break;
    pollfd readable{socket_.get(), POLLIN, 0};
    ::poll(&readable, 1, 60'000);
  }
  ::fcntl(socket_.get(), F_SETFL, flags);
  return handshake();
}

bool raw_tls::send(std::string_view bytes) {
  std::size_t sent = 0;
  const bool whole =
      SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &sent) == 1;
  if (!whole)
    note_fault();
  return whole;
}

std::optional<std::size_t> raw_tls::offer(std::string_view bytes) {
  const int flags = ::fcntl(socket_.get(), F_GETFL);
  ::fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK);
  SSL_set_mode(session_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                   SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  std::size_t sent = 0;
  const int result =
      SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &sent);
  const int error = SSL_get_error(session_.get(), result);
  ERR_clear_error();
  if (result == 1)
    return sent;
  if (error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ)
    return 0;
  return std::nullopt;
}

std::string raw_tls::read(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    std::size_t got = 0;
    if (SSL_read_ex(session_.get(), bytes.data() + have, count - have, &got) !=
        1) {
      note_fault();
      break;
    }
    have += got;
  }
  bytes.resize(have);
  return bytes;
}

bool raw_tls::is_closed() {
  char bytes[4'096];
  std::size_t got = 0;
  errno = 0;
  int result = 1;
  while (result == 1)
    result = SSL_read_ex(session_.get(), bytes, sizeof(bytes), &got);
  const int error = SSL_get_error(session_.get(), result);
  const bool waited = error == SSL_ERROR_WANT_READ ||
                      (error == SSL_ERROR_SYSCALL && errno == EAGAIN);
  note_fault();
  return !waited;
}

} // namespace chancery::tests
