// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/seal_profile.hpp"

#include <fmt/format.h>

namespace chancery::crypto {

namespace {

std::string refusal_of(const certificate& leaf) {
  if (leaf.is_authority())
    return "is an authority's (CA), which must not seal";
  if (!leaf.allows(certificate_usage::non_repudiation) &&
      !leaf.allows(certificate_usage::digital_signature))
    return "allows neither non-repudiation nor digital signatures (key usage)";
  return {};
}

} // namespace

profile_finding check_seal_profile(const certificate& leaf) {
  profile_finding finding;
  const auto name = fmt::format("the certificate '{}'", leaf.subject());
  if (const auto refusal = refusal_of(leaf); !refusal.empty()) {
    finding.refusal = fmt::format("{} {}", name, refusal);
    return finding;
  }
  const auto warn = [&](bool when, const char* what) {
    if (when)
      finding.warnings.push_back(fmt::format("{} {}", name, what));
  };
  warn(!leaf.states_usage(), "states no key usage, but should state "
                             "non-repudiation alone");
  warn(!leaf.allows(certificate_usage::non_repudiation),
       "allows digital signatures but not non-repudiation (key usage)");
  warn(leaf.authority_key_id().empty(),
       "does not name its issuer's key (authority key identifier)");
  warn(!leaf.names_issuer_address(),
       "does not say where its issuer's certificate is (AIA)");
  warn(!leaf.names_list_address(),
       "does not say where its issuer's list of revocations is (CRL "
       "distribution point)");
  return finding;
}

} // namespace chancery::crypto
