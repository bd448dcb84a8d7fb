// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the feed of signatures to its end over HTTP, as a stranger would, and
// verifies each signature over the bytes that a client sent, with keys that do
// not come from the server. Every acknowledged record has to be there once,
// under its name, with the signature that its client was told, if any, and
// with the bytes that were sent. Waits for the server; one thread.

#include "apps/http/http_client.hpp"
#include "apps/simulation/http_records.hpp"
#include "crypto/keyring/keyring.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace chancery::apps {

struct http_signatures {
  std::uint64_t verified = 0; ///< signatures of the feed that verify
  std::uint64_t reads = 0;    ///< requests
  std::string fault;          ///< the first; empty: all holds
};

struct record_check_options {
  /// Without a new line for so long, a record that is missing counts as one
  /// that is not signed.
  std::chrono::seconds patience{30};
};

/// `held` in the order of ids. `done` counts signatures, then records that were
/// read. Throws std::runtime_error when the server does not answer.
http_signatures check_records_over_http(
    const http_client_options& server, const crypto::public_keyring& keys,
    const std::vector<acknowledged_record>& held,
    std::atomic<std::uint64_t>& done, const std::atomic<bool>& stop,
    const record_check_options& options = {});

} // namespace chancery::apps
