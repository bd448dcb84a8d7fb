// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_tls.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/hash.hpp"

#include <fmt/format.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::apps {

namespace {

/// As ALPN has it (RFC 7301 3.1): a length, and the name.
constexpr std::string_view alpn_http_1_1 = "\x08http/1.1";

constexpr const char* tls_1_2_ciphers =
    "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK";

std::string oldest_openssl_error() {
  const auto error = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(error);
  if (ERR_SYSTEM_ERROR(error))
    return std::generic_category().message(ERR_GET_REASON(error));
  return reason != nullptr ? reason : "unknown error";
}

void require_tls(bool holds, const std::string& what) {
  if (!holds)
    throw std::runtime_error(
        fmt::format("{}: {}", what, oldest_openssl_error()));
}

/// A client that knows ALPN must know HTTP/1.1 (RFC 7301 3.2).
int select_protocol(SSL*, const unsigned char** out, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size,
                    void*) {
  unsigned char* chosen = nullptr;
  const auto* ours =
      reinterpret_cast<const unsigned char*>(alpn_http_1_1.data());
  if (SSL_select_next_proto(&chosen, size, ours, alpn_http_1_1.size(), offered,
                            offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

/// No passphrase: a service cannot ask for one.
int no_passphrase(char*, int, int, void*) { return 0; }

tls_settings make_tls(const SSL_METHOD* method) {
  ERR_clear_error();
  tls_settings made(SSL_CTX_new(method), SSL_CTX_free);
  if (!made)
    throw std::bad_alloc();
  auto* const context = made.get();
  require_tls(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                  SSL_CTX_set_cipher_list(context, tls_1_2_ciphers) == 1,
              "OpenSSL rejects the TLS settings");
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  return made;
}

void load_pair(SSL_CTX* context, const std::filesystem::path& certificate,
               const std::filesystem::path& key) {
  require_tls(
      SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) == 1,
      fmt::format("cannot read the certificate in {}", certificate.string()));
  require_tls(
      SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1,
      fmt::format("cannot use the key in {} with the certificate in {}",
                  key.string(), certificate.string()));
}

void load_authorities(SSL_CTX* context, const std::filesystem::path& file) {
  require_tls(SSL_CTX_load_verify_file(context, file.c_str()) == 1,
              fmt::format("cannot read the certificates in {}", file.string()));
}

} // namespace

tls_settings make_server_tls(const http_tls_files& files) {
  auto made = make_tls(TLS_server_method());
  auto* const context = made.get();
  load_pair(context, files.certificate, files.key);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
  if (files.client_ca.empty())
    return made;
  load_authorities(context, files.client_ca);
  SSL_CTX_set_client_CA_list(context,
                             SSL_load_client_CA_file(files.client_ca.c_str()));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return made;
}

std::optional<std::int64_t> certificate_end(const tls_settings& settings) {
  const X509* certificate = SSL_CTX_get0_certificate(settings.get());
  std::tm end{};
  if (certificate == nullptr ||
      ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
    return std::nullopt;
  return ::timegm(&end);
}

std::string certificate_key_of(const X509& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> freed(
      der, [](unsigned char* p) { OPENSSL_free(p); });
  if (size <= 0)
    throw std::bad_alloc();
  const auto hash = crypto::sha256(
      std::as_bytes(std::span(der, static_cast<std::size_t>(size))));
  return crypto::base64url_encode(std::as_bytes(std::span(hash)));
}

std::string certificate_key_in(const std::filesystem::path& file) {
  ERR_clear_error();
  const std::unique_ptr<BIO, int (*)(BIO*)> in(BIO_new_file(file.c_str(), "r"),
                                               BIO_free);
  const std::unique_ptr<X509, void (*)(X509*)> read(
      in ? PEM_read_bio_X509(in.get(), nullptr, no_passphrase, nullptr)
         : nullptr,
      X509_free);
  require_tls(read != nullptr,
              fmt::format("cannot read the certificate in {}", file.string()));
  return certificate_key_of(*read);
}

tls_settings make_client_tls(const std::filesystem::path& server_ca,
                             const std::filesystem::path& certificate,
                             const std::filesystem::path& key) {
  auto made = make_tls(TLS_client_method());
  auto* const context = made.get();
  load_authorities(context, server_ca);
  if (!certificate.empty())
    load_pair(context, certificate, key);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  const auto* ours =
      reinterpret_cast<const unsigned char*>(alpn_http_1_1.data());
  require_tls(SSL_CTX_set_alpn_protos(context, ours, alpn_http_1_1.size()) == 0,
              "OpenSSL rejects the protocol");
  return made;
}

} // namespace chancery::apps
