// SPDX-License-Identifier: Apache-2.0
#pragma once

// The export formats. Each reads every signature once, in record order, in
// bounded memory, and leaves either the whole result or nothing behind; on
// stdout, the lines of verified signatures. They throw std::runtime_error when
// `stop` is set before the end, and for the first signature that does not
// verify over its record.

#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>

namespace chancery::apps {

struct export_job {
  const storage::record_store& store;
  const crypto::public_keyring& keys;
  const std::atomic<bool>& stop;
  std::atomic<std::uint64_t>& done; ///< signatures written
  bool verify = true;               ///< each signature before it is written
};

// {"record":7,"name":"2026-118","key":"<thumbprint>","alg":"ES256",
//  "signature":"<base64url>",
//  "batch":{"first":0,"count":100,"lease":"1.1"},"time":"<RFC 3339>"}
void export_jsonl(const export_job& job, const std::filesystem::path& file);
void export_jsonl_to_stdout(const export_job& job);

// A folder, which is new or empty; one with entries is refused before anything
// is read:
//   ID.bin         the record's bytes
//   ID.sig         its signature, DER
//   key-KEYID.pem  a public key; an id alone could begin with a hyphen, and
//                  openssl would read the name as an option
//   index.tsv      one line per record: its id, a tab, the key's file
void export_der(const export_job& job, const std::filesystem::path& folder);

} // namespace chancery::apps
