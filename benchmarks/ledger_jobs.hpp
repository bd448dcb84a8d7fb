// SPDX-License-Identifier: Apache-2.0
#pragma once

// The measurements of the ledger, one function each. `measure::records` counts
// messages. The first three need no actor.

#include "actors/systems/ledger_system.hpp"
#include "benchmarks/ledger_workload.hpp"

#include <string>
#include <vector>

namespace chancery::benchmarks {

/// The three operations that every node needs, one by one with libcrypto, on
/// `w.threads` threads that do nothing else: ECDH, verifying, signing the
/// receipt.
struct raw_costs {
  measure ecdh;
  measure verify;
  measure sign;

  /// CPU microseconds of all three, per message.
  double cpu_us() const {
    return ecdh.cpu_us() + verify.cpu_us() + sign.cpu_us();
  }
};
raw_costs run_raw_costs(const ledger_cast& cast, const ledger_workload& w);

/// Decrypts, checks and verifies each message, and makes and signs its receipt,
/// as many at a time as a validator takes; stores nothing.
measure run_validate(const ledger_cast& cast, const ledger_workload& w,
                     const std::vector<std::string>& sealed);

/// Makes blocks of `w.block_size` leaves: root, header, hash, signature.
/// `records` counts the blocks' messages.
measure run_blocks(const ledger_cast& cast, const ledger_workload& w);

/// The node with all its actors, on a ledger on disk.
class running_node {
 public:
  running_node(const ledger_cast& cast, const ledger_workload& w,
               fresh_ledger& ledger);
  /// The same with another provider than the fastest.
  running_node(const ledger_cast& cast, const ledger_workload& w,
               fresh_ledger& ledger, crypto::provider provider);

  /// Submits sealed messages, and waits for the last receipt. Throws
  /// std::runtime_error if one is refused.
  measure run(const std::vector<std::string>& sealed);

 private:
  actors::ledger_system system_;
};

/// The path from client actors that sign and encrypt to their verified
/// receipts. Throws std::runtime_error if a message is not accepted.
measure run_clients(const ledger_cast& cast, const ledger_workload& w);

/// Runs actors::verify_chain over a node's ledger. Throws std::runtime_error if
/// the chain does not verify.
measure run_verify(const ledger_cast& cast, const ledger_workload& w,
                   fresh_ledger& ledger);

} // namespace chancery::benchmarks
