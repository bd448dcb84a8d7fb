// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lists every stored signature that does not verify over its record's bytes of
// today, with the lease that it was made under. Takes memory for each of them.
// Reads only, on several threads.

#include "actors/audit/verify.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace chancery::actors {

struct listed_signature {
  wrong_signature wrong;
  std::string worker{}; ///< empty: the data folder's host, or not known
};

struct wrong_list {
  verify_result verified;
  std::vector<listed_signature> signatures; ///< by record
};

/// `done` and `stop` as in verify_signatures.
wrong_list list_wrong(const storage::record_store& store,
                      const crypto::public_keyring& keys, std::size_t threads,
                      std::atomic<std::uint64_t>& done,
                      const std::atomic<bool>& stop);

} // namespace chancery::actors
