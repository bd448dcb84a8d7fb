// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/seal_profile.hpp"

namespace chancery::crypto {

namespace {

std::string refusal_of(const certificate& leaf) {
  if (leaf.is_authority())
    return "it is an authority's (CA), which must not seal";
  if (!leaf.allows(certificate_usage::non_repudiation) &&
      !leaf.allows(certificate_usage::digital_signature))
    return "it allows neither non-repudiation nor digital signatures (key "
           "usage)";
  return {};
}

} // namespace

profile_finding check_seal_profile(const certificate& leaf) {
  profile_finding finding{refusal_of(leaf), {}};
  if (!finding.refusal.empty())
    return finding;
  const auto warn = [&](bool when, const char* what) {
    if (when)
      finding.warnings.emplace_back(what);
  };
  warn(!leaf.states_usage(), "no key usage, which should be non-repudiation");
  warn(!leaf.allows(certificate_usage::non_repudiation),
       "a key usage of digital signatures, but not non-repudiation");
  warn(leaf.authority_key_id().empty(),
       "no name of its issuer's key (authority key identifier)");
  warn(!leaf.names_issuer_address(),
       "no address of its issuer's certificate (AIA)");
  warn(!leaf.names_list_address(),
       "no address of its issuer's list of revocations (CRL distribution "
       "point)");
  return finding;
}

} // namespace chancery::crypto
