// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/certificate_check.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/keys/key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>
#include <variant>

namespace chancery::actors {

namespace {

using crypto::certificate_usage;
using crypto::certificate_verdict;

/// A certificate for signatures says so (EN 319 412-2 4.3.2).
bool may_seal(const crypto::certificate& leaf) {
  return leaf.allows(certificate_usage::non_repudiation) ||
         leaf.allows(certificate_usage::digital_signature);
}

} // namespace

certificate_check::certificate_check(
    const storage::snapshot& view, crypto::curve c,
    std::optional<std::vector<crypto::certificate>> roots)
    : view_(view), formats_(c), roots_(std::move(roots)), book_(view) {}

void certificate_check::add(const storage::batch_row& batch) {
  if (batch.format != storage::signature_format::jades)
    return;
  try {
    const auto leaf = formats_.leaf_of(
        view_, static_cast<std::uint32_t>(batch.fence >> 32), batch.key);
    batches_[leaf].push_back({crypto::jades_time(batch.time_ms), batch.first});
  } catch (const storage::corrupt& e) {
    if (unnamed_++ == 0)
      first_unnamed_ = fmt::format("batch {}: {}", batch.first, e.what());
  }
}

void certificate_check::finish(rule_report& names_its_key,
                               rule_report& valid_when_signed) {
  check_names(names_its_key);
  for (auto& [leaf, batches] : batches_)
    check_leaf(leaf, batches, valid_when_signed);
  valid_when_signed.checked += unnamed_;
  if (unnamed_ > 0)
    valid_when_signed.break_by(first_unnamed_, unnamed_);
  list_unseen();
}

// Each pair of key and certificate once.
void certificate_check::check_names(rule_report& rule) {
  std::set<std::pair<storage::key_name, storage::certificate_name>> seen;
  std::vector<storage::key_name> order;
  auto journal = view_.walk(storage::table::journal);
  for (bool more = journal.seek(0); more; more = journal.next()) {
    if (journal.value().empty() || !storage::begins_an_epoch(journal.value()))
      continue;
    const auto event = storage::decode_event(journal.value());
    if (const auto* opened = std::get_if<storage::epoch_opened>(&event)) {
      order = opened->key_order;
      continue;
    }
    const auto& e = std::get<storage::format_announced>(event);
    for (std::size_t i = 0; i < std::min(order.size(), e.certificates.size());
         ++i) {
      if (!seen.emplace(order[i], e.certificates[i]).second)
        continue;
      ++rule.checked;
      try {
        carried_chain(view_, e.certificates[i], order[i]);
      } catch (const storage::corrupt& fault) {
        rule.break_by(fmt::format("epoch {}: {}", e.epoch, fault.what()));
      }
    }
  }
}

std::optional<stored_chain>
certificate_check::chain_of(const storage::certificate_name& leaf) {
  try {
    return book_.chain_of(view_, leaf);
  } catch (const storage::corrupt&) {
    return std::nullopt;
  }
}

crypto::path_finding certificate_check::find(const stored_chain& c,
                                             std::int64_t at) const {
  auto finding =
      roots_ ? crypto::check_path(c.leaf, c.issuers, *roots_, book_.lists(), at)
             : book_.judge(c, at);
  if (finding.verdict == certificate_verdict::valid && !may_seal(c.leaf)) {
    finding.verdict = certificate_verdict::malformed;
    finding.why = "its key usage allows no signatures";
  }
  return finding;
}

// A chain that is valid at two moments is valid between them, so the first and
// the last batch tell about all, unless one of them is wrong.
void certificate_check::check_leaf(const storage::certificate_name& leaf,
                                   std::vector<sealed>& batches,
                                   rule_report& rule) {
  rule.checked += batches.size();
  std::ranges::stable_sort(batches, {}, &sealed::iat);
  const auto c = chain_of(leaf);
  const auto fault_at = [&](const sealed& batch) -> std::string {
    if (!c)
      return fmt::format(
          "batch {}: the certificate {} is not stored, or damaged", batch.first,
          crypto::base64url_encode(std::as_bytes(std::span(leaf))));
    const auto finding = find(*c, batch.iat);
    revocation_unknown_ = revocation_unknown_ || !finding.revocation_known;
    if (finding.verdict == certificate_verdict::valid)
      return {};
    return fmt::format(
        "batch {}: sealed at {} under the certificate {} of {}, which was {}: "
        "{}",
        batch.first,
        crypto::to_rfc3339(static_cast<std::uint64_t>(batch.iat) * 1'000),
        c->leaf.serial(), c->leaf.subject(), crypto::to_text(finding.verdict),
        finding.why);
  };
  if (fault_at(batches.front()).empty() && fault_at(batches.back()).empty())
    return;
  std::optional<std::int64_t> last;
  std::string fault;
  for (const auto& batch : batches) {
    if (last != batch.iat)
      fault = fault_at(batch);
    last = batch.iat;
    if (!fault.empty())
      rule.break_by(fault);
  }
}

void certificate_check::list_unseen() {
  if (batches_.empty())
    return;
  if (revocation_unknown_)
    unseen_.emplace_back(
        "whether a certificate was revoked for which no list is stored: "
        "`chancery keys crl import` stores one");
  if (!roots_)
    unseen_.emplace_back("whether the roots of the certificates deserve trust: "
                         "name those that do with --trust-ca FILE");
  unseen_.emplace_back("when a seal was made: its time is what this host's "
                       "clock said");
}

} // namespace chancery::actors
