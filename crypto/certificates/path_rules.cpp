// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/path_rules.hpp"

#include "crypto/base/timestamp.hpp"
#include "crypto/certificates/certificate_parts.hpp"

#include <botan/pkix_types.h>
#include <botan/x509cert.h>
#include <botan/x509path.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

using code = Botan::Certificate_Status_Code;

/// Botan's measure: RSA of 2048 bits, curves of 224.
constexpr std::size_t strength_min = 110;

const std::set<std::string> hashes{
    "SHA-1",   "SHA-160", "SHA-224",    "SHA-256",    "SHA-384",
    "SHA-512", "Pure",    "SHA-3(256)", "SHA-3(384)", "SHA-3(512)"};

std::string words_for(std::int64_t seconds) {
  return time_in_words(static_cast<std::uint64_t>(seconds) * 1000);
}

std::string name_in(const certificate& c) {
  return fmt::format("the certificate '{}'", c.subject());
}

bool is_malformed(code c) noexcept {
  return c == code::DUPLICATE_CERT_EXTENSION || c == code::EXT_IN_V1_V2_CERT ||
         c == code::DUPLICATE_CERT_POLICY ||
         c == code::V2_IDENTIFIERS_IN_V1_CERT;
}

/// What Botan says of a certificate, as the end of a sentence about it.
std::string_view words_for(code c) noexcept {
  switch (c) {
  case code::SIGNATURE_METHOD_TOO_WEAK:
    return "is signed with a key that is too weak (RSA under 2048 bits)";
  case code::UNTRUSTED_HASH:
    return "is signed with a hash function that is broken";
  case code::CHAIN_NAME_MISMATCH:
    return "names another issuer than the certificate that signed it";
  case code::INVALID_USAGE:
    return "may sign certificates, but is not an authority's";
  case code::CERT_CHAIN_TOO_LONG:
    return "does not allow as many authorities below it (path length)";
  case code::CA_CERT_NOT_FOR_CERT_ISSUER:
    return "was issued by one that may not sign certificates";
  case code::NAME_CONSTRAINT_ERROR:
    return "has a name that its authority may not certify";
  case code::UNKNOWN_CRITICAL_EXTENSION:
    return "has a critical extension that is not known here";
  case code::SIGNATURE_ERROR:
    return "was not signed by the key of its issuer, or was changed";
  case code::CERT_PUBKEY_INVALID:
  case code::SIGNATURE_ALGO_UNKNOWN:
  case code::SIGNATURE_ALGO_BAD_PARAMS:
    return "is signed by an algorithm that is not known here";
  default:
    return is_malformed(c) ? "is malformed" : "breaks a rule of RFC 5280";
  }
}

/// The worst one wins: `a` counts before `b`.
bool is_worse(certificate_verdict a, certificate_verdict b) noexcept {
  constexpr auto rank = [](certificate_verdict v) {
    switch (v) {
    case certificate_verdict::malformed:
      return 5;
    case certificate_verdict::untrusted:
      return 4;
    case certificate_verdict::revoked:
      return 3;
    case certificate_verdict::expired:
      return 2;
    case certificate_verdict::not_yet_valid:
      return 1;
    case certificate_verdict::valid:
      return 0;
    }
    return 0;
  };
  return rank(a) > rank(b);
}

void fail(path_finding& finding, certificate_verdict verdict, std::string why) {
  if (!is_worse(verdict, finding.verdict))
    return;
  finding.verdict = verdict;
  finding.why = std::move(why);
}

void apply_status(path_finding& finding, const certificate& of, code status) {
  if (status == code::CERT_SERIAL_NEGATIVE)
    finding.warnings.push_back(
        fmt::format("{} has a negative serial number", name_in(of)));
  else if (status == code::DN_TOO_LONG)
    finding.warnings.push_back(fmt::format(
        "{} has a name that is longer than RFC 5280 allows", name_in(of)));
  // Dates are compared below, in seconds that hold every year.
  else if (status >= code::FIRST_ERROR_STATUS &&
           status != code::CERT_NOT_YET_VALID &&
           status != code::CERT_HAS_EXPIRED)
    fail(finding,
         is_malformed(status) ? certificate_verdict::malformed
                              : certificate_verdict::untrusted,
         fmt::format("{} {}", name_in(of), words_for(status)));
}

void check_signatures(path_finding& finding) {
  std::vector<std::shared_ptr<const Botan::X509_Certificate>> chain;
  chain.reserve(finding.path.size());
  for (const auto& c : finding.path)
    chain.push_back(
        std::make_shared<const Botan::X509_Certificate>(to_botan(c)));
  const auto& root = *chain.back();
  if (root.subject_dn() != root.issuer_dn())
    fail(finding, certificate_verdict::untrusted,
         fmt::format("{} is named as a root, but did not sign itself",
                     name_in(finding.path.back())));
  for (std::size_t i = 1; i < finding.path.size(); ++i)
    if (!finding.path[i].is_authority()) // Botan takes roots of version 1
      apply_status(finding, finding.path[i - 1],
                   code::CA_CERT_NOT_FOR_CERT_ISSUER);
  try {
    const auto statuses = Botan::PKIX::check_chain(
        chain, {}, "", Botan::Usage_Type::UNSPECIFIED, strength_min, hashes);
    for (std::size_t i = 0; i < statuses.size(); ++i)
      for (const auto status : statuses[i])
        apply_status(finding, finding.path[i], status);
  } catch (const Botan::Exception&) {
    fail(finding, certificate_verdict::untrusted,
         fmt::format("an issuer of {} has a key that cannot be read",
                     name_in(finding.path.front())));
  }
}

void check_dates(path_finding& finding, std::int64_t at) {
  for (const auto& c : finding.path) {
    finding.ends =
        std::min(finding.ends.value_or(c.not_after()), c.not_after());
    if (at > c.not_after())
      fail(finding, certificate_verdict::expired,
           fmt::format("{} expired at {}", name_in(c),
                       words_for(c.not_after())));
    if (at < c.not_before())
      fail(finding, certificate_verdict::not_yet_valid,
           fmt::format("{} is not valid before {}", name_in(c),
                       words_for(c.not_before())));
  }
}

void check_revocation(path_finding& finding,
                      std::span<const revocation_list> lists, std::int64_t at) {
  finding.revocation_known = true;
  for (std::size_t i = 0; i + 1 < finding.path.size(); ++i) {
    const auto& c = finding.path[i];
    bool known = false;
    for (const auto& list : lists) {
      if (!list.is_signed_by(finding.path[i + 1]))
        continue;
      known = true;
      const auto found = list.find(c.serial());
      if (found && found->reason != revocation_reason::remove_from_list &&
          found->time <= at)
        fail(finding, certificate_verdict::revoked,
             fmt::format("{} was revoked at {} ({})", name_in(c),
                         words_for(found->time), to_text(found->reason)));
    }
    finding.revocation_known &= known;
  }
}

} // namespace

path_finding judge_path(std::vector<certificate> path,
                        std::span<const revocation_list> lists,
                        std::int64_t at) {
  path_finding finding;
  finding.verdict = certificate_verdict::valid;
  finding.path = std::move(path);
  check_signatures(finding);
  check_dates(finding, at);
  check_revocation(finding, lists, at);
  for (std::size_t i = 0; i + 1 < finding.path.size(); ++i)
    if (finding.path[i].is_signed_with_sha1())
      finding.warnings.push_back(
          fmt::format("{} is signed with SHA-1, which others may refuse",
                      name_in(finding.path[i])));
  return finding;
}

} // namespace chancery::crypto
