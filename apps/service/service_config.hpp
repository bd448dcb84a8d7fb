// SPDX-License-Identifier: Apache-2.0
#pragma once

// What `chancery serve` was told to do about HTTP, and whether that is safe to
// do: who may reach it, and who may do what. Pure functions; any thread.

#include "apps/api/tokens.hpp"
#include "apps/http/http_server.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

struct service_config {
  std::string address = "127.0.0.1"; ///< numeric
  std::uint16_t port = 8080;
  std::optional<http_tls_files> tls;
  std::filesystem::path tokens;     ///< empty: there is no token file
  std::vector<std::string> names;   ///< further names in Host
  std::vector<std::string> origins; ///< of pages that may send requests
  bool insecure_http = false;
  bool private_ledger = false;
  bool open_registration = false;
  bool listed_clients = false; ///< the node has a list of its clients

  bool loopback() const;
  /// "https://host:8443", as one types it on this host.
  std::string url(std::uint16_t port) const;
};

/// Throws usage_error when the address is reachable from other hosts without
/// TLS, without tokens or client certificates, or without a name.
void check_service(const service_config& config);

/// What a token needs to register a client of the ledger; unset: none is
/// needed. On another address than the loopback nobody registers unasked.
std::optional<scope> registration_scope(const service_config& config);

/// Words between commas, in lower case. Throws usage_error for an empty one.
std::vector<std::string> words_in(std::string_view option,
                                  std::string_view text);

} // namespace chancery::apps
