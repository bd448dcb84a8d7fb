// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/tls.hpp"

#include "actors/transport/limits.hpp"
#include "crypto/base/secret.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace chancery::actors {

namespace {

struct releaser {
  void operator()(BIO* p) const noexcept { BIO_free(p); }
  void operator()(X509* p) const noexcept { X509_free(p); }
  void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
};
template <class T>
using owned = std::unique_ptr<T, releaser>;

/// RFC 9266 section 2: the channel binding `tls-exporter`, with an empty
/// context.
constexpr std::string_view binding_label = "EXPORTER-Channel-Binding";
constexpr std::size_t binding_size = 32;

void require(bool holds, const char* what) {
  if (holds)
    return;
  ERR_clear_error();
  throw std::runtime_error(std::string("OpenSSL rejects ") + what);
}

owned<BIO> reader(std::string_view pem) {
  return owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

owned<X509> certificate(std::string_view pem) {
  return owned<X509>(
      PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr));
}

void load(SSL_CTX* context, const crypto::host_credentials& credentials) {
  const auto authority = certificate(credentials.authority_pem);
  require(authority && X509_STORE_add_cert(SSL_CTX_get_cert_store(context),
                                           authority.get()) == 1,
          "the authority's certificate");
  const auto own = certificate(credentials.certificate_pem);
  require(own && SSL_CTX_use_certificate(context, own.get()) == 1,
          "this host's certificate");
  const std::string_view pem = credentials.key_pem;
  const owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(
      reader(pem).get(), nullptr, [](char*, int, int, void*) { return 0; },
      nullptr));
  require(key && SSL_CTX_use_PrivateKey(context, key.get()) == 1 &&
              SSL_CTX_check_private_key(context) == 1,
          "this host's key");
}

/// Why a certificate was refused, in terms of a cluster.
std::string certificate_fault(long verified) {
  switch (verified) {
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
  case X509_V_ERR_CERT_CHAIN_TOO_LONG:
    return "its certificate belongs to another cluster";
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return "its certificate has expired";
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return "its certificate is not valid yet (do the clocks agree?)";
  case X509_V_ERR_INVALID_PURPOSE:
    return "its certificate is for another role";
  default:
    return std::string("its certificate is not valid: ") +
           X509_verify_cert_error_string(verified);
  }
}

crypto::certificate_facts facts_in(const X509* shown,
                                   const std::string& whose) {
  unsigned char* der = nullptr;
  const int size = shown == nullptr ? -1 : i2d_X509(shown, &der);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> freed(
      der, [](unsigned char* p) { OPENSSL_free(p); });
  if (size <= 0)
    throw std::invalid_argument(whose + " sent no certificate");
  return crypto::read_certificate_facts(
      std::as_bytes(std::span(der, static_cast<std::size_t>(size))));
}

bool is_about_certificates(int alert) {
  switch (alert) {
  case SSL_AD_BAD_CERTIFICATE:
  case SSL_AD_UNSUPPORTED_CERTIFICATE:
  case SSL_AD_CERTIFICATE_REVOKED:
  case SSL_AD_CERTIFICATE_EXPIRED:
  case SSL_AD_CERTIFICATE_UNKNOWN:
  case SSL_AD_UNKNOWN_CA:
  case SSL_AD_ACCESS_DENIED:
  case SSL_AD_CERTIFICATE_REQUIRED:
    return true;
  default:
    return false;
  }
}

/// The oldest error in this thread's OpenSSL queue. Clears the queue.
std::string protocol_fault() {
  const auto error = ERR_get_error();
  ERR_clear_error();
  const auto reason = ERR_GET_REASON(error);
  const char* text = ERR_reason_error_string(error);
  const std::string words = text != nullptr ? text : "unknown error";
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
    return "it sent no certificate";
  if (reason < SSL_AD_REASON_OFFSET)
    return "it does not speak TLS 1.3 with our settings: " + words;
  return is_about_certificates(reason - SSL_AD_REASON_OFFSET)
             ? "the other side does not accept this host's certificate: " +
                   words
             : "the other side aborted TLS: " + words;
}

} // namespace

void tls_context::deleter::operator()(ssl_ctx_st* context) const noexcept {
  SSL_CTX_free(context);
}

void tls_session::deleter::operator()(ssl_st* session) const noexcept {
  SSL_free(session);
}

tls_context::tls_context(const crypto::host_credentials& credentials,
                         link_side side) {
  crypto::check_host_credentials(credentials, std::chrono::system_clock::now());
  auto* const context = SSL_CTX_new(
      side == link_side::listening ? TLS_server_method() : TLS_client_method());
  context_.reset(context);
  require(context != nullptr &&
              SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
              SSL_CTX_set1_sigalgs_list(context, "ECDSA+SHA256") == 1,
          "the TLS settings");
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, certificate_bytes_max);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     nullptr);
  // The authority signs host certificates directly: no intermediates.
  SSL_CTX_set_verify_depth(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_read_buffer_len(context, tls_read_bytes);
  load(context, credentials);
}

tls_session::tls_session(const tls_context& context, link_side side, int socket)
    : session_(SSL_new(context.get())) {
  if (!session_ || SSL_set_fd(session_.get(), socket) != 1)
    throw std::bad_alloc();
  if (side == link_side::listening)
    SSL_set_accept_state(session_.get());
  else
    SSL_set_connect_state(session_.get());
}

tls_session::progress tls_session::judge(int returned) {
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
    why_ = "the connection broke: " + std::system_category().message(error);
    return error == 0 ? progress::closed : progress::failed;
  default:
    break;
  }
  if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    ERR_clear_error();
    return progress::closed;
  }
  why_ = protocol_fault();
  if (const auto verified = SSL_get_verify_result(session_.get());
      verified != X509_V_OK)
    why_ = certificate_fault(verified);
  return progress::failed;
}

tls_session::progress tls_session::handshake() {
  ERR_clear_error();
  errno = 0;
  return judge(SSL_do_handshake(session_.get()));
}

tls_session::result tls_session::read(std::span<std::byte> into) {
  ERR_clear_error();
  errno = 0;
  std::size_t bytes = 0;
  const int returned =
      SSL_read_ex(session_.get(), into.data(), into.size(), &bytes);
  return returned == 1 ? result{progress::done, bytes}
                       : result{judge(returned)};
}

tls_session::result tls_session::write(std::span<const std::byte> from) {
  ERR_clear_error();
  errno = 0;
  std::size_t bytes = 0;
  const int returned =
      SSL_write_ex(session_.get(), from.data(), from.size(), &bytes);
  return returned == 1 ? result{progress::done, bytes}
                       : result{judge(returned)};
}

void tls_session::say_goodbye() {
  ERR_clear_error();
  SSL_shutdown(session_.get());
  ERR_clear_error();
}

bool tls_session::has_received() const {
  return BIO_number_read(SSL_get_rbio(session_.get())) > 0;
}

secure_channel tls_session::channel() const {
  secure_channel made;
  const auto theirs =
      facts_in(SSL_get0_peer_certificate(session_.get()), "the peer");
  const auto ours = facts_in(SSL_get_certificate(session_.get()), "this host");
  made.peer = theirs.host;
  made.peer_until = theirs.end;
  made.own_serial = ours.host.serial;
  made.own_until = ours.end;
  made.binding.resize(binding_size);
  auto* const out = reinterpret_cast<unsigned char*>(made.binding.data());
  require(SSL_export_keying_material(session_.get(), out, binding_size,
                                     binding_label.data(), binding_label.size(),
                                     nullptr, 0, 1) == 1,
          "the export of keying material");
  return made;
}

} // namespace chancery::actors
