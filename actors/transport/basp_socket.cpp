// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/basp_socket.hpp"

#include <caf/actor_addr.hpp>
#include <caf/actor_system.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>
#include <caf/send.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace chancery::actors {

namespace {

/// Any value works: the broker keeps the last actor published at a port, and
/// greets in the same step.
constexpr std::uint16_t virtual_port = 1;
/// Room for several messages, so that neither side waits for the other.
constexpr int buffer_bytes = 256 << 10;

} // namespace

caf::actor basp_broker(caf::actor_system& system) {
  if (!system.has_middleman())
    throw std::runtime_error("this actor system has no network");
  return caf::actor_cast<caf::actor>(
      system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP")));
}

node_bytes own_node(caf::actor_system& system) {
  std::vector<char> bytes;
  caf::binary_serializer sink(system, bytes);
  node_bytes node{};
  if (sink(system.node()) || bytes.size() != node.size())
    throw std::runtime_error("this node's id is not 32 bytes long");
  std::transform(bytes.begin(), bytes.end(), node.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return node;
}

std::pair<caf::io::scribe_ptr, int>
open_basp_socket(caf::actor_system& system) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
                   ends) != 0)
    throw std::system_error(errno, std::generic_category(),
                            "cannot create a pair of local sockets for a peer");
  for (const int end : ends)
    ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &buffer_bytes,
                 sizeof(buffer_bytes));
  return {system.middleman().backend().new_scribe(ends[0]), ends[1]};
}

void offer(const caf::actor& broker, caf::io::scribe_ptr socket,
           const offered_actor& gateway) {
  caf::anon_send(broker, caf::publish_atom_v, std::move(socket), virtual_port,
                 gateway.actor, gateway.interface);
}

void withdraw(const caf::actor& broker, const offered_actor& gateway) {
  caf::anon_send(broker, caf::unpublish_atom_v,
                 caf::actor_cast<caf::actor_addr>(gateway.actor), virtual_port);
}

} // namespace chancery::actors
