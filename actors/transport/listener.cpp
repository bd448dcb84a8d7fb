// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/transport/listener.hpp"

#include "actors/transport/acceptor.hpp"
#include "actors/transport/basp_socket.hpp"
#include "actors/transport/limited_log.hpp"
#include "actors/transport/link_loop.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>
#include <vector>

namespace chancery::actors {

namespace {

constexpr unsigned ticks_a_second = std::chrono::seconds(1) / link_tick;

/// A link, its gateway, and its peer's node.
struct guest {
  std::shared_ptr<link> line;
  offered_actor gateway{};
  std::optional<node_bytes> node{};
};

} // namespace

struct listener::state {
  state(caf::actor_system& actors, listener_options given);
  ~state();

  void accept(boost::asio::ip::tcp::socket socket);
  void authenticated(link& l, const secure_channel& channel);
  void open_gateway(guest& g, const secure_channel& channel);
  void greeted(link& l, const node_bytes& node);
  void closed(link& l, link::phase phase, const std::string& why);
  void no_longer_pending(const link& l);
  void tick();

  caf::actor_system& system;
  listener_options options;
  type_names allowed;
  node_bytes self;
  caf::actor broker;
  limited_log log;
  tls_context tls;
  link_loop loop;
  acceptor door;
  std::uint16_t port;
  std::map<const link*, guest> guests;
  std::deque<const link*> pending; ///< in TLS handshake, the oldest first
  std::size_t open_links = 0;      ///< with a gateway
  unsigned ticks = 0;
};

listener::state::state(caf::actor_system& actors, listener_options given)
    : system(actors), options(std::move(given)),
      allowed(options.message_types.begin(), options.message_types.end()),
      self(own_node(system)), broker(basp_broker(system)), log(options.log),
      tls(options.credentials, link_side::listening), loop([this] { tick(); }),
      door(loop.context(), options.address, options.port,
           {[this](auto socket) { accept(std::move(socket)); },
            [this](const std::string& why) { log.say(why); }}),
      port(door.port()) {
  door.start();
  loop.start();
}

listener::state::~state() {
  loop.stop([this] {
    door.close();
    std::vector<std::shared_ptr<link>> all;
    for (const auto& [key, g] : guests)
      all.push_back(g.line);
    for (const auto& line : all)
      line->cut("");
  });
}

void listener::state::accept(boost::asio::ip::tcp::socket socket) {
  if (pending.size() >= options.pending_max) {
    const auto oldest = guests.at(pending.front()).line;
    oldest->cut("too many connections have not set up TLS yet");
  }
  try {
    const auto line = std::make_shared<link>(
        loop.context(), std::move(socket), tls, link_side::listening,
        link::events{
            [this](link& l, const auto& channel) { authenticated(l, channel); },
            [this](link& l, const auto& node) { greeted(l, node); },
            [this](link& l, auto phase, const auto& why) {
              closed(l, phase, why);
            },
            [this](link& l) { guests.erase(&l); }});
    guests.emplace(line.get(), guest{line});
    pending.push_back(line.get());
    line->start();
  } catch (const std::exception& e) {
    log.say(fmt::format("a connection was dropped: {}", e.what()));
  }
}

void listener::state::authenticated(link& l, const secure_channel& channel) {
  no_longer_pending(l);
  if (channel.peer.role != options.admitted)
    throw std::runtime_error(
        fmt::format("only a {} may connect here", to_text(options.admitted)));
  if (open_links >= options.links_max)
    throw std::runtime_error(
        fmt::format("there are {} links already", open_links));
  open_gateway(guests.at(&l), channel);
}

void listener::state::open_gateway(guest& g, const secure_channel& channel) {
  auto [caf_end, our_end] = open_basp_socket(system);
  frame_rules rules;
  rules.self = self;
  rules.message_types = &allowed;
  try {
    g.gateway = options.open_gateway(channel);
    if (!g.gateway.actor)
      throw std::runtime_error("there is no gateway for it");
    rules.gateway = g.gateway.actor->id();
  } catch (...) {
    ::close(our_end);
    throw;
  }
  ++open_links;
  g.line->attach(our_end, rules);
  offer(broker, std::move(caf_end), g.gateway);
  // Runs on any thread, at any time from now on.
  g.gateway.actor->get()->attach_functor(
      [bell = loop.bell(), l = std::weak_ptr(g.line)](const caf::error&) {
        bell->post([l] {
          if (const auto line = l.lock())
            line->finish();
        });
      });
}

/// CAF would attribute the messages of a known node to its old link, and forget
/// the node when either link ends.
void listener::state::greeted(link& l, const node_bytes& node) {
  for (const auto& [key, g] : guests)
    if (g.node == node)
      throw std::runtime_error("its node has a link already");
  guests.at(&l).node = node;
}

void listener::state::closed(link& l, link::phase phase,
                             const std::string& why) {
  no_longer_pending(l);
  if (!why.empty())
    log.say(fmt::format("{}: {}", l.who(), why));
  if (phase == link::phase::shake)
    return;
  auto& g = guests.at(&l);
  if (!g.gateway.actor)
    return;
  --open_links;
  withdraw(broker, g.gateway);
  caf::anon_send_exit(caf::actor_cast<caf::actor>(g.gateway.actor),
                      caf::exit_reason::remote_link_unreachable);
  g.gateway = {};
}

void listener::state::no_longer_pending(const link& l) {
  pending.erase(std::remove(pending.begin(), pending.end(), &l), pending.end());
}

void listener::state::tick() {
  door.tick();
  if (++ticks % ticks_a_second == 0)
    log.tick();
  std::vector<std::shared_ptr<link>> all;
  for (const auto& [key, g] : guests)
    all.push_back(g.line);
  for (const auto& line : all)
    line->tick();
}

listener::listener(caf::actor_system& system, listener_options options)
    : state_(std::make_unique<state>(system, std::move(options))) {}

listener::~listener() = default;

std::uint16_t listener::port() const noexcept { return state_->port; }

} // namespace chancery::actors
