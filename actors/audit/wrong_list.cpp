// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/wrong_list.hpp"

#include <algorithm>
#include <unordered_map>

namespace chancery::actors {

namespace {

// One pass over the journal, and only when something is wrong.
void name_workers(const storage::record_store& store,
                  std::vector<listed_signature>& list) {
  std::unordered_map<std::uint64_t, std::string> workers; // by fence
  for (const auto& entry : list)
    if (entry.wrong.batch)
      workers.try_emplace(entry.wrong.batch->fence);
  if (workers.empty())
    return;
  const auto view = store.read();
  auto journal = view.walk(storage::table::journal);
  for (bool more = journal.seek(0); more; more = journal.next()) {
    const auto event = storage::decode_event(journal.value());
    for (const auto& lent : storage::leases_of(event)) {
      const auto worker = workers.find(lent.fence);
      if (worker != workers.end())
        worker->second = lent.borrower;
    }
  }
  for (auto& entry : list)
    if (entry.wrong.batch)
      entry.worker = workers[entry.wrong.batch->fence];
}

} // namespace

wrong_list list_wrong(const storage::record_store& store,
                      const crypto::public_keyring& keys, std::size_t threads,
                      std::atomic<std::uint64_t>& done,
                      const std::atomic<bool>& stop) {
  wrong_list list;
  verify_options options;
  options.threads = threads;
  options.wrong = [&](const wrong_signature& w) {
    list.signatures.push_back({w});
  };
  list.verified = verify_signatures(store, keys, options, done, stop);
  std::ranges::sort(list.signatures, {}, [](const listed_signature& entry) {
    return entry.wrong.record;
  });
  name_workers(store, list.signatures);
  return list;
}

} // namespace chancery::actors
