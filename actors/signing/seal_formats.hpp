// SPDX-License-Identifier: Apache-2.0
#pragma once

// The headers of stored seals: what a batch's signatures are over follows from
// its epoch, key and time. The epoch's event 8 names a certificate for each of
// its keys; their chains are in the store. Reads the journal once, and goes on
// from where it came when it is asked for a later epoch. Any thread.

#include "crypto/base/curve.hpp"
#include "crypto/seals/jades_header.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

namespace chancery::actors {

class seal_formats {
 public:
  /// Knows the epochs that open at that event of the journal or behind it.
  explicit seal_formats(crypto::curve c, std::uint64_t from_event = 0);

  /// The header of an epoch's seals under that key. Throws storage::corrupt,
  /// whose text says what is missing: the epoch announces no seals, the key is
  /// none of its keys, or its certificate is not stored or not the key's.
  std::shared_ptr<const crypto::jades_header>
  header_of(const storage::snapshot& view, std::uint32_t epoch,
            const storage::key_name& key);

  /// The content type that the epoch announces; empty when it has none.
  std::string content_type_of(const storage::snapshot& view,
                              std::uint32_t epoch);

  /// The certificate that the epoch announces for that key; throws as
  /// header_of does, but for what concerns the store's certificates.
  storage::certificate_name leaf_of(const storage::snapshot& view,
                                    std::uint32_t epoch,
                                    const storage::key_name& key);

 private:
  struct epoch_seals {
    std::string content_type{};
    std::map<storage::key_name, storage::certificate_name> leaves{};
  };
  using header_key =
      std::tuple<storage::key_name, storage::certificate_name, std::string>;

  void read_on(const storage::snapshot& view);
  const epoch_seals& seals_of(const storage::snapshot& view,
                              std::uint32_t epoch);
  storage::certificate_name leaf_in(const epoch_seals& seals,
                                    std::uint32_t epoch,
                                    const storage::key_name& key) const;

  crypto::curve curve_;
  std::mutex mutex_;
  std::uint64_t next_event_;
  std::optional<storage::epoch_opened> opened_; ///< the last one
  std::map<std::uint32_t, epoch_seals> epochs_;
  std::map<header_key, std::shared_ptr<const crypto::jades_header>> headers_;
};

/// The certificates that a seal carries: a stored chain without its root.
/// Throws storage::corrupt unless the chain is stored and its leaf is that
/// key's.
storage::certificate_chain carried_chain(const storage::snapshot& view,
                                         const storage::certificate_name& leaf,
                                         const storage::key_name& key);

} // namespace chancery::actors
