// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/audit.hpp"

#include "actors/audit/lease_index.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace chancery::actors {

namespace {

using storage::short_reason;

// The rules in the order of the report.
enum rule_number {
  one_signature,
  exclusive_keys,
  one_key_per_batch,
  least_recently_used,
  batch_size,
  whole_journal,
  trusted_keys,
};

std::vector<rule_report> rules(bool with_trust) {
  std::vector<rule_report> all(with_trust ? 7 : 6);
  const auto set = [&](rule_number n, const char* name, const char* unit,
                       const char* sentence) {
    all[n].name = name;
    all[n].unit = unit;
    all[n].sentence = sentence;
  };
  set(one_signature, "one_signature_per_record", "signatures",
      "every signature verifies, by the key of the one batch that holds it");
  set(exclusive_keys, "key_exclusive", "leases",
      "no key was lent while it was out");
  set(one_key_per_batch, "one_key_per_batch", "batches",
      "every batch is signed under one lease of its own, with that lease's "
      "key");
  set(least_recently_used, "least_recently_used_first", "leases",
      "every lease took the least recently used of the idle keys");
  set(batch_size, "batch_size_fixed", "batches",
      "every batch has its epoch's size, or a stated and checked reason");
  set(whole_journal, "journal_whole", "events",
      "the journal tells one possible history");
  if (with_trust)
    set(trusted_keys, "keys_trusted", "batches",
        "every batch is signed by a trusted key");
  return all;
}

// Walks batches and signatures side by side and checks each batch.
class batch_walk {
 public:
  batch_walk(const storage::snapshot& view, lease_index& leases,
             const audit_options& options, audit_report& report)
      : view_(view), leases_(leases), report_(report),
        signatures_(view.walk(storage::table::signatures)),
        records_(view.record_count()) {
    batch_ = options.batch;
    if (options.trust)
      trusted_ = std::set(options.trust->begin(), options.trust->end());
  }

  void walk() {
    auto batches = view_.walk(storage::table::batches);
    more_signatures_ = signatures_.seek(0);
    bool more = batches.seek(0);
    while (more) {
      row_ = storage::decode_batch_row(batches.key(), batches.value());
      more = batches.next();
      next_ = more ? std::optional(batches.key()) : std::nullopt;
      ++report_.batches;
      check_signatures();
      check_lease();
      check_size();
      check_trust();
      count_worker();
    }
    if (more_signatures_)
      stray_signature();
  }

 private:
  void broken(rule_number n, const std::string& what) {
    auto& rule = report_.rules[n];
    if (rule.violations++ == 0)
      rule.first_violation = what;
  }

  std::uint64_t end() const { return row_.first + row_.count; }

  void stray_signature() {
    broken(one_signature, fmt::format("record {}: signed, but in no batch",
                                      signatures_.key()));
  }

  // Batches do not overlap; each has exactly the signatures of its range.
  void check_signatures() {
    if (row_.count == 0 || end() > records_)
      broken(one_signature,
             fmt::format("batch {}: its range has no records", row_.first));
    if (next_ && *next_ < end())
      broken(one_signature, fmt::format("batch {}, record {}: also in batch {}",
                                        row_.first, *next_, *next_));
    while (more_signatures_ && signatures_.key() < row_.first) {
      stray_signature();
      more_signatures_ = signatures_.next();
    }
    auto expected = row_.first;
    while (more_signatures_ && signatures_.key() < end()) {
      if (signatures_.key() != expected)
        break;
      ++expected;
      more_signatures_ = signatures_.next();
    }
    if (expected == end())
      return;
    broken(one_signature, fmt::format("batch {}, record {}: not signed",
                                      row_.first, expected));
    while (more_signatures_ && signatures_.key() < end())
      more_signatures_ = signatures_.next();
  }

  void check_lease() {
    auto& rule = report_.rules[one_key_per_batch];
    ++rule.checked;
    const auto name = fence_text(row_.fence);
    bool used_before = false;
    const auto* key = leases_.key_of(row_.fence, used_before);
    if (key == nullptr)
      broken(one_key_per_batch,
             fmt::format("batch {}, record {}: the journal has no lease {}",
                         row_.first, row_.first, name));
    else if (*key != row_.key)
      broken(one_key_per_batch,
             fmt::format("batch {}, record {}: lease {} lent another key",
                         row_.first, row_.first, name));
    else if (used_before)
      broken(one_key_per_batch,
             fmt::format("batch {}, record {}: lease {} has another batch",
                         row_.first, row_.first, name));
    else if (row_.format != 1)
      broken(one_key_per_batch,
             fmt::format("batch {}, record {}: signature format {} is unknown",
                         row_.first, row_.first, row_.format));
  }

  void check_size() {
    ++report_.rules[batch_size].checked;
    const auto why = size_fault();
    if (!why.empty())
      broken(batch_size, fmt::format("batch {}, record {}: {}", row_.first,
                                     row_.first, why));
  }

  std::string size_fault() const {
    const auto epoch = static_cast<std::uint32_t>(row_.fence >> 32);
    const auto terms = leases_.epochs().find(epoch);
    if (terms == leases_.epochs().end())
      return fmt::format("the journal has no epoch {}", epoch);
    const auto size = terms->second.batch_size;
    if (row_.count > size)
      return fmt::format("{} records, over the batch size {}", row_.count,
                         size);
    if (row_.count == size)
      return row_.reason == short_reason::full
                 ? ""
                 : "a full batch that claims to be short";
    switch (row_.reason) {
    case short_reason::full:
      return fmt::format("{} records of {} without a reason", row_.count, size);
    case short_reason::end:
      return end() == terms->second.records
                 ? ""
                 : "short because the table ended, but it did not end there";
    case short_reason::gap:
      return gap_was_there()
                 ? ""
                 : "short before a signed record, but that was signed later";
    case short_reason::waited:
      return "short because it waited, which no epoch did";
    }
    return "short for an unknown reason";
  }

  // The batch behind the gap is older: its lease has a lower fence.
  bool gap_was_there() const {
    if (!next_ || *next_ != end())
      return false;
    const auto next = view_.batch_of(*next_);
    return next && next->fence < row_.fence;
  }

  void check_trust() {
    if (!trusted_)
      return;
    ++report_.rules[trusted_keys].checked;
    if (!trusted_->contains(row_.key))
      broken(trusted_keys,
             fmt::format("batch {}, record {}: key {} is not trusted",
                         row_.first, row_.first, crypto::to_text(row_.key)));
  }

  void count_worker() {
    const auto& worker = leases_.worker_of(row_.fence);
    auto& share = report_.workers[worker];
    ++share.batches;
    share.records += row_.count;
    if (batch_)
      batch_(row_, worker);
  }

  const storage::snapshot& view_;
  lease_index& leases_;
  audit_report& report_;
  storage::cursor signatures_;
  std::uint64_t records_;
  bool more_signatures_ = false;
  storage::batch_row row_;
  std::optional<std::uint64_t> next_;
  std::optional<std::set<crypto::key_id>> trusted_;
  std::function<void(const storage::batch_row&, const std::string&)> batch_;
};

lease_index check_journal(const storage::snapshot& view,
                          const crypto::public_keyring& keys,
                          audit_report& report) {
  const auto fault = [&](const replay_fault& f) {
    using promise = replay_fault::promise;
    auto& rule = report.rules[f.broken == promise::exclusive ? exclusive_keys
                              : f.broken == promise::order ? least_recently_used
                                                           : whole_journal];
    if (rule.violations++ == 0)
      rule.first_violation = f.what;
  };
  lease_index leases(view, keys, fault);
  report.leases = leases.leases();
  report.epochs = leases.epochs().size();
  report.rules[exclusive_keys].checked = leases.leases();
  report.rules[least_recently_used].checked = leases.leases();
  report.rules[whole_journal].checked = leases.events();
  return leases;
}

void check_signatures(const storage::record_store& store,
                      const crypto::public_keyring& keys,
                      const audit_options& options,
                      std::atomic<std::uint64_t>& done, audit_report& report) {
  verify_options verify;
  verify.threads = options.threads;
  const std::atomic<bool> never{false};
  const auto verified = verify_signatures(store, keys, verify, done, never);
  auto& rule = report.rules[one_signature];
  rule.checked = verified.checked;
  if (verified.wrong == 0)
    return;
  if (rule.violations == 0)
    rule.first_violation = fmt::format("record {}: {}", *verified.first_wrong,
                                       verified.first_wrong_why);
  rule.violations += verified.wrong;
}

} // namespace

audit_report audit(const storage::record_store& store,
                   const crypto::public_keyring& keys,
                   const audit_options& options,
                   std::atomic<std::uint64_t>& done) {
  audit_report report;
  report.rules = rules(options.trust.has_value());
  const auto view = store.read();
  report.records = view.record_count();
  report.signatures = view.signature_count();
  report.unsigned_records = report.records - report.signatures;

  auto leases = check_journal(view, keys, report);
  batch_walk(view, leases, options, report).walk();
  check_signatures(store, keys, options, done, report);

  report.cannot_see = {
      "a use of a key that left nothing in this data folder: elsewhere, or "
      "lost in a crash before it was stored",
      "a data folder rewritten by somebody who has the keyring and its "
      "passphrase",
  };
  if (!options.trust)
    report.cannot_see.emplace_back(
        "whether the keys are the ones you mean: name them with --trust FILE");
  report.passed = true;
  for (const auto& rule : report.rules)
    report.passed = report.passed && rule.violations == 0;
  return report;
}

} // namespace chancery::actors
