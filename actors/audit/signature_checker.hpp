// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifies signatures over records' bytes, a few thousand in one call of the
// batch verifier: those that a store holds, or any that the caller has. One
// thread per object; objects may share a key_table.

#include "crypto/base/hash.hpp"
#include "crypto/keyring/keyring.hpp"
#include "crypto/providers/provider.hpp"
#include "storage/record_store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace chancery::actors {

/// The keys of a public keyring by id. The keyring outlives it.
class key_table {
 public:
  explicit key_table(const crypto::public_keyring& keys);

  crypto::curve curve() const noexcept { return curve_; }
  /// Null when the keyring has no such key.
  const crypto::public_key* find(const storage::key_name& id) const;

 private:
  crypto::curve curve_;
  std::map<storage::key_name, const crypto::public_key*> keys_;
};

/// A signature that is wrong, or that nothing can verify.
struct wrong_signature {
  enum class cause {
    does_not_verify,
    no_record,
    no_batch,
    unknown_key, ///< the keyring has no such key
  };
  std::uint64_t record = 0;
  cause why = cause::does_not_verify;
  std::optional<storage::batch_row> batch{}; ///< unless there is none

  /// "it does not verify under key K of batch 7"
  std::string text() const;
};

class signature_checker {
 public:
  /// Signatures between two calls of finish().
  static constexpr std::size_t capacity = 4'096;

  /// The table outlives this object.
  explicit signature_checker(const key_table& keys);

  bool full() const noexcept { return looked_up_ == capacity; }

  /// Looks up a record's stored signature and its batch in `view`. False when
  /// it is not signed. The view is not renewed before finish().
  bool look_up(const storage::snapshot& view, std::uint64_t id);

  /// A signature under the batch's key; no `record` when it is missing. The
  /// bytes stay valid until finish().
  void add(std::uint64_t id, const storage::batch_row& batch,
           std::optional<std::span<const std::byte>> record,
           std::span<const std::byte> signature);

  /// Calls wrong() for each wrong signature since the last call, in no order,
  /// and forgets all of them.
  void finish(const std::function<void(const wrong_signature&)>& wrong);

 private:
  struct place {
    std::uint64_t id;
    std::size_t batch; ///< in rows_
  };

  void hopeless(std::uint64_t id, wrong_signature::cause why,
                std::optional<storage::batch_row> batch);
  const storage::batch_row* row_of(const storage::snapshot& view,
                                   std::uint64_t id);

  const key_table& keys_;
  crypto::record_hasher hasher_;
  std::unique_ptr<crypto::signature_verifier> verifier_;
  std::size_t looked_up_ = 0;
  // What finish() verifies.
  std::vector<std::byte> digests_;
  std::unique_ptr<bool[]> verdicts_;
  std::vector<crypto::signature_claim> claims_;
  std::vector<place> places_;
  std::vector<storage::batch_row> rows_;
  // Known to be wrong without verifying.
  std::vector<wrong_signature> hopeless_;
};

} // namespace chancery::actors
