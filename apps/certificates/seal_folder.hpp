// SPDX-License-Identifier: Apache-2.0
#pragma once

// A data folder whose keyring is for seals, and the certificates of its keys in
// the store. One thread.

#include "actors/signing/certificate_book.hpp"
#include "apps/certificates/certificate_intake.hpp"
#include "apps/folders/data_folder.hpp"
#include "crypto/certificates/certificate_state.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace chancery::apps {

inline constexpr std::uint64_t warn_days_default = 30;

/// Throws std::runtime_error that says how to make a folder for seals.
void require_seals(const data_folder& folder, crypto::keyring_purpose purpose);

/// Where a key stands now.
struct key_standing {
  crypto::certificate_state state = crypto::certificate_state::none;
  std::optional<actors::stored_chain> chain; ///< none: no certificate yet
  crypto::path_finding finding;
};

/// Of keys of one snapshot, at one time.
class key_standings {
 public:
  key_standings(const storage::snapshot& view, std::int64_t at,
                std::uint64_t warn_days);

  key_standing of(const crypto::key_id& key);

 private:
  const storage::snapshot& view_;
  const std::int64_t at_;
  const std::int64_t warn_seconds_;
  actors::certificate_book book_;
};

/// Counts what was new: keys that had this certificate keep it as it is.
std::size_t store_certificates(storage::write_transaction& transaction,
                               std::span<const taken_certificate> taken,
                               std::uint64_t time_ms);

/// The key under which lists of this authority are stored: its subject's key
/// id, else the hash of its name.
std::vector<std::byte> list_key_of(const crypto::certificate& authority);

/// Whether the list names the authority's key, or leaves that out: who finds
/// lists by what they name must not take it for another authority's.
bool names_key_of(const crypto::revocation_list& list,
                  const crypto::certificate& authority);

/// The stored list of this authority. Throws std::runtime_error when one of
/// another authority has its place.
std::optional<crypto::revocation_list>
stored_list_of(const storage::snapshot& view,
               const crypto::certificate& authority);

} // namespace chancery::apps
