// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small stores for tests: records of text, and batches with dummy signatures.

#include "storage/record_store.hpp"
#include "tests/temp_folder.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chancery::tests {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// A store in a temporary folder that is removed afterwards.
class small_store {
 public:
  explicit small_store(std::size_t map_size = std::size_t{1} << 30) {
    storage::store_options options;
    options.map_size = map_size;
    options.sync = false;
    storage::record_store::create(
        folder.path(), {.folder_id = {}, .signature_size = 64}, options);
    store.emplace(folder.path(), options);
  }

  std::string text(std::uint64_t id) const {
    const auto view = store->read();
    const auto bytes = view.record(id);
    if (!bytes)
      return "missing";
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  }

  void add_records(std::uint64_t count) {
    auto t = store->write();
    for (std::uint64_t i = 0; i < count; ++i)
      t.append_record(bytes_of(std::to_string(i)));
    t.commit();
  }

  /// Adds a batch in which the signature of record n is 64 bytes of value n.
  bool add_batch(std::uint64_t first, std::uint32_t count, std::uint64_t fence,
                 std::uint8_t key, std::uint64_t time_ms = 1) {
    std::string signatures;
    for (std::uint64_t id = first; id < first + count; ++id)
      signatures.append(64, static_cast<char>(id & 0xff));
    storage::batch_row row;
    row.first = first;
    row.count = count;
    row.fence = fence;
    row.key.fill(key);
    row.time_ms = time_ms;
    auto t = store->write();
    const bool stored = t.put_batch(row, bytes_of(signatures));
    t.commit();
    return stored;
  }

  temp_folder folder;
  std::optional<storage::record_store> store;
};

} // namespace chancery::tests
