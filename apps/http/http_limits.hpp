// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every limit of the HTTP connections. apps/README.md has them as a table, with
// what happens beyond each. A server of tests may take smaller ones.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace chancery::apps {

struct http_limits {
  // Header.
  std::uint32_t header_bytes_max = 16 << 10; ///< with the request line
  std::size_t target_bytes_max = 4 << 10;
  std::size_t fields_max = 100;

  // Bodies.
  /// Of all that are in memory at once, by their Content-Length.
  std::uint64_t bodies_bytes_max = std::uint64_t{256} << 20;
  std::uint64_t chunked_body_max = 1 << 20;
  /// Of all answers over 16 KiB that wait for their readers.
  std::uint64_t answers_bytes_max = std::uint64_t{256} << 20;

  // Time.
  std::chrono::milliseconds handshake{10'000}; ///< of TLS
  std::chrono::milliseconds header{10'000};    ///< from its first octet
  std::chrono::milliseconds body{10'000};      ///< and body_for_64_kib for each
  std::chrono::milliseconds body_for_64_kib{1'000};
  std::chrono::milliseconds idle{60'000};
  std::chrono::milliseconds progress{30'000}; ///< of an answer's octets
  /// For a peer to read the last answer before the connection is closed, with
  /// what it still sends meanwhile.
  std::chrono::milliseconds linger{5'000};
  std::uint64_t linger_bytes_max = std::uint64_t{32} << 20;

  // Connections.
  std::size_t connections_max = 4'096;
  /// For those that give way to be gone, while a new one waits.
  std::chrono::milliseconds give_way{1'000};
  /// Descriptors that stay for the rest of the process.
  std::size_t descriptors_left = 256;
  /// Of one address that is not loopback.
  std::size_t connections_of_address_max = 256;
  /// Requests whose answer the handler still owes.
  std::size_t under_way_max = 4'096;
};

} // namespace chancery::apps
