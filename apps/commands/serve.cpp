// SPDX-License-Identifier: Apache-2.0
// `chancery serve`: the ledger's node and HTTP in one process, until a signal.
// SIGHUP reads tokens and certificates anew.

#include "actors/base/answer_clock.hpp"
#include "apps/api/ledger_events.hpp"
#include "apps/api/token_file.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/node_choice.hpp"
#include "apps/options/endpoint.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/service/api_server.hpp"
#include "apps/service/request_log.hpp"
#include "apps/service/service_config.hpp"
#include "apps/service/service_metrics.hpp"
#include "apps/service/service_routes.hpp"
#include "apps/terminal/console.hpp"

#include <atomic>
#include <csignal>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::chrono::seconds drain_patience{5};
constexpr std::chrono::seconds silence_max{10};

struct serve_choice {
  node_choice node;
  std::string http; ///< ADDR:PORT; empty: the default
  std::string ops;  ///< the same; empty: none
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path client_ca;
  std::filesystem::path tokens; ///< empty: `tokens` in the data folder, if any
  std::string names;
  std::string origins;
  std::string log_format = "text";
  bool insecure_http = false;
  bool private_ledger = false;
  bool open_registration = false;
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

served_ledger served(const opened_ledger& ledger, actors::ledger_node& node,
                     actors::answer_clock& messages,
                     const service_config& config) {
  return {.store = &ledger.store,
          .node = ledger.identity.id(),
          .signing = ledger.identity.signing.public_half(),
          .keys = node.keys(),
          .software = "chancery " CHANCERY_VERSION,
          .submit =
              [&node,
               &messages](std::string text,
                          std::function<void(actors::ledger_answer)> answer) {
                messages.asked();
                node.submit(std::move(text),
                            [&messages, answer = std::move(answer)](
                                actors::ledger_answer given) {
                              messages.answered();
                              answer(std::move(given));
                            });
              },
          .registration = registration_scope(config),
          .tokens_for_all = config.private_ledger};
}

/// Of a part of the service that owes answers.
health_check
answers_check(std::string name,
              std::function<std::chrono::steady_clock::duration()> silence) {
  return {std::move(name), [silence = std::move(silence)] {
            const auto time = silence();
            return time <= silence_max
                       ? std::string()
                       : fmt::format(
                             "no answer for {} s",
                             std::chrono::floor<std::chrono::seconds>(time)
                                 .count());
          }};
}

served_health health_of(const actors::ledger_node& node,
                        const actors::answer_clock& messages,
                        const std::atomic<const api_server*>& server,
                        const storage::ledger_store& store,
                        std::uint64_t disk_reserve,
                        const std::atomic<bool>& stop) {
  const health_check works{"node", [&node] { return node.failure(); }};
  const health_check disk{"disk", [&store, disk_reserve] {
                            return store.room() < disk_reserve
                                       ? std::string("it is nearly full")
                                       : std::string();
                          }};
  const health_check stays{"service", [&stop] {
                             return stop ? std::string("it is stopping")
                                         : std::string();
                           }};
  const auto answers =
      answers_check("messages", [&messages] { return messages.silence(); });
  const auto threads = answers_check("threads", [&server] {
    const auto* running = server.load();
    return running == nullptr ? std::chrono::steady_clock::duration::zero()
                              : running->silence();
  });
  return {.alive = {works, answers, threads}, .ready = {works, disk, stays}};
}

/// What GET /v1/events tells of the ledger. It uses both as long as it lives.
std::shared_ptr<event_stream> events_of(const storage::ledger_store& store,
                                        const actors::ledger_node& node) {
  return std::make_shared<event_stream>(std::vector<event_source>{
      block_events(store),
      refusal_events([&node] { return node.counters().refused; })});
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
void reload(const service_config& config, api_server& server) {
  try {
    if (!config.tokens.empty())
      server.set_tokens(read_token_file(config.tokens));
    if (config.tls)
      server.reload_tls();
    note("tokens and certificates were read anew");
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
    say(fmt::format("chancery serves {}\nthe routes: {}/docs", url, url));
  finish_output();
  if (config.insecure_http && !config.tls)
    warn("--insecure-http: tokens and answers cross the network readably "
         "unless a proxy in front speaks TLS");
}

int run_serve(const command_context& context, const serve_choice& choice) {
  require_plausible_clock();
  std::signal(SIGPIPE, SIG_IGN); // a closed terminal ends no service
  const auto config = config_of(context, choice);
  const auto options = node_options(choice.node, "--ledger");
  api_options api_setup{.callers = rules_of(config)};
  auto ledger = ledger_folder(context.data)
                    .open_for_node(context, choice.node.blocks_of());
  std::atomic<bool> hangup{false};
  const signal_watch signals([&hangup] { hangup = true; });
  request_log log(choice.log_format == "json" ? log_format::json
                                              : log_format::text);
  request_counts counts;
  api_setup.log = [&log, &counts](const auto& line) {
    log.request(line);
    counts.add(line);
  };
  api_setup.failed = [&log](const auto& id, const auto& why) {
    log.failure(id, why);
  };
  api_options ops_setup;
  ops_setup.log = api_setup.log;
  ops_setup.failed = api_setup.failed;
  actors::answer_clock messages;
  actors::ledger_node node(ledger.store, ledger.identity, options);
  note_node_start(ledger, node, options);
  const auto folder =
      std::make_shared<const signed_folder>(context.data, context.map_size);
  std::atomic<const api_server*> counted{nullptr};
  const measured_service measured{
      .version = CHANCERY_VERSION,
      .requests = &counts,
      .http =
          [&counted] {
            const auto* server = counted.load();
            return server == nullptr ? http_counters{} : server->counters();
          },
      .ledger = [&node] { return node.counters(); },
      .log_lines_dropped = [&log] { return log.dropped(); },
      .store = &ledger.store,
      .folder = folder};
  const watched_service watched{health_of(node, messages, counted, ledger.store,
                                          options.disk_reserve, signals.stop()),
                                [&measured] { return metrics_text(measured); },
                                events_of(ledger.store, node)};
  api_server server(
      {.address = config.address, .port = config.port, .tls = config.tls},
      service_routes(served(ledger, node, messages, config), folder, watched),
      std::move(api_setup));
  counted = &server;
  const auto ops = ops_server(choice.ops, watched, ops_setup);
  say_where(context, config, server.port());
  while (!signals.stop() && node.failure().empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (hangup.exchange(false))
      reload(config, server);
  }
  if (!server.drain(drain_patience))
    note("some requests were not answered in time");
  throw_if_failed(node);
  note_node_end(node.counters());
  return 0;
}

} // namespace

void add_serve(const command_spec& app) {
  const auto choice = std::make_shared<serve_choice>();
  const auto command = app.add(
      "serve", "Runs the ledger's node, and answers HTTP, until a signal",
      "chancery serve\n    curl http://127.0.0.1:8080/v1/node");
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
  command.flag("--private-ledger", choice->private_ledger,
               "Ask for tokens at every route of the ledger");
  command.flag("--open-registration", choice->open_registration,
               "Let anybody register as a client of the ledger");
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
