// SPDX-License-Identifier: Apache-2.0
#pragma once

// Proofs that two hosts hold the same keyring, without showing it: an HMAC
// under the lease secret over what both know of one connection. No side can use
// the other's proof, or one of another connection, as its own.
//
// The input of the HMAC (SHA-256), integers big endian, in this order:
//
//   label             "chancery-greeting-coordinator-2" for the coordinator's
//                     proof, "chancery-greeting-worker-2" for the worker's
//   worker nonce      a text: 4 bytes of length, then its bytes
//   coordinator nonce a text
//   worker instance   a text
//   coordinator inst. a text
//   folder id         a text
//   epoch             4 bytes
//   epoch id          a text
//   worker serial     a text: of its certificate, hexadecimal
//   coordinator ser.  a text
//   channel binding   a text: the exporter's value of the TLS connection
//
// Different terms give different inputs, as every text has its length in front.
// Lease tokens (lease.hpp) use the same secret, but their input begins with
// "chancery-lease-3". No label begins with another one, so no input for one
// purpose is an input for another, and none of the three MACs can serve as
// another one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// What both sides know of one connection.
struct greeting_terms {
  std::string worker_nonce; ///< random, new for each connection
  std::string coordinator_nonce;
  std::string worker_instance; ///< ids of the processes' runs
  std::string coordinator_instance;
  std::string folder;
  std::uint32_t epoch = 0;
  std::string epoch_id;
  std::string worker_serial;
  std::string coordinator_serial;
  std::string channel_binding;
};

enum class greeting_side : std::uint8_t { coordinator, worker };

/// Makes and checks proofs under one secret. Cheap to copy; any thread.
class greeting_prover {
 public:
  static constexpr std::size_t nonce_size = 32;
  static constexpr std::size_t mac_size = 32;

  explicit greeting_prover(std::span<const std::byte> lease_secret);

  /// The proof of this side: mac_size bytes.
  std::string mac(greeting_side side, const greeting_terms& terms) const;

  /// Whether `mac` is the proof of that side. Compares in constant time; false
  /// for a wrong length.
  [[nodiscard]] bool check(greeting_side side, const greeting_terms& terms,
                           std::string_view mac) const;

 private:
  struct state;
  std::shared_ptr<const state> state_;
};

} // namespace chancery::crypto
