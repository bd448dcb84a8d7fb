// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks the certificates of a folder whose keyring is for seals: that each one
// which an epoch announces is stored and names its key, and that it was valid
// at the time of every batch that was sealed under it. Its chain leads to the
// root that is stored with it, or to one of those that the caller trusts. One
// thread.

#include "actors/base/rule_report.hpp"
#include "actors/signing/certificate_book.hpp"
#include "actors/signing/seal_formats.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/certificate_path.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

class certificate_check {
 public:
  /// Without `roots`, each stored chain's own root is trusted. The snapshot
  /// outlives this object.
  certificate_check(const storage::snapshot& view, crypto::curve c,
                    std::optional<std::vector<crypto::certificate>> roots);

  /// Each batch once.
  void add(const storage::batch_row& batch);

  /// Checks all that was added, and what the journal announces. The first two
  /// fields of the reports are the caller's.
  void finish(rule_report& names_its_key, rule_report& valid_when_signed);

  /// What an auditor has to know of the certificates; sentences. After
  /// finish().
  const std::vector<std::string>& unseen() const noexcept { return unseen_; }

 private:
  struct sealed {
    std::int64_t iat;
    std::uint64_t first; ///< id of the batch's first record
  };
  void check_names(rule_report& rule);
  void check_leaf(const storage::certificate_name& leaf,
                  std::vector<sealed>& batches, rule_report& rule);
  std::optional<stored_chain> chain_of(const storage::certificate_name& leaf);
  crypto::path_finding find(const stored_chain& c, std::int64_t at) const;
  void list_unseen();

  const storage::snapshot& view_;
  seal_formats formats_;
  std::optional<std::vector<crypto::certificate>> roots_;
  certificate_book book_;
  std::map<storage::certificate_name, std::vector<sealed>> batches_;
  std::uint64_t unnamed_ = 0; ///< batches without a certificate
  std::string first_unnamed_;
  bool revocation_unknown_ = false;
  std::vector<std::string> unseen_;
};

} // namespace chancery::actors
