// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/host_certificate.hpp"

#include "crypto/certificates/certificate_signing.hpp"
#include "crypto/certificates/host_certificate_parts.hpp"
#include "crypto/certificates/host_uri.hpp"
#include "crypto/keys/pem.hpp"

#include <botan/x509_ext.h>
#include <botan/x509cert.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace chancery::crypto {

namespace {

using std::chrono::system_clock;
namespace extension = Botan::Cert_Extension;

struct validity {
  system_clock::time_point begin;
  system_clock::time_point end;
};

Botan::X509_DN common_name(const std::string& name) {
  Botan::X509_DN dn;
  dn.add_attribute("X520.CommonName", name);
  return dn;
}

/// A verifier must not ignore a critical extension (`true`; RFC 5280 sections
/// 4.2.1.3 and 4.2.1.9). Botan owns the added objects.
Botan::Extensions authority_extensions(const public_key& key) {
  Botan::Extensions extensions;
  extensions.add(new extension::Basic_Constraints(true, 0), true);
  extensions.add(new extension::Key_Usage(Botan::KEY_CERT_SIGN), true);
  extensions.add(new extension::Subject_Key_ID(subject_key_id_of(key)));
  return extensions;
}

Botan::Extensions host_extensions(const host_uri& uri, const public_key& key,
                                  const Botan::X509_Certificate& authority) {
  Botan::Extensions extensions;
  extensions.add(new extension::Basic_Constraints(false), true);
  extensions.add(new extension::Key_Usage(Botan::DIGITAL_SIGNATURE), true);
  extensions.add(new extension::Extended_Key_Usage(
      {Botan::OID::from_string(purpose_of(uri.role))}));
  extensions.add(new extension::Subject_Alternative_Name(
      Botan::AlternativeName("", to_text(uri), uri.name)));
  extensions.add(new extension::Subject_Key_ID(subject_key_id_of(key)));
  extensions.add(new extension::Authority_Key_ID(authority.subject_key_id()));
  return extensions;
}

/// Ends no later than the authority's certificate, as nobody would accept it
/// after that.
validity host_validity(system_clock::time_point now, std::chrono::days valid,
                       const Botan::X509_Certificate& authority) {
  if (valid.count() < 1)
    throw std::invalid_argument("a certificate is valid for at least one day");
  const auto last = moment_of(authority.not_after());
  if (now >= last)
    throw std::invalid_argument(fmt::format(
        "the authority's certificate expired at {}: make a new cluster",
        time_text(last)));
  return {now - certificate_back_dating,
          std::min<system_clock::time_point>(
              last, now + std::min(valid, authority_days))};
}

} // namespace

std::string make_authority_certificate(const private_key& authority,
                                       system_clock::time_point now,
                                       const random_source& random) {
  if (authority.curve() != curve::p256)
    throw std::invalid_argument("the authority's key is not on P-256");
  const auto& key = authority.public_half();
  const auto name =
      common_name(fmt::format("chancery cluster {}", cluster_id(key.id())));
  const auto extensions = authority_extensions(key);
  return certificate_to_pem(
      sign_certificate({key, name, name, now - certificate_back_dating,
                        now + authority_days, extensions},
                       authority, random));
}

host_credentials issue_host_certificate(const private_key& authority,
                                        std::string_view authority_pem,
                                        std::string_view name, host_role role,
                                        system_clock::time_point now,
                                        std::chrono::days valid,
                                        const random_source& random) {
  check_host_name(name);
  const auto issuer = parse_certificate(certificate_from_pem(authority_pem));
  if (key_of(issuer) != authority.public_half())
    throw std::invalid_argument(
        "the authority's certificate belongs to another key");
  const auto key = private_key::generate(curve::p256, random);
  const host_uri uri{cluster_id(authority.id()), role, std::string(name)};
  const auto dates = host_validity(now, valid, issuer);
  const auto extensions = host_extensions(uri, key.public_half(), issuer);
  auto certificate = certificate_to_pem(sign_certificate(
      {key.public_half(), issuer.subject_dn(), common_name(uri.name),
       dates.begin, dates.end, extensions},
      authority, random));
  auto pem = to_pem(key);
  secret_string key_pem(pem.begin(), pem.end());
  wipe(pem);
  return {std::string(authority_pem), std::move(certificate),
          std::move(key_pem)};
}

} // namespace chancery::crypto
