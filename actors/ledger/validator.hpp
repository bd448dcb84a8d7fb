// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decrypts messages and verifies their signatures: everything that does not
// depend on their order, and nearly all of the work. Messages that come
// together are decrypted together, and their signatures verified together. It
// caches client keys, up to a limit, and reads the others from the ledger.
//
// Spawn one per core, detached: it computes without a pause.

#include "actors/ledger/ledger_messages.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "crypto/ledger/message_opener.hpp"
#include "crypto/ledger/node_identity.hpp"
#include "storage/ledger_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace chancery::actors {

/// Capacity of the cache of client keys; a full cache is cleared before the
/// next work.
inline constexpr std::size_t validator_keys_max = 10'000;

struct validator_config {
  const storage::ledger_store* store = nullptr;
  std::optional<crypto::node_identity> identity;
  crypto::provider provider = crypto::single_signatures;
};

class validator_state {
 public:
  using pointer = validator_actor::stateful_pointer<validator_state>;
  static inline const char* name = "validator";

  explicit validator_state(pointer) {}

  void start(const validator_config& config);
  validation_result validate(const validation_work& work);

 private:
  using finding = decltype(verdict::found);

  /// A message of which all is right but its signature, which is not verified.
  struct opened_item {
    std::size_t index; ///< of its result
    crypto::opened_message opened;
    const crypto::public_key* key;
  };

  void judge_messages(const validation_work& work,
                      const std::vector<std::size_t>& messages,
                      std::vector<verdict>& results);
  finding judge_message(const arrival& item, std::size_t index,
                        crypto::message_opening& opening);
  void verify_opened(std::vector<verdict>& results);
  void verify_all(std::vector<verdict>& results);
  valid_registration judge_registration(const arrival& item);
  const crypto::public_key* find_key(const crypto::key_id& client,
                                     const std::string& from_node);

  const storage::ledger_store* store_ = nullptr;
  std::optional<crypto::message_opener> opener_;
  std::unordered_map<crypto::key_id, crypto::public_key, crypto::key_id_hash>
      keys_;
  std::vector<opened_item> opened_; // of one call
};

validator_actor::behavior_type validator(validator_state::pointer self,
                                         const validator_config& config);

} // namespace chancery::actors
