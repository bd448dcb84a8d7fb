// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenSSL's settings for HTTP: TLS 1.2 with forward secrecy and TLS 1.3, ALPN
// "http/1.1", no renegotiation, no sessions to resume. Any thread.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

struct ssl_ctx_st;
struct x509_st;

namespace chancery::apps {

/// PEM files, read when the server starts and at each reload.
struct http_tls_files {
  std::filesystem::path certificate{}; ///< with its chain
  std::filesystem::path key{};
  /// Certificates that may sign a client's; empty: none is asked for. A client
  /// without one is let in: the handler looks at http_peer::certificate_key.
  std::filesystem::path client_ca{};
};

using tls_settings = std::shared_ptr<ssl_ctx_st>;

/// Throws std::runtime_error with a sentence for files that are not there, do
/// not hold what they should, or do not belong together.
tls_settings make_server_tls(const http_tls_files& files);

/// When the certificate of these settings ends, in seconds since 1970; nothing
/// when it cannot be told.
std::optional<std::int64_t> certificate_end(const tls_settings& settings);

/// The key of a certificate, as http_peer::certificate_key has it.
std::string certificate_key_of(const x509_st& certificate);

/// The same of the first certificate in a PEM file. Throws std::runtime_error
/// that names the file.
std::string certificate_key_in(const std::filesystem::path& file);

/// `certificate` and `key` may be empty. Throws as above.
tls_settings make_client_tls(const std::filesystem::path& server_ca,
                             const std::filesystem::path& certificate,
                             const std::filesystem::path& key);

} // namespace chancery::apps
