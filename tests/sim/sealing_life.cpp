// SPDX-License-Identifier: Apache-2.0
#include "sealing_life.hpp"

namespace chancery::tests {

actors::sealing_keys sealing_life::prepare(storage::record_store& store,
                                           const crypto::keyring& keys,
                                           bool healed, std::mt19937_64& random,
                                           actors::epoch_options& options) {
  const auto at_ms = options.time_ms;
  const auto now = static_cast<std::int64_t>(at_ms / 1'000);
  if (!authority_)
    authority_.emplace();
  for (;;) {
    auto transaction = store.write();
    std::vector<storage::key_name> ids;
    for (const auto& active : crypto::record_keys(keys)) {
      const auto& key = active.public_half();
      ids.push_back(key.id());
      const auto luck = random() % 100;
      if (luck < 15 && current_.contains(key.id()))
        revoke(transaction, key.id(), now);
      if (healed || luck % 3 == 0)
        certify(transaction, key, now, healed, random);
    }
    transaction.commit();
    auto found =
        actors::find_sealing_keys(store.read(), ids, at_ms, sealing_margin);
    if (found.ids.empty())
      continue;
    options.seals = {"json", found.leaves};
    return found;
  }
}

// A certificate's dates are whole seconds.
void sealing_life::certify(storage::write_transaction& transaction,
                           const crypto::public_key& key, std::int64_t now,
                           bool healed, std::mt19937_64& random) {
  const auto life = healed ? 100'000 : 1 + static_cast<int>(random() % 6);
  auto leaf = authority_->issue_for(key, now, now + life);
  authority_->enrol(transaction, key, leaf);
  current_.insert_or_assign(key.id(), std::move(leaf));
  ++issued_;
}

// What was sealed within this second keeps its seal.
void sealing_life::revoke(storage::write_transaction& transaction,
                          const storage::key_name& key, std::int64_t now) {
  list_.emplace(authority_->revoke(current_.at(key), now + 1, list_));
  current_.erase(key);
  transaction.put_revocation_list(list_->issuer_key_id(), list_->der());
  ++revoked_;
}

} // namespace chancery::tests
