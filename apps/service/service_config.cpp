// SPDX-License-Identifier: Apache-2.0
#include "apps/service/service_config.hpp"

#include "apps/terminal/command_context.hpp"

#include <fmt/format.h>

namespace chancery::apps {

namespace {

bool is_any_address(std::string_view address) {
  return address == "0.0.0.0" || address == "::";
}

std::string in_brackets(const std::string& address) {
  return address.find(':') == std::string::npos ? address
                                                : fmt::format("[{}]", address);
}

} // namespace

bool service_config::loopback() const {
  return address.starts_with("127.") || address == "::1";
}

std::string service_config::url(std::uint16_t bound) const {
  const auto host = is_any_address(address) && !names.empty()
                        ? names.front()
                        : in_brackets(address);
  return fmt::format("{}://{}:{}", tls ? "https" : "http", host, bound);
}

void check_service(const service_config& config) {
  if (config.loopback())
    return;
  if (!config.tls && !config.insecure_http)
    throw usage_error(fmt::format(
        "--http {}: other hosts may reach this address, so it needs "
        "--tls-cert and --tls-key (or --insecure-http behind a proxy that "
        "speaks TLS)",
        in_brackets(config.address)));
  const bool certificates = config.tls && !config.tls->client_ca.empty();
  if (config.tokens.empty() && !certificates)
    throw usage_error(fmt::format(
        "--http {}: other hosts may reach this address, so it needs a token "
        "file (`chancery token make`) or --client-ca",
        in_brackets(config.address)));
  if (is_any_address(config.address) && config.names.empty())
    throw usage_error(fmt::format(
        "--http {}: say by --http-name under which names it is reached",
        in_brackets(config.address)));
}

std::optional<scope> registration_scope(const service_config& config) {
  const bool anybody =
      config.loopback() || config.open_registration || config.listed_clients;
  if (config.private_ledger || !anybody)
    return scope::submit;
  return std::nullopt;
}

std::vector<std::string> words_in(std::string_view option,
                                  std::string_view text) {
  std::vector<std::string> words;
  for (bool more = !text.empty(); more;) {
    const auto end = text.find(',');
    std::string word(text.substr(0, end));
    for (char& c : word)
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c - 'A' + 'a');
    if (word.empty())
      throw usage_error(
          fmt::format("{}: commas separate several; none is empty", option));
    words.push_back(std::move(word));
    more = end != std::string_view::npos;
    if (more)
      text.remove_prefix(end + 1);
  }
  return words;
}

} // namespace chancery::apps
