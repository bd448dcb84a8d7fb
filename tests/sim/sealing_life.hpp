// SPDX-License-Identifier: Apache-2.0
#pragma once

// Certificates in the life of a folder whose keyring is for seals: before each
// epoch some keys get one, most of them short, and some are revoked.

#include "../actors/seal_fixture.hpp"
#include "actors/signing/epoch.hpp"
#include "actors/signing/sealing_keys.hpp"
#include "crypto/certificates/revocation_list.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <vector>

namespace chancery::tests {

class sealing_life {
 public:
  /// Before an epoch that opens at the options' time: at least one key may seal
  /// then, and those that may are announced. `healed`: all may, for long.
  actors::sealing_keys prepare(storage::record_store& store,
                               const crypto::keyring& keys, bool healed,
                               std::mt19937_64& random,
                               actors::epoch_options& options);

  std::uint64_t issued() const noexcept { return issued_; }
  std::uint64_t revoked() const noexcept { return revoked_; }

 private:
  void certify(storage::write_transaction& transaction,
               const crypto::public_key& key, std::int64_t now, bool healed,
               std::mt19937_64& random);
  void revoke(storage::write_transaction& transaction,
              const storage::key_name& key, std::int64_t now);

  std::optional<seal_authority> authority_; ///< made when it is needed
  std::map<storage::key_name, crypto::certificate> current_;
  std::optional<crypto::revocation_list> list_;
  std::uint64_t issued_ = 0;
  std::uint64_t revoked_ = 0;
};

/// No key seals in the last moments of its certificate.
inline constexpr std::chrono::seconds sealing_margin{0};

} // namespace chancery::tests
