// SPDX-License-Identifier: Apache-2.0
#include "repair.hpp"

#include "actors/audit/repair.hpp"

#include <fmt/format.h>

#include <map>
#include <span>
#include <vector>

namespace chancery::tests {

namespace {

std::string text_of_bytes(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::map<std::uint64_t, std::string>
all_signatures(const storage::snapshot& view) {
  std::map<std::uint64_t, std::string> all;
  auto rows = view.walk(storage::table::signatures);
  for (bool more = rows.seek(0); more; more = rows.next())
    all.emplace(rows.key(), text_of_bytes(rows.value()));
  return all;
}

std::optional<std::string>
check_repair(const std::map<std::uint64_t, std::string>& before,
             const storage::snapshot& view, const wrong_bytes& wrong) {
  for (const auto& entry : before) {
    const auto id = entry.first;
    const auto now = view.signature(id);
    if (wrong.contains(entry.second)
            ? now.has_value()
            : !now || text_of_bytes(*now) != entry.second)
      return fmt::format("record {}: a wrong signature is still stored, or a "
                         "right one is not",
                         id);
  }
  std::optional<std::string> violation;
  view.each_withdrawn([&](const storage::withdrawn_row& row) {
    if (!wrong.contains(text_of_bytes(row.signature)))
      violation =
          fmt::format("record {}: a right signature was withdrawn", row.record);
  });
  return violation;
}

/// The whole table, cut in one to three places.
std::vector<actors::id_range> commands(std::uint64_t records,
                                       std::mt19937_64& random) {
  std::vector<actors::id_range> ranges;
  for (std::uint64_t first = 0; first < records;) {
    const auto last =
        ranges.size() == 3 ? records - 1 : first + random() % (records - first);
    ranges.push_back({first, last});
    first = last + 1;
  }
  return ranges;
}

} // namespace

std::optional<std::string> repair(storage::record_store& store,
                                  const crypto::public_keyring& keys,
                                  const wrong_bytes& wrong,
                                  std::mt19937_64& random,
                                  std::uint64_t& withdrawn) {
  const auto before = all_signatures(store.read());
  for (const auto& range : commands(store.read().record_count(), random))
    withdrawn += actors::withdraw_wrong(store, keys, {&range, 1},
                                        {.time_ms = 1, .reason = "simulated"})
                     .withdrawn;
  return check_repair(before, store.read(), wrong);
}

} // namespace chancery::tests
