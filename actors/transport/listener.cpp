// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/transport/listener.hpp"

#include "actors/base/messages.hpp"
#include "actors/transport/acceptor.hpp"
#include "actors/transport/basp_socket.hpp"
#include "actors/transport/limited_log.hpp"
#include "actors/transport/link_loop.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <stdexcept>
#include <vector>

namespace chancery::actors {

namespace {

constexpr unsigned ticks_a_second = ticks(std::chrono::seconds(1));

/// A link, its gateway, and its peer's certificate and node.
struct guest {
  std::shared_ptr<link> line;
  pending_places::number number = 0;
  std::string serial{};
  offered_actor gateway{};
  std::optional<node_bytes> node{};
};

} // namespace

struct listener::state {
  state(caf::actor_system& actors, listener_options given);
  ~state();

  void accept(boost::asio::ip::tcp::socket socket);
  void make_room(const boost::asio::ip::address& from);
  void authenticated(link& l, const secure_channel& channel);
  void admit(const guest& g, const crypto::host_identity& peer);
  void open_gateway(guest& g, const secure_channel& channel);
  void greeted(link& l, const node_bytes& node);
  void closed(link& l, link::phase phase, const std::string& why);
  void gateway_ended(const std::weak_ptr<link>& l, const std::string& who,
                     const caf::error& reason);
  void cut_denied();
  std::vector<std::shared_ptr<link>> lines() const;
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
  frame_memory memory{payloads_max};
  std::map<const link*, guest> guests;
  pending_places pending; ///< in TLS handshake
  pending_places::number last_guest = 0;
  std::size_t open_links = 0; ///< with a gateway
  unsigned ticks_passed = 0;
};

listener::state::state(caf::actor_system& actors, listener_options given)
    : system(actors), options(std::move(given)),
      allowed(options.message_types.begin(), options.message_types.end()),
      self(own_node(system)), broker(basp_broker(system)), log(options.log),
      tls(options.credentials, link_side::listening), loop([this] { tick(); }),
      door(loop.context(), options.address, options.port,
           {[this](auto socket) { accept(std::move(socket)); },
            [this](const std::string& why) { log.say(why); }}),
      port(door.port()), pending(options.pending, options.defended) {
  door.start();
  loop.start();
}

listener::state::~state() {
  loop.stop([this] {
    door.close();
    for (const auto& line : lines())
      line->cut("");
  });
}

std::vector<std::shared_ptr<link>> listener::state::lines() const {
  std::vector<std::shared_ptr<link>> all;
  for (const auto& [key, g] : guests)
    all.push_back(g.line);
  return all;
}

void listener::state::make_room(const boost::asio::ip::address& from) {
  const auto holder = [this](pending_places::number n) {
    return std::ranges::find_if(
               guests, [n](const auto& g) { return g.second.number == n; })
        ->second.line;
  };
  const auto evicted =
      pending.in_the_way(from, [&](auto n) { return !holder(n)->has_sent(); });
  if (evicted)
    holder(*evicted)->cut("too many connections have not set up TLS yet");
}

void listener::state::accept(boost::asio::ip::tcp::socket socket) {
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
    make_room(line->address());
    guests.emplace(line.get(), guest{line, ++last_guest});
    pending.add(last_guest, line->address());
    line->start();
  } catch (const std::exception& e) {
    log.say(fmt::format("a connection was dropped: {}", e.what()));
  }
}

void listener::state::authenticated(link& l, const secure_channel& channel) {
  auto& g = guests.at(&l);
  pending.remove(g.number);
  admit(g, channel.peer);
  g.serial = channel.peer.serial;
  open_gateway(g, channel);
}

/// Throws a sentence for a peer that may not have a link. Links are counted by
/// certificate and not by name: who has stolen a certificate cannot take the
/// places of the one that replaced it.
void listener::state::admit(const guest& g, const crypto::host_identity& peer) {
  if (peer.role != options.admitted)
    throw std::runtime_error(
        fmt::format("only a {} may connect here", to_text(options.admitted)));
  if (options.denied)
    if (auto why = options.denied(peer))
      throw std::runtime_error(*std::move(why));
  if (open_links >= options.links_max)
    throw std::runtime_error(
        fmt::format("there are {} links already", open_links));
  const auto same = std::ranges::count_if(guests, [&](const auto& other) {
    return &other.second != &g && other.second.serial == peer.serial;
  });
  if (static_cast<std::size_t>(same) >= links_per_certificate_max &&
      options.defended.links_per_certificate())
    throw std::runtime_error(
        fmt::format("there are {} links with its certificate already", same));
}

void listener::state::open_gateway(guest& g, const secure_channel& channel) {
  auto [caf_end, our_end] = open_basp_socket(system);
  frame_rules rules;
  rules.self = self;
  rules.message_types = &allowed;
  rules.payload_max = options.payload_max;
  rules.memory = &memory;
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
      [this, bell = loop.bell(), l = std::weak_ptr(g.line),
       who = g.line->who()](const caf::error& reason) {
        bell->post([this, l, who, reason] { gateway_ended(l, who, reason); });
      });
}

/// A fault is why the gateway ended its link. The other side may have heard it
/// first, and hung up before this is known here.
void listener::state::gateway_ended(const std::weak_ptr<link>& l,
                                    const std::string& who,
                                    const caf::error& reason) {
  if (const auto line = l.lock())
    line->finish();
  if (reason == fault::refused)
    log.say(fmt::format("refused {}: {}", who, sentence(reason)));
  else if (reason == fault::internal)
    log.say(fmt::format("{}: {}", who, sentence(reason)));
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
  pending.remove(guests.at(&l).number);
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

void listener::state::cut_denied() {
  for (const auto& line : lines())
    if (line->state() == link::phase::greet ||
        line->state() == link::phase::open)
      if (const auto why = options.denied(line->peer()))
        line->cut(*why);
}

void listener::state::tick() {
  door.tick();
  if (++ticks_passed % ticks_a_second == 0) {
    log.tick();
    if (options.denied)
      cut_denied();
  }
  for (const auto& line : lines())
    line->tick();
}

listener::listener(caf::actor_system& system, listener_options options)
    : state_(std::make_unique<state>(system, std::move(options))) {}

listener::~listener() = default;

std::uint16_t listener::port() const noexcept { return state_->port; }

} // namespace chancery::actors
