// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/audit.hpp"

#include "tests/actors/forged_history.hpp"
#include "tests/actors/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(audit_seals_test)

using namespace chancery;
using namespace chancery::tests;

namespace {

/// An honest history of seals, to be made dishonest.
struct sealed_history : forged_history {
  sealed_history() : forged_history(honest_history()) {
    keys = seal_keyring_of(key_count);
    storage::format_announced format{
        1, storage::signature_format::jades, "", {}};
    for (std::size_t n = 0; n < key_count; ++n) {
      leaves.push_back(authority.issue(public_key(n)));
      format.certificates.push_back(leaves[n].id());
    }
    events.insert(events.begin() + 1, format);
    for (auto& batch : batches) {
      batch.row.format = storage::signature_format::jades;
      batch.row.time_ms = seal_time * 1'000 + 999;
      batch.leaf = leaves[batch.signing_key];
    }
    store_chains(leaves);
  }

  crypto::public_key public_key(std::size_t n) const {
    return keys.keys()[n].key.public_half();
  }

  storage::format_announced& format() {
    return std::get<storage::format_announced>(events.at(1));
  }

  /// These instead of the honest ones.
  void store_chains(std::vector<crypto::certificate> chains) {
    prepare = [this, chains](storage::write_transaction& transaction) {
      for (const auto& leaf : chains)
        transaction.put_certificates(leaf.id(),
                                     {leaf.der(), authority.own().der()});
      if (list)
        transaction.put_revocation_list(list->issuer_key_id(), list->der());
    };
  }

  /// Key `n` has another certificate, and seals under it.
  void replace(std::size_t n, const crypto::certificate& leaf) {
    format().certificates[n] = leaf.id();
    for (auto& batch : batches)
      if (batch.signing_key == n)
        batch.leaf = leaf;
    leaves[n] = leaf;
    store_chains(leaves);
  }

  seal_authority authority;
  std::vector<crypto::certificate> leaves;
  std::optional<crypto::revocation_list> list;
};

} // namespace

BOOST_AUTO_TEST_CASE(an_honest_history_of_seals_passes) {
  const sealed_history h;
  const auto report = h.audit();
  BOOST_TEST(report.passed, violations(report));
  BOOST_TEST(report.rules.size() == 10u);
  for (const auto& rule : report.rules)
    BOOST_TEST(rule.checked > 0u, rule.name);
  const auto unseen = [](const actors::audit_report& r, const char* word) {
    return std::ranges::any_of(r.cannot_see, [word](const auto& sentence) {
      return contains(sentence, word);
    });
  };
  BOOST_TEST(unseen(report, "was revoked for which no list"));
  BOOST_TEST(unseen(report, "--trust-ca"));
  BOOST_TEST(unseen(report, "clock said"));
  actors::audit_options trusting;
  trusting.roots = {h.authority.own()};
  const auto trusted = h.audit(trusting);
  BOOST_TEST(trusted.passed, violations(trusted));
  BOOST_TEST(!unseen(trusted, "--trust-ca"));
}

BOOST_AUTO_TEST_CASE(a_root_that_is_not_trusted_is_found) {
  const sealed_history h;
  const seal_authority other("CN=Other");
  actors::audit_options trusting;
  trusting.roots = {other.own()};
  expect_broken(h, "certificate_valid_when_signed", "which was untrusted",
                trusting);
}

BOOST_AUTO_TEST_CASE(a_time_outside_the_certificates_dates_is_found) {
  sealed_history early;
  early.batches[0].row.time_ms = (seal_time - 2 * seal_day) * 1'000;
  expect_broken(early, "certificate_valid_when_signed",
                "batch 0: sealed at 2026-11-26");
  sealed_history late;
  late.batches[4].row.time_ms = (seal_time + 200 * seal_day) * 1'000;
  expect_broken(late, "certificate_valid_when_signed", "which was expired");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_was_revoked_before_is_found) {
  sealed_history h;
  h.list = h.authority.revoke(h.leaves[0], seal_time);
  expect_broken(h, "certificate_valid_when_signed", "which was revoked");
  h.list = h.authority.revoke(h.leaves[0], seal_time + 1);
  BOOST_TEST(h.audit().passed);
}

BOOST_AUTO_TEST_CASE(another_certificate_in_the_header_is_found) {
  sealed_history h;
  h.batches[0].leaf = h.authority.issue(h.public_key(0)); // of the same key
  expect_broken(h, "one_signature_per_record",
                "record 0: it does not verify under key");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_key_is_found) {
  sealed_history h;
  h.format().certificates[3] = h.leaves[0].id();
  const auto report = h.audit();
  BOOST_TEST(!report.passed);
  BOOST_TEST(contains(violations(report), "certificates_name_their_key: "
                                          "epoch 1: the certificate"));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_stored_is_found) {
  sealed_history h;
  h.store_chains({h.leaves[0], h.leaves[1], h.leaves[2]});
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "certificates_name_their_key: epoch 1: "));
  BOOST_TEST(contains(found, "certificate_valid_when_signed: batch 30: "));
  BOOST_TEST(contains(found, "one_signature_per_record: record 30: "));
}

BOOST_AUTO_TEST_CASE(a_raw_signature_of_a_key_for_seals_is_found) {
  sealed_history h;
  h.batches[2].row.format = storage::signature_format::raw;
  h.batches[2].leaf.reset();
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "keys_keep_their_purpose: batch 20, record 20: a "
                             "key for seal signatures made raw ones"));
  BOOST_TEST(contains(found, "format_as_announced: batch 20, record 20: its "
                             "format is 1, and its epoch announced 2"));
}

BOOST_AUTO_TEST_CASE(a_seal_of_a_raw_key_is_found) {
  auto h = honest_history();
  h.batches[2].row.format = storage::signature_format::jades;
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "keys_keep_their_purpose: batch 20"));
  BOOST_TEST(contains(found, "one_signature_per_record: record 20: the journal "
                             "announces no seals for epoch 1"));
}

BOOST_AUTO_TEST_CASE(an_unknown_format_is_found) {
  sealed_history h;
  h.batches[2].row.format = 7;
  const auto found = violations(h.audit());
  BOOST_TEST(contains(found, "format_as_announced: batch 20"));
  BOOST_TEST(contains(found, "signatures of format 7, which is unknown"));
}

BOOST_AUTO_TEST_CASE(a_format_is_stated_once_at_the_beginning) {
  sealed_history late;
  std::swap(late.events[1], late.events[2]);
  BOOST_TEST(contains(violations(late.audit()),
                      "journal_whole: epoch 1 states the format"));
  sealed_history twice;
  twice.events.insert(twice.events.begin() + 2, twice.events[1]);
  BOOST_TEST(contains(violations(twice.audit()),
                      "journal_whole: epoch 1 states the format"));
  sealed_history short_one;
  short_one.format().certificates.pop_back();
  BOOST_TEST(contains(violations(short_one.audit()),
                      "journal_whole: epoch 1 has 4 keys and names "
                      "certificates of 3"));
}

BOOST_AUTO_TEST_CASE(keys_that_come_back_stand_behind_new_ones) {
  // Key 2 is left out of the second epoch, keys 2 and 3 of the third.
  const auto opens = [](forged_history& h, std::uint32_t epoch,
                        const std::vector<std::size_t>& order) {
    h.open(epoch, 10, order);
    auto& announced = std::get<storage::format_announced>(h.events[1]);
    storage::format_announced format{epoch, 2, "", {}};
    for (const auto n : order)
      format.certificates.push_back(announced.certificates[n]);
    h.events.emplace_back(format);
    h.events.emplace_back(storage::epoch_closed{epoch, 0});
  };
  // The first epoch leaves 1, 2, 3, 0: each was used once, key 0 twice.
  sealed_history h;
  opens(h, 2, {1, 3, 0});
  opens(h, 3, {1, 0});
  opens(h, 4, {2, 3, 1, 0});
  const auto report = h.audit();
  BOOST_TEST(report.passed, violations(report));
  sealed_history wrong;
  opens(wrong, 2, {1, 3, 0});
  opens(wrong, 3, {1, 0});
  opens(wrong, 4, {3, 2, 1, 0});
  expect_broken(wrong, "least_recently_used_first",
                "epoch 4 does not begin with the required key order");
}

BOOST_AUTO_TEST_SUITE_END()
