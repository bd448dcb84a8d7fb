// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks the rules of signing afterwards, from stored data alone: records,
// signatures, batches, the journal, and the public keys. actors/README.md says
// how each rule is checked and what an audit cannot see. No actors.

#include "actors/audit/verify.hpp"
#include "actors/base/rule_report.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/keyring/keyring.hpp"
#include "crypto/keys/key.hpp"
#include "storage/record_store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

struct audit_options {
  std::size_t threads = 1;
  /// Another process may sign meanwhile: all is read from one snapshot, which
  /// keeps that process from using freed pages again until the audit ends.
  bool beside_others = false;
  /// When set, every key that signed must be one of these.
  std::optional<std::vector<crypto::key_id>> trust{};
  /// When set, the certificates of seals must lead to one of these; else each
  /// to the root that is stored with it.
  std::optional<std::vector<crypto::certificate>> roots{};
  /// When set, the name of each record that has one must be what this member
  /// of it, a JSON object, says.
  std::optional<std::string> name_member{};
  /// Called with each batch and its signer: a worker's name, or an empty text
  /// for the data folder's host. May be empty.
  std::function<void(const storage::batch_row&, const std::string&)> batch{};
};

/// What one worker signed.
struct audit_share {
  std::uint64_t batches = 0;
  std::uint64_t records = 0;
};

struct audit_report {
  std::vector<rule_report> rules;
  std::vector<std::string> cannot_see; ///< sentences
  std::uint64_t records = 0;
  std::uint64_t signatures = 0;
  std::uint64_t unsigned_records = 0;
  std::uint64_t withdrawn = 0; ///< signatures that were withdrawn
  std::uint64_t names = 0;     ///< of records
  std::uint64_t batches = 0;
  std::uint64_t leases = 0;
  std::uint64_t epochs = 0;
  std::map<std::string, audit_share> workers; ///< "": the folder's host
  bool passed = false;                        ///< no rule has a violation
};

/// `done` counts signatures verified so far. Unless `beside_others`, the store
/// must not change meanwhile (the caller holds the lock). Signing may be
/// unfinished.
audit_report audit(const storage::record_store& store,
                   const crypto::public_keyring& keys,
                   const audit_options& options,
                   std::atomic<std::uint64_t>& done);

} // namespace chancery::actors
