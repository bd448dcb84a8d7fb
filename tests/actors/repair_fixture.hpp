// SPDX-License-Identifier: Apache-2.0
#pragma once

// A signed store on disk whose rows a test damages behind the store's back, as
// faulty hardware or somebody with a tool would.

#include "actors/audit/repair.hpp"
#include "tests/actors/forged_history.hpp"
#include "tests/storage/raw_entry.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chancery::tests {

class repair_fixture {
 public:
  static constexpr std::uint64_t records = 60;

  /// Signed in batches of ten.
  repair_fixture() : repair_fixture(records) { sign(); }

  explicit repair_fixture(const forged_history& history)
      : repair_fixture(forged_history::records) {
    keys = history.keys;
    history.write(*store);
  }

  void sign() { tests::sign(*store, keys, 10); }

  /// Changes a row while the store is closed; without a value, deletes it.
  void put(const char* table, const std::string& key,
           const std::optional<std::string>& value) {
    store.reset();
    put_raw(path, table, key, value);
    store.emplace(path, unsynced());
  }

  std::string signature(std::uint64_t id) const {
    const auto view = store->read();
    const auto bytes = view.signature(id).value();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  /// Flips one bit of a stored signature.
  void damage(std::uint64_t id) {
    auto bytes = signature(id);
    bytes[20] = static_cast<char>(bytes[20] ^ 4);
    put("signatures", number_64(id), bytes);
  }

  void change_record(std::uint64_t id, const std::string& text) {
    put("records", number_64(id), text);
  }

  void put_row(const storage::batch_row& row) {
    put("batches", number_64(row.first), storage::encode(row));
  }

  storage::batch_row row_of(std::uint64_t id) const {
    return store->read().batch_of(id).value();
  }

  actors::repair_result withdraw(const std::vector<actors::id_range>& ids) {
    return actors::withdraw_wrong(*store, crypto::public_half(keys), ids,
                                  {.time_ms = 5, .reason = "a test"});
  }

  /// As a dishonest program would: it verifies nothing.
  void withdraw_blindly(std::uint64_t batch, std::vector<std::uint64_t> ids) {
    auto transaction = store->write();
    transaction.withdraw({batch, std::move(ids), 5, "a test"});
    transaction.commit();
  }

  actors::audit_report audit() const { return tests::audit(*store, keys); }

  void expect_passed() const {
    const auto report = audit();
    BOOST_TEST(report.passed, violations(report));
  }

  /// Some rule is broken, and the text is in the first violation of one.
  void expect_found(const std::string& text) const {
    const auto report = audit();
    BOOST_TEST(!report.passed);
    BOOST_TEST(contains(violations(report), text), violations(report));
  }

  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";
  crypto::keyring keys = keyring_of(4);
  std::optional<storage::record_store> store;

 private:
  explicit repair_fixture(std::uint64_t count) {
    storage::store_info info;
    info.signature_size = 64;
    storage::record_store::create(path, info, unsynced());
    store.emplace(path, unsynced());
    auto transaction = store->write();
    for (std::uint64_t id = 0; id < count; ++id)
      transaction.append_record(bytes_of(record_of(id)));
    transaction.commit();
  }
};

} // namespace chancery::tests
