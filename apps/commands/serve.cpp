// SPDX-License-Identifier: Apache-2.0
// `chancery serve`: signs records as they come, runs the ledger's node, and
// answers HTTP, in one process, until a signal. SIGHUP reads tokens,
// certificates and keys again.

#include "apps/api/signing_events.hpp"
#include "apps/api/token_file.hpp"
#include "apps/certificates/certificate_files.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/serve_health.hpp"
#include "apps/commands/serve_ledger.hpp"
#include "apps/commands/serve_signing.hpp"
#include "apps/commands/serve_watch.hpp"
#include "apps/options/endpoint.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/service/api_server.hpp"
#include "apps/service/record_service.hpp"
#include "apps/service/request_log.hpp"
#include "apps/service/service_config.hpp"
#include "apps/service/service_metrics.hpp"
#include "apps/service/service_routes.hpp"
#include "apps/terminal/console.hpp"

#include <atomic>
#include <csignal>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::chrono::seconds drain_patience{5};

struct serve_choice {
  node_choice node;
  serve_signing_choice signing;
  bool no_ledger = false;
  std::string http; ///< ADDR:PORT; empty: the default
  std::string ops;  ///< the same; empty: none
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path client_ca;
  std::filesystem::path tokens; ///< empty: `tokens` in the data folder, if any
  std::vector<std::filesystem::path> trusted; ///< roots for seals
  std::string names;
  std::string origins;
  std::string log_format = "text";
  bool insecure_http = false;
  bool private_ledger = false;
  bool open_registration = false;
  bool open_loopback = false;
};

std::optional<http_tls_files> tls_of(const serve_choice& choice) {
  if (choice.certificate.empty() != choice.key.empty())
    throw usage_error("--tls-cert and --tls-key need each other");
  if (choice.certificate.empty()) {
    if (!choice.client_ca.empty())
      throw usage_error("--client-ca needs --tls-cert and --tls-key");
    return std::nullopt;
  }
  return http_tls_files{choice.certificate, choice.key, choice.client_ca};
}

service_config config_of(const command_context& context,
                         const serve_choice& choice) {
  service_config config;
  config.tls = tls_of(choice);
  config.port = config.tls ? 8443 : 8080;
  if (!choice.http.empty()) {
    const auto place = parse_listen_endpoint("--http", choice.http);
    config.address = place.host;
    config.port = place.port;
  }
  config.tokens = choice.tokens;
  const auto own = context.data / "tokens";
  if (config.tokens.empty() && std::filesystem::exists(own))
    config.tokens = own;
  config.names = words_in("--http-name", choice.names);
  config.origins = words_in("--cors", choice.origins);
  config.insecure_http = choice.insecure_http;
  config.private_ledger = choice.private_ledger;
  config.open_registration = choice.open_registration;
  config.listed_clients = !choice.node.allow.empty();
  check_service(config);
  return config;
}

caller_rules rules_of(const service_config& config) {
  caller_rules rules;
  rules.hosts = config.names;
  rules.hosts.push_back(config.address.find(':') == std::string::npos
                            ? config.address
                            : fmt::format("[{}]", config.address));
  rules.origins = config.origins;
  if (!config.tokens.empty())
    rules.tokens = read_token_file(config.tokens);
  else if (!config.loopback()) // client certificates without a token file
    rules.tokens = std::make_shared<const token_book>();
  return rules;
}

std::unique_ptr<serve_ledger> ledger_half(const command_context& context,
                                          const serve_choice& choice) {
  if (choice.no_ledger)
    return nullptr;
  auto node = choice.node;
  if (node.listen.empty())
    node.deny.clear(); // it is for the workers
  return std::make_unique<serve_ledger>(context, node);
}

/// Health and metrics alone, at an address of their own, without tokens.
std::unique_ptr<api_server> ops_server(const std::string& place,
                                       const watched_service& watched,
                                       api_options setup) {
  if (place.empty())
    return nullptr;
  const auto address = parse_listen_endpoint("--ops", place);
  auto made = std::make_unique<api_server>(
      http_server_options{.address = address.host, .port = address.port},
      ops_routes(watched), std::move(setup));
  note(fmt::format("health and metrics at http://{}",
                   to_text(endpoint{address.host, made->port()})));
  return made;
}

/// What SIGHUP reads anew. What cannot be read stays as it was.
/// Whether records come without a token or a certificate.
bool takes_from_anybody(const service_config& config,
                        const serve_choice& choice) {
  return config.tokens.empty() && !choice.open_loopback &&
         (!config.tls || config.tls->client_ca.empty());
}

void reload(const service_config& config, api_server& server,
            record_service* records,
            const std::function<std::string()>& open_fault) {
  if (records != nullptr)
    records->roll();
  try {
    if (const auto why = open_fault(); !why.empty())
      warn(why);
    if (!config.tokens.empty())
      server.set_tokens(read_token_file(config.tokens));
    if (config.tls)
      server.reload_tls();
    note("tokens and certificates were read again");
  } catch (const std::exception& e) {
    warn(fmt::format("{}; what was read before still holds", e.what()));
  }
}

void say_where(const command_context& context, const service_config& config,
               std::uint16_t port) {
  const auto url = config.url(port);
  if (context.json)
    answer({{"url", url}, {"docs", url + "/docs"}});
  else
    say(fmt::format("chancery serves {}\nthe page: {}/\nthe routes: {}/docs",
                    url, url, url));
  finish_output();
  if (config.insecure_http && !config.tls)
    warn("--insecure-http: tokens and answers cross the network readably "
         "unless a proxy in front speaks TLS");
}

bool failed(const record_service* records, const serve_ledger* ledger) {
  return (records != nullptr && !records->failure().empty()) ||
         (ledger != nullptr && !ledger->node().failure().empty());
}

void require_a_half(const serve_choice& choice) {
  if (choice.signing.off && choice.no_ledger)
    throw usage_error("--no-signing and --no-ledger leave nothing to serve");
  if (choice.signing.off && !choice.signing.workers.listen.empty())
    throw usage_error("--workers is for signing: it does not go with "
                      "--no-signing");
  if (choice.no_ledger && !choice.node.listen.empty())
    throw usage_error("--ledger is for the ledger: it does not go with "
                      "--no-ledger");
  if (!choice.node.deny.empty() && choice.node.listen.empty() &&
      choice.signing.workers.listen.empty())
    throw usage_error("--deny is for hosts that connect: it needs --ledger or "
                      "--workers");
}

/// The requests' lines go into the log and are counted.
api_options counted(request_log& log, request_counts& counts) {
  api_options setup;
  setup.log = [&log, &counts](const auto& line) {
    log.request(line);
    counts.add(line);
  };
  setup.failed = [&log](const auto& id, const auto& why) {
    log.failure(id, why);
  };
  return setup;
}

int run_serve(const command_context& context, const serve_choice& choice) {
  require_plausible_clock();
  std::signal(SIGPIPE, SIG_IGN); // a closed terminal ends no service
  require_a_half(choice);
  const auto config = config_of(context, choice);
  const auto roots = std::make_shared<const trusted_roots>(
      read_certificate_files(choice.trusted));
  std::atomic<bool> hangup{false};
  const signal_watch signals([&hangup] { hangup = true; });
  request_log log(choice.log_format == "json" ? log_format::json
                                              : log_format::text);
  request_counts counts;
  auto api_setup = counted(log, counts);
  api_setup.callers = rules_of(config);
  std::atomic<api_server*> serving{nullptr};
  waiting_requests waiting;
  const auto batches = std::make_shared<latest_batches>();
  const auto records = signing_half(context, choice.signing, choice.node,
                                    [&waiting, batches](const auto& rows) {
                                      batches->add(rows);
                                      waiting.wake();
                                    });
  const auto ledger = ledger_half(context, choice);
  const auto folder = folder_of(context, records.get());
  const auto open_fault = [&] {
    return records && records->seals() && takes_from_anybody(config, choice)
               ? fault_of_anybody(*folder)
               : std::string();
  };
  if (const auto why = open_fault(); !why.empty())
    throw std::runtime_error(why);
  const auto figures =
      measured(counts, log, serving, records.get(), ledger.get(), folder);
  const watched_service watched{
      health_of(records.get(), ledger.get(), serving, signals.stop()),
      [&figures] { return metrics_text(figures); },
      events_of(records.get(), ledger.get(), batches, folder)};
  api_server server(
      {.address = config.address, .port = config.port, .tls = config.tls},
      service_routes(ledger ? std::optional(ledger->served(config))
                            : std::nullopt,
                     folder, watched, intake_of(records.get()), roots),
      std::move(api_setup));
  serving = &server;
  waiting.follow(&server);
  const auto ops = ops_server(choice.ops, watched, counted(log, counts));
  say_where(context, config, server.port());
  while (!signals.stop() && !failed(records.get(), ledger.get())) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (hangup.exchange(false))
      reload(config, server, records.get(), open_fault);
  }
  if (!server.drain(drain_patience))
    note("some requests were not answered in time");
  waiting.follow(nullptr);
  serving = nullptr;
  if (records)
    records->throw_if_failed();
  if (ledger) {
    throw_if_failed(ledger->node());
    note_node_end(ledger->node().counters());
  }
  return 0;
}

} // namespace

void add_serve(const command_spec& app) {
  const auto choice = std::make_shared<serve_choice>();
  choice->node.disk_reserve = 256;
  const auto command = app.add(
      "serve",
      "Signs records as they come, runs the ledger's node, and answers HTTP, "
      "until a signal",
      "chancery serve\n    curl http://127.0.0.1:8080/v1/signing");
  command
      .text("--http", choice->http,
            "Address of this host to serve; port 0: any free port (default: "
            "127.0.0.1:8080, with TLS 8443)")
      .value_name("ADDR:PORT");
  command
      .text("--tls-cert", choice->certificate,
            "The server's certificate with its chain, PEM")
      .value_name("FILE");
  command.text("--tls-key", choice->key, "Its private key, PEM")
      .value_name("FILE");
  command
      .text("--client-ca", choice->client_ca,
            "Ask clients for certificates that these have signed, PEM")
      .value_name("FILE");
  command
      .text("--tokens", choice->tokens,
            "Who may do what, as `chancery token make` writes it (default: "
            "`tokens` in the data folder, if there is one)")
      .value_name("FILE");
  command.paths("--trust-ca", choice->trusted,
                "Root certificates under which /v1/check takes seals, PEM or "
                "DER; may be given again");
  command
      .text("--ops", choice->ops,
            "Also serve /livez, /readyz and /metrics alone, without tokens, at "
            "this address, for probes and scrapers")
      .value_name("ADDR:PORT");
  command
      .text("--http-name", choice->names,
            "Further names of this server, as clients write them in Host; "
            "commas separate several")
      .value_name("NAMES");
  command
      .text("--cors", choice->origins,
            "Origins whose pages may send requests: https://example.org")
      .value_name("ORIGINS");
  command.flag("--insecure-http", choice->insecure_http,
               "Serve other hosts without TLS, behind a proxy that speaks it");
  add_serve_signing(command, choice->signing);
  command.flag("--no-ledger", choice->no_ledger, "Run no node of a ledger");
  command.flag("--private-ledger", choice->private_ledger,
               "Ask for tokens at every route of the ledger");
  command.flag("--open-registration", choice->open_registration,
               "Let anybody register as a client of the ledger");
  command.flag("--open-loopback", choice->open_loopback,
               "Seal records of anybody on this host, also under an authority "
               "that others trust");
  command
      .text("--ledger", choice->node.listen,
            "Also accept the ledger's clients on other hosts at this address, "
            "as `node --listen`")
      .value_name("ADDR:PORT");
  add_node_options(command, choice->node);
  command.text("--log-format", choice->log_format, "text or json")
      .one_of({"text", "json"})
      .default_text("text");
  command.runs_until_a_signal(run_serve, choice);
}

} // namespace chancery::apps
