// SPDX-License-Identifier: Apache-2.0
#include "apps/records/export_check.hpp"

#include "crypto/keys/signature.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

export_check::export_check(const crypto::public_keyring& keys, bool verify)
    : verify_(verify), keys_(keys), checker_(keys_),
      signatures_(actors::signature_checker::capacity *
                  crypto::signature_size(keys.curve)) {}

void export_check::add(const signed_record& r) {
  const auto size = r.signature.size();
  const auto at = std::span(signatures_).subspan(count_ * size, size);
  ++count_;
  if (!verify_)
    return;
  // The view may be renewed before finish().
  std::ranges::copy(r.signature, at.begin());
  checker_.add(r.id, r.batch, r.view, r.view.record(r.id), at);
}

std::size_t export_check::finish() {
  std::optional<actors::wrong_signature> first;
  checker_.finish([&](const actors::wrong_signature& w) {
    if (!first || w.record < first->record)
      first = w;
  });
  if (first)
    throw std::runtime_error(
        fmt::format("the export ends here, as the signature of record {} is "
                    "wrong: {}; run `chancery repair`",
                    first->record, first->text()));
  return std::exchange(count_, 0);
}

} // namespace chancery::apps
