// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/audit.hpp"

#include "actors/audit/batch_walk.hpp"
#include "actors/audit/certificate_check.hpp"
#include "actors/audit/lease_index.hpp"
#include "actors/audit/name_check.hpp"
#include "actors/audit/withdrawn_check.hpp"
#include "actors/audit/worker_policies.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace chancery::actors {

namespace {

// The rules in the order of the report.
enum rule_number {
  one_signature,
  exclusive_keys,
  one_key_per_batch,
  least_recently_used,
  batch_size,
  whole_journal,
  trusted_keys,
  names_agree,
  purpose_kept,
  format_announced,
  certificate_names_key,
  certificate_valid,
};

/// Those that are not asked for have no name.
std::vector<rule_report> rules(const audit_options& options, bool with_names,
                               bool with_seals) {
  std::vector<rule_report> all(certificate_valid + 1);
  const auto set = [&](rule_number n, const char* name, const char* unit,
                       const char* sentence) {
    all[n].name = name;
    all[n].unit = unit;
    all[n].sentence = sentence;
  };
  set(one_signature, "one_signature_per_record", "signatures",
      "one valid signature per record is ever stored: it verifies under the "
      "key of the one batch that holds it, and no withdrawn one verifies");
  set(exclusive_keys, "key_exclusive", "leases",
      "no key was lent while another lease held it");
  set(one_key_per_batch, "one_key_per_batch", "batches",
      "every batch is signed under one lease of its own, with that lease's "
      "key");
  set(least_recently_used, "least_recently_used_first", "leases",
      "every lease took the least recently used of the idle keys");
  set(batch_size, "batch_size_fixed", "batches",
      "every batch has its epoch's size, or a stated and verified reason");
  set(whole_journal, "journal_whole", "events",
      "the journal has no missing and no contradictory event");
  if (options.trust)
    set(trusted_keys, "keys_trusted", "batches",
        "every batch is signed by a trusted key");
  if (with_names)
    set(names_agree, "names_agree", "names",
        options.name_member
            ? "every name leads to one record and back, and is what the record "
              "says"
            : "every name leads to one record and back");
  set(purpose_kept, "keys_keep_their_purpose", "batches",
      "every key signs for its keyring's purpose alone: raw records, or seals");
  if (!with_seals)
    return all;
  set(format_announced, "format_as_announced", "batches",
      "every batch has the format that its epoch announced");
  set(certificate_names_key, "certificates_name_their_key", "certificates",
      "every certificate that an epoch announced is stored and names its key");
  set(certificate_valid, "certificate_valid_when_signed", "batches",
      "every seal's certificate leads to a root and was valid, and not known "
      "to be revoked, at the time of the seal");
  return all;
}

rule_number number_of(batch_rule rule) {
  switch (rule) {
  case batch_rule::one_signature:
    return one_signature;
  case batch_rule::one_key_per_batch:
    return one_key_per_batch;
  case batch_rule::batch_size:
    return batch_size;
  case batch_rule::trusted_keys:
    return trusted_keys;
  case batch_rule::announced_format:
    return format_announced;
  case batch_rule::kept_purpose:
    return purpose_kept;
  }
  throw std::logic_error("not a rule of a batch");
}

void check_batches(const storage::snapshot& view, lease_index& leases,
                   crypto::keyring_purpose purpose,
                   const audit_options& options,
                   certificate_check& certificates, audit_report& report) {
  batch_walk(
      view, leases, purpose, options.trust,
      {.broken =
           [&](batch_rule rule, const std::string& what) {
             report.rules[number_of(rule)].break_by(what);
           },
       .batch =
           [&](const storage::batch_row& row, const std::string& worker) {
             ++report.batches;
             auto& share = report.workers[worker];
             ++share.batches;
             share.records += row.count;
             certificates.add(row);
             if (options.batch)
               options.batch(row, worker);
           }})
      .run();
  report.rules[one_key_per_batch].checked = report.batches;
  report.rules[batch_size].checked = report.batches;
  report.rules[purpose_kept].checked = report.batches;
  report.rules[format_announced].checked = report.batches;
  if (options.trust)
    report.rules[trusted_keys].checked = report.batches;
}

lease_index check_journal(const storage::snapshot& view,
                          const crypto::public_keyring& keys,
                          audit_report& report) {
  const auto fault = [&](const replay_fault& f) {
    using promise = replay_fault::promise;
    report
        .rules[f.broken == promise::exclusive ? exclusive_keys
               : f.broken == promise::order   ? least_recently_used
                                              : whole_journal]
        .break_by(f.what);
  };
  lease_index leases(view, keys, fault);
  report.leases = leases.leases();
  report.epochs = leases.epochs().size();
  report.rules[exclusive_keys].checked = leases.leases();
  report.rules[least_recently_used].checked = leases.leases();
  report.rules[whole_journal].checked = leases.events();
  leases.withdrawn().check_table(view, [&](const std::string& what) {
    report.rules[whole_journal].break_by(what);
  });
  return leases;
}

void check_signatures(const storage::record_store& store,
                      const storage::snapshot& view,
                      const crypto::public_keyring& keys,
                      const audit_options& options,
                      std::atomic<std::uint64_t>& done, audit_report& report) {
  verify_options verify;
  verify.threads = options.threads;
  if (options.beside_others)
    verify.view = &view;
  const std::atomic<bool> never{false};
  const auto verified = verify_signatures(store, keys, verify, done, never);
  auto& rule = report.rules[one_signature];
  rule.checked = verified.checked;
  if (verified.wrong > 0)
    rule.break_by(fmt::format("record {}: {}", *verified.first_wrong,
                              verified.first_wrong_why),
                  verified.wrong);
}

void list_unseen(const audit_report& report, const lease_index& leases,
                 const audit_options& options,
                 const certificate_check& certificates,
                 std::vector<std::string>& sentences) {
  sentences = {
      "a use of a key that left no trace in this data folder: made elsewhere, "
      "or lost in a crash before it was stored",
      "a data folder rewritten by somebody who has the keyring and its "
      "passphrase",
  };
  if (report.withdrawn > 0)
    sentences.emplace_back(
        "whether a withdrawn signature verifies over other bytes than its "
        "record has today");
  for (auto& sentence : unverified_epochs(leases.epochs()))
    sentences.push_back(std::move(sentence));
  for (const auto& sentence : certificates.unseen())
    sentences.push_back(sentence);
  if (report.names > 0 && !options.name_member)
    sentences.emplace_back(
        "whether a record has the name that its user gave it, as names are not "
        "signed: where they are a member of the records, --name-field checks "
        "them");
  if (!options.trust)
    sentences.emplace_back(
        "whether the keys are the ones you expect: list them with --trust "
        "FILE");
}

} // namespace

audit_report audit(const storage::record_store& store,
                   const crypto::public_keyring& keys,
                   const audit_options& options,
                   std::atomic<std::uint64_t>& done) {
  audit_report report;
  const auto view = store.read();
  const bool with_names =
      options.name_member || view.name_count() + view.named_record_count() > 0;
  const bool with_seals = keys.purpose == crypto::keyring_purpose::seal;
  report.rules = rules(options, with_names, with_seals);
  report.records = view.record_count();
  report.signatures = view.signature_count();
  report.unsigned_records = report.records - report.signatures;
  report.withdrawn = view.withdrawn_count();

  auto leases = check_journal(view, keys, report);
  certificate_check certificates(view, keys.curve, options.roots);
  check_batches(view, leases, keys.purpose, options, certificates, report);
  if (with_seals)
    certificates.finish(report.rules[certificate_names_key],
                        report.rules[certificate_valid]);
  check_signatures(store, view, keys, options, done, report);

  check_withdrawn(view, keys, [&](std::uint64_t id, const std::string& what) {
    report.rules[one_signature].break_by(
        fmt::format("record {}: {}", id, what));
  });
  if (with_names) {
    auto& rule = report.rules[names_agree];
    report.names =
        check_names(view, options.name_member,
                    [&](const std::string& what) { rule.break_by(what); });
    rule.checked = report.names;
  }
  list_unseen(report, leases, options, certificates, report.cannot_see);
  std::erase_if(report.rules,
                [](const rule_report& rule) { return rule.name.empty(); });
  report.passed = true;
  for (const auto& rule : report.rules)
    report.passed = report.passed && rule.kept();
  return report;
}

} // namespace chancery::actors
