// SPDX-License-Identifier: Apache-2.0
#pragma once

// The places of connections that have not set up TLS yet. Anybody can take
// them, so they are shared out by address: an IPv4 address has as many as a /64
// of IPv6, because that many addresses belong to one host. When a newcomer
// finds no place, this class says whose place it takes: first of those that
// have sent nothing, of the address with the most places, the oldest.
//
// Plain class, one thread at a time. Connections are numbered by the caller.

#include "actors/base/defences.hpp"
#include "actors/transport/limits.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace chancery::actors {

class pending_places {
 public:
  using number = std::uint64_t;
  using address = boost::asio::ip::address;
  struct limits {
    std::size_t all = pending_max;
    std::size_t per_address = pending_per_address_max;
  };

  explicit pending_places(limits l, defences defended = {})
      : limits_(l), defended_(defended) {}

  /// The connection that has to go before one from this address may come.
  /// `silent`: whether a connection has sent nothing.
  std::optional<number>
  in_the_way(const address& from,
             const std::function<bool(number)>& silent) const;

  /// Numbers grow.
  void add(number n, const address& from);
  void remove(number n);

 private:
  /// The bytes that a host cannot choose freely.
  using origin = std::array<std::uint8_t, 8>;
  struct place {
    number holder;
    origin from;
  };

  static origin origin_of(const address& a);
  std::size_t places_of(const origin& from) const;

  limits limits_;
  defences defended_;
  std::vector<place> places_; // the oldest first
};

} // namespace chancery::actors
