// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifies signatures over records' bytes, raw ones and seals, a few thousand
// in one call of the batch verifier: those that a store holds, or any that the
// caller has. One thread per object; objects may share a key_table.

#include "actors/signing/seal_formats.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/jws_hasher.hpp"
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

/// The keys of a public keyring by id, and the headers of the seals that they
/// made. The keyring outlives it.
class key_table {
 public:
  explicit key_table(const crypto::public_keyring& keys);

  using header = std::shared_ptr<const crypto::jades_header>;

  crypto::curve curve() const noexcept { return curve_; }
  /// Null when the keyring has no such key.
  const crypto::public_key* find(const storage::key_name& id) const;

  /// What the batch's seals begin with; null for raw signatures. Throws
  /// storage::corrupt when the store does not have it.
  header header_of(const storage::snapshot& view,
                   const storage::batch_row& batch) const;

 private:
  crypto::curve curve_;
  std::unique_ptr<seal_formats> formats_;
  std::map<storage::key_name, const crypto::public_key*> keys_;
};

/// A signature that is wrong, or that nothing can verify.
struct wrong_signature {
  enum class cause {
    does_not_verify,
    no_record,
    no_batch,
    unknown_key,  ///< the keyring has no such key
    unknown_seal, ///< its header cannot be made: `detail` says why
  };
  std::uint64_t record = 0;
  cause why = cause::does_not_verify;
  std::optional<storage::batch_row> batch{}; ///< unless there is none
  std::string detail{};

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

  /// A signature under the batch's key; no `record` when it is missing, no
  /// `header` when it is raw. The signature's bytes stay valid until finish().
  void add(std::uint64_t id, const storage::batch_row& batch,
           const key_table::header& header,
           std::optional<std::span<const std::byte>> record,
           std::span<const std::byte> signature);

  /// The same of a batch that `view` has.
  void add(std::uint64_t id, const storage::batch_row& batch,
           const storage::snapshot& view,
           std::optional<std::span<const std::byte>> record,
           std::span<const std::byte> signature);

  /// Calls wrong() for each wrong signature since the last call, in no order,
  /// and forgets all of them.
  void finish(const std::function<void(const wrong_signature&)>& wrong);

 private:
  struct place {
    std::uint64_t id;
    std::size_t batch; ///< in batches_
  };
  /// A batch of which signatures are verified.
  struct batch_terms {
    storage::batch_row row;
    std::optional<crypto::hash_prefix> before{}; ///< of seals
    std::string fault{}; ///< why they cannot be verified
  };

  void hopeless(std::uint64_t id, wrong_signature::cause why,
                std::optional<storage::batch_row> batch,
                std::string detail = {});
  const batch_terms* terms_of(const storage::snapshot& view, std::uint64_t id);
  const batch_terms& terms_of(const storage::snapshot& view,
                              const storage::batch_row& row);
  const batch_terms& keep(const storage::batch_row& row,
                          const key_table::header& header);
  void queue(std::uint64_t id, const batch_terms& terms,
             std::span<const std::byte> record,
             std::span<const std::byte> signature);
  void hash_queued();

  const key_table& keys_;
  crypto::record_hasher hasher_;
  crypto::jws_hasher seal_hasher_;
  std::unique_ptr<crypto::signature_verifier> verifier_;
  std::size_t looked_up_ = 0;
  // What finish() verifies.
  std::vector<std::byte> digests_;
  std::unique_ptr<bool[]> verdicts_;
  std::vector<crypto::signature_claim> claims_;
  std::vector<place> places_;
  std::vector<batch_terms> batches_;
  // Records of the last claims, not hashed yet.
  std::vector<std::span<const std::byte>> records_;
  // Known to be wrong without verifying.
  std::vector<wrong_signature> hopeless_;
};

} // namespace chancery::actors
