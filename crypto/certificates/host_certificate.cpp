// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/host_certificate.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/certificates/host_certificate_parts.hpp"
#include "crypto/certificates/host_uri.hpp"
#include "crypto/keys/botan_keys.hpp"
#include "crypto/keys/pem.hpp"

#include <botan/bigint.h>
#include <botan/ecdsa.h>
#include <botan/pk_keys.h>
#include <botan/pubkey.h>
#include <botan/rng.h>
#include <botan/x509_ca.h>
#include <botan/x509_ext.h>
#include <botan/x509_key.h>
#include <botan/x509cert.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

namespace chancery::crypto {

namespace {

using std::chrono::system_clock;
namespace extension = Botan::Cert_Extension;

constexpr const char* hash = "SHA-256";
constexpr std::size_t serial_bits = 128;

struct validity {
  system_clock::time_point begin;
  system_clock::time_point end;
};

/// A certificate's contents, except its serial number and signature.
struct statement {
  public_key key;
  Botan::X509_DN issuer;
  Botan::X509_DN subject;
  validity valid;
  Botan::Extensions extensions;
};

Botan::X509_DN common_name(const std::string& name) {
  Botan::X509_DN dn;
  dn.add_attribute("X520.CommonName", name);
  return dn;
}

/// RFC 5280 section 4.1.2.2: positive. Random, so that nobody can predict it.
Botan::BigInt random_serial(Botan::RandomNumberGenerator& rng) {
  Botan::BigInt serial;
  do
    serial.randomize(rng, serial_bits, false);
  while (serial.is_zero());
  return serial;
}

std::string sign(const statement& stated, const private_key& authority,
                 const random_source& random) {
  const auto rng = to_botan(random);
  const auto key = to_botan(authority);
  Botan::AlgorithmIdentifier algorithm;
  const std::unique_ptr<Botan::PK_Signer> signer(
      Botan::choose_sig_format(key, *rng, hash, algorithm));
  const auto made = Botan::X509_CA::make_cert(
      signer.get(), *rng, random_serial(*rng), algorithm,
      Botan::X509::BER_encode(to_botan(stated.key)),
      Botan::X509_Time(stated.valid.begin), Botan::X509_Time(stated.valid.end),
      stated.issuer, stated.subject, stated.extensions);
  const auto der = made.BER_encode();
  return certificate_to_pem(std::as_bytes(std::span(der)));
}

std::vector<std::uint8_t> subject_key_id(const public_key& key) {
  return extension::Subject_Key_ID(to_botan(key).public_key_bits(), hash)
      .get_key_id();
}

/// A verifier must not ignore a critical extension (`true`; RFC 5280 sections
/// 4.2.1.3 and 4.2.1.9). Botan owns the added objects.
Botan::Extensions authority_extensions(const public_key& key) {
  Botan::Extensions extensions;
  extensions.add(new extension::Basic_Constraints(true, 0), true);
  extensions.add(new extension::Key_Usage(Botan::KEY_CERT_SIGN), true);
  extensions.add(new extension::Subject_Key_ID(subject_key_id(key)));
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
  extensions.add(new extension::Subject_Key_ID(subject_key_id(key)));
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
  return sign({key,
               name,
               name,
               {now - certificate_back_dating, now + authority_days},
               authority_extensions(key)},
              authority, random);
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
  auto certificate =
      sign({key.public_half(), issuer.subject_dn(), common_name(uri.name),
            host_validity(now, valid, issuer),
            host_extensions(uri, key.public_half(), issuer)},
           authority, random);
  auto pem = to_pem(key);
  secret_string key_pem(pem.begin(), pem.end());
  wipe(pem);
  return {std::string(authority_pem), std::move(certificate),
          std::move(key_pem)};
}

} // namespace chancery::crypto
