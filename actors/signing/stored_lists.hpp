// SPDX-License-Identifier: Apache-2.0
#pragma once

// The lists of revocations that a store has. Throws storage::corrupt for one
// that cannot be read.

#include "crypto/certificates/revocation_list.hpp"
#include "storage/record_store.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace chancery::actors {

inline std::vector<crypto::revocation_list>
stored_revocation_lists(const storage::snapshot& view) {
  std::vector<crypto::revocation_list> lists;
  view.each_revocation_list([&](auto, auto der) {
    try {
      lists.emplace_back(der);
    } catch (const std::invalid_argument& e) {
      throw storage::corrupt(std::string("a stored list of revocations ") +
                             e.what() + ": import it again");
    }
  });
  return lists;
}

} // namespace chancery::actors
