// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/lease_search.hpp"

#include <utility>
#include <vector>

namespace chancery::actors {

namespace {

/// Leases that one event lent, and its place in the journal.
struct lent_event {
  std::uint64_t sequence;
  std::vector<storage::lease_lent> leases;
};

/// The first one in [from, to).
std::optional<lent_event> next_lent(storage::cursor& journal,
                                    std::uint64_t from, std::uint64_t to) {
  for (bool more = journal.seek(from); more && journal.key() < to;
       more = journal.next()) {
    auto leases = storage::leases_of(storage::decode_event(journal.value()));
    if (!leases.empty())
      return lent_event{journal.key(), std::move(leases)};
  }
  return std::nullopt;
}

} // namespace

std::optional<storage::lease_lent> find_lease(const storage::snapshot& view,
                                              std::uint64_t fence) {
  auto journal = view.walk(storage::table::journal);
  std::uint64_t low = 0;
  std::uint64_t high = view.event_count();
  std::vector<storage::lease_lent> last; // of those that begin at no later one
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    auto found = next_lent(journal, middle, high);
    if (found && found->leases.front().fence <= fence) {
      low = found->sequence + 1;
      last = std::move(found->leases);
    } else {
      high = middle;
    }
  }
  for (auto& lease : last)
    if (lease.fence == fence)
      return std::move(lease);
  return std::nullopt;
}

} // namespace chancery::actors
