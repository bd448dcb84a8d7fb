// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by the tests of actors/: key names without keys, a small keyring that
// is made once, stores whose records differ, and seeds that are printed so that
// a failure can be repeated.

#include "actors/audit/audit.hpp"
#include "actors/systems/signing_run.hpp"
#include "crypto/base/random.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"
#include "tests/defence_switch.hpp"
#include "tests/temp_folder.hpp"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace chancery::tests {

inline storage::key_name name_of(unsigned n) {
  storage::key_name name{};
  name[0] = static_cast<std::uint8_t>(n >> 8);
  name[1] = static_cast<std::uint8_t>(n);
  return name;
}

inline std::vector<storage::key_name> names_of(unsigned count) {
  std::vector<storage::key_name> names;
  for (unsigned n = 1; n <= count; ++n)
    names.push_back(name_of(n));
  return names;
}

inline std::uint64_t fence_of(std::uint32_t epoch, std::uint32_t counter) {
  return std::uint64_t{epoch} << 32 | counter;
}

/// A new seed for each run, unless ACTORS_TESTS_SEED repeats one.
inline std::uint64_t new_seed(const char* test) {
  const char* given = std::getenv("ACTORS_TESTS_SEED");
  const std::uint64_t seed =
      given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << test << ": ACTORS_TESTS_SEED=" << seed << '\n';
  return seed;
}

/// A number in [0, limit).
inline std::uint64_t below(std::uint64_t limit, std::mt19937_64& random) {
  return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(random);
}

/// The first `count` of 12 keys, the same ones in the whole process.
inline crypto::keyring keyring_of(std::size_t count) {
  static const crypto::keyring all(crypto::curve::p256, 12,
                                   crypto::system_random());
  const auto first = all.keys().begin();
  return {crypto::curve::p256,
          {first, first + static_cast<std::ptrdiff_t>(count)},
          all.lease_secret()};
}

inline std::vector<storage::key_name> ids_of(const crypto::keyring& keys) {
  std::vector<storage::key_name> ids;
  for (const auto& entry : keys.keys())
    ids.push_back(entry.key.id());
  return ids;
}

inline std::string record_of(std::uint64_t id) {
  return "record " + std::to_string(id);
}

inline std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

/// Not synced to the disk: only a power failure would lose data.
inline storage::store_options unsynced() {
  storage::store_options options;
  options.sync = false;
  return options;
}

/// A temporary store with `records` records.
struct store_fixture {
  /// Changes the store before the test opens it; batches are not checked.
  using preparation = std::function<void(storage::record_store&)>;

  explicit store_fixture(std::uint64_t records,
                         const storage::store_options& options = unsynced(),
                         crypto::curve c = crypto::curve::p256,
                         const preparation& prepare = {})
      : store((make(records, c, prepare), folder.path()), options) {}

  temp_folder folder;
  storage::record_store store;

 private:
  void make(std::uint64_t records, crypto::curve c,
            const preparation& prepare) const {
    storage::store_info info;
    info.folder_id.fill(7);
    info.signature_size = static_cast<std::uint32_t>(crypto::signature_size(c));
    auto unchecked = unsynced();
    defence_switch::whole_batches(unchecked.defended) = false;
    storage::record_store::create(folder.path(), info, unchecked);
    storage::record_store made(folder.path(), unchecked);
    auto transaction = made.write();
    for (std::uint64_t id = 0; id < records; ++id)
      transaction.append_record(bytes_of(record_of(id)));
    transaction.commit();
    if (prepare)
      prepare(made);
  }
};

/// One run with counters of its own; throws what run_signing throws.
inline actors::signing_summary sign(storage::record_store& store,
                                    const crypto::keyring& keys,
                                    std::uint32_t batch_size,
                                    std::size_t signers = 2) {
  actors::signing_options options;
  options.batch_size = batch_size;
  options.signers = signers;
  actors::signing_progress progress;
  const std::atomic<bool> never{false};
  return actors::run_signing(store, keys, options, never, progress);
}

inline actors::audit_report audit(const storage::record_store& store,
                                  const crypto::keyring& keys,
                                  const actors::audit_options& options = {}) {
  std::atomic<std::uint64_t> done{0};
  return actors::audit(store, crypto::public_half(keys), options, done);
}

/// "rule: its first violation", a line for each rule that is broken.
inline std::string violations(const actors::audit_report& report) {
  std::string lines;
  for (const auto& rule : report.rules)
    if (rule.violations > 0)
      lines += rule.name + ": " + rule.first_violation + "\n";
  return lines;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace chancery::tests
