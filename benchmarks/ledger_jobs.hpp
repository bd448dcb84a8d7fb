// SPDX-License-Identifier: Apache-2.0
#pragma once

// The measurements of the ledger, one function each. `measure::records` counts
// messages. The first three need no actor.

#include "actors/systems/ledger_system.hpp"
#include "benchmarks/ledger_workload.hpp"

#include <string>
#include <vector>

namespace chancery::benchmarks {

/// The three operations that no node can do without, on `w.threads` threads
/// that do nothing else: ECDH, verifying, signing the receipt.
struct raw_costs {
  measure ecdh;
  measure verify;
  measure sign;

  /// CPU microseconds of all three, for one message.
  double cpu_us() const {
    return ecdh.cpu_us() + verify.cpu_us() + sign.cpu_us();
  }
};
raw_costs run_raw_costs(const ledger_cast& cast, const ledger_workload& w);

/// Decrypt, check, verify, make and sign the receipt; nothing is stored.
measure run_validate(const ledger_cast& cast, const ledger_workload& w,
                     const std::vector<std::string>& sealed);

/// Making a block of `w.block_size` leaves: root, header, hash, signature.
/// `records` counts the blocks' messages.
measure run_blocks(const ledger_cast& cast, const ledger_workload& w);

/// The node with all its actors, on the disk.
class running_node {
 public:
  running_node(const ledger_cast& cast, const ledger_workload& w,
               fresh_ledger& ledger);

  /// Hands in messages that are there, and waits for the last receipt.
  measure run(const std::vector<std::string>& sealed);

 private:
  actors::ledger_system system_;
};

/// From client actors that sign and encrypt to their checked receipts.
measure run_clients(const ledger_cast& cast, const ledger_workload& w);

/// actors::verify_chain over what a node stored. Throws when it is broken.
measure run_verify(const ledger_cast& cast, const ledger_workload& w,
                   fresh_ledger& ledger);

} // namespace chancery::benchmarks
