// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/transport/fixture.hpp"

#include "actors/transport/greeting.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <thread>

namespace chancery::tests {

echo_actor::behavior_type echo(echo_actor::pointer self) {
  return {[](echo_atom, const note& n) -> caf::result<note> {
            if (n.text.empty())
              return caf::make_error(actors::fault::refused,
                                     std::string("an empty note"));
            return n;
          },
          [self](quit_atom) {
            self->quit();
            return note{"the last answer"};
          }};
}

host_config::host_config() {
  add_message_types<caf::id_block::chancery_base>();
  add_message_types<caf::id_block::chancery_greeting>();
  add_message_types<caf::id_block::transport_tests>();
  actors::load_network(*this);
}

crypto::host_credentials cluster::issue(crypto::host_role role,
                                        std::string_view name) const {
  return crypto::issue_host_certificate(key, pem, name, role, now,
                                        crypto::host_certificate_days_default,
                                        crypto::system_random());
}

crypto::host_credentials cluster::issue_expired(crypto::host_role role) const {
  using std::chrono::days;
  return crypto::issue_host_certificate(key, pem, "host-1", role,
                                        now - days(10), days(2),
                                        crypto::system_random());
}

bool eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 12'000; ++i) {
    if (holds())
      return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

std::set<std::string> message_types() {
  return {"@atom", caf::type_name<note>::value};
}

coordinator_host::coordinator_host(const cluster& c, const change& adapt) {
  actors::listener_options options;
  options.credentials = c.issue(crypto::host_role::coordinator, "office");
  options.address = "127.0.0.1";
  options.message_types = message_types();
  options.open_gateway = [this](const actors::secure_channel& channel) {
    return open(channel);
  };
  options.log = [this](const std::string& line) {
    const std::lock_guard lock(mutex_);
    log_.push_back(line);
  };
  if (adapt)
    adapt(options);
  listener = std::make_unique<actors::listener>(own.system, std::move(options));
}

actors::offered_actor
coordinator_host::open(const actors::secure_channel& channel) {
  ++opened;
  {
    const std::lock_guard lock(mutex_);
    channels_.push_back(channel);
  }
  const auto h = own.system.spawn(echo);
  gateway = h.id();
  caf::actor_cast<caf::strong_actor_ptr>(h)->get()->attach_functor(
      [this](const caf::error& reason) {
        if (reason == caf::exit_reason::remote_link_unreachable)
          ++ended_unreachable;
        ++ended;
      });
  return {caf::actor_cast<caf::strong_actor_ptr>(h),
          own.system.message_types(h)};
}

bool coordinator_host::said(std::string_view words) const {
  const std::lock_guard lock(mutex_);
  for (const auto& line : log_)
    if (line.find(words) != std::string::npos)
      return true;
  return false;
}

std::vector<actors::secure_channel> coordinator_host::channels() const {
  const std::lock_guard lock(mutex_);
  return channels_;
}

std::size_t coordinator_host::lines() const {
  const std::lock_guard lock(mutex_);
  return log_.size();
}

worker_host::worker_host(const cluster& c, std::uint16_t port,
                         const change& adapt) {
  actors::connector_options options;
  options.credentials = c.issue(crypto::host_role::worker, "desk-1");
  options.host = "127.0.0.1";
  options.port = port;
  options.message_types = message_types();
  options.interface =
      own.system.message_types(caf::detail::type_list<echo_actor>{});
  if (adapt)
    adapt(options);
  connector =
      std::make_unique<actors::connector>(own.system, std::move(options));
}

namespace {

/// The sentence of our error, or CAF's text.
std::string words(const caf::error& e) {
  return e.context().match_elements<std::string>()
             ? e.context().get_as<std::string>(0)
             : caf::to_string(e);
}

} // namespace

echo_actor worker_host::dial() {
  caf::strong_actor_ptr gateway;
  why.clear();
  self->request(connector->actor(), 60s, actors::dial_atom_v)
      .receive(
          [&](const actors::dialled& d) {
            gateway = d.gateway;
            channel = d.channel;
          },
          [&](const caf::error& e) { why = words(e); });
  return gateway ? caf::actor_cast<echo_actor>(gateway) : echo_actor{};
}

echo_actor worker_host::dial_again() {
  echo_actor gateway;
  eventually([&] {
    gateway = dial();
    return gateway ||
           why.find("its node has a link already") == std::string::npos;
  });
  return gateway;
}

std::string worker_host::echo(const echo_actor& gateway,
                              const std::string& text) {
  std::string answer;
  why.clear();
  self->request(gateway, 60s, echo_atom_v, note{text})
      .receive([&](const note& n) { answer = n.text; },
               [&](const caf::error& e) { why = words(e); });
  return answer;
}

bool worker_host::goes_down(const echo_actor& gateway) {
  self->monitor(gateway);
  bool down = false;
  self->receive([&](const caf::down_msg&) { down = true; },
                caf::after(60s) >> [] {});
  return down;
}

} // namespace chancery::tests
