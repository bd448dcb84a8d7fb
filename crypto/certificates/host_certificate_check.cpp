// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/host_certificate.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/certificates/host_certificate_parts.hpp"
#include "crypto/certificates/host_uri.hpp"
#include "crypto/keys/botan_keys.hpp"
#include "crypto/keys/pem.hpp"

#include <botan/ecdsa.h>
#include <botan/pk_keys.h>
#include <botan/pkix_types.h>
#include <botan/x509_key.h>
#include <botan/x509cert.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace chancery::crypto {

namespace {

using std::chrono::system_clock;

constexpr std::string_view issue_again =
    "issue a new one with `chancery cluster issue`";

constexpr int last_year = 2261; // that a time_point holds to its end

/// Names in error texts for the certificates and the key in a host's folder.
constexpr std::string_view authority_words = "the authority's certificate";
constexpr std::string_view certificate_words = "the host's certificate";
constexpr std::string_view key_words = "the host's key";

[[noreturn]] void refuse_certificate(const char* what) {
  throw std::invalid_argument(what);
}

/// The only URI among the alternative names (RFC 5280 section 4.2.1.6). With
/// two, each reader could choose another identity.
host_uri uri_of(const Botan::X509_Certificate& certificate) {
  const auto uris = certificate.subject_alt_name().get_attribute("URI");
  if (uris.empty())
    refuse_certificate("the certificate states no role: it has no SPIFFE id");
  if (uris.size() > 1)
    refuse_certificate("the certificate states more than one role");
  try {
    return host_uri_from_text(uris.front());
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(
        fmt::format("the certificate states no role: {}", e.what()));
  }
}

/// Checks that the rest of the certificate agrees with its SPIFFE id, as other
/// readers may use that instead.
void require_agreement(const Botan::X509_Certificate& certificate,
                       const host_uri& uri) {
  const std::vector<std::string> name{uri.name};
  if (certificate.subject_info("X520.CommonName") != name ||
      certificate.subject_alt_name().get_attribute("DNS") != name)
    refuse_certificate(
        "the certificate states another name than its SPIFFE id");
  const std::vector<Botan::OID> purposes{
      Botan::OID::from_string(purpose_of(uri.role))};
  if (certificate.extended_key_usage() != purposes)
    refuse_certificate("the certificate's purpose does not match its role");
  if (certificate.is_CA_cert())
    refuse_certificate(
        "the certificate is an authority's, but a host's is needed");
}

std::string serial_of(const Botan::X509_Certificate& certificate) {
  std::string digits;
  for (const auto octet : certificate.serial_number())
    fmt::format_to(std::back_inserter(digits), "{:02x}", octet);
  return digits;
}

host_identity identity_of(const Botan::X509_Certificate& certificate,
                          const host_uri& uri) {
  require_agreement(certificate, uri);
  return {uri.name, uri.role, serial_of(certificate)};
}

/// Calls `read` on one of the three texts; its errors then name that text.
template <class Read>
auto reading(std::string_view words, Read&& read) {
  try {
    return read();
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(fmt::format("{}: {}", words, e.what()));
  }
}

Botan::X509_Certificate read_pem(std::string_view words, std::string_view pem) {
  return reading(words,
                 [&] { return parse_certificate(certificate_from_pem(pem)); });
}

bool signed_by(const Botan::X509_Certificate& certificate,
               const public_key& key) {
  return certificate.check_signature(to_botan(key));
}

void require_valid(std::string_view words,
                   const Botan::X509_Certificate& certificate,
                   system_clock::time_point now, std::string_view what_to_do) {
  const auto begin = moment_of(certificate.not_before());
  const auto end = moment_of(certificate.not_after());
  if (now < begin)
    throw std::runtime_error(fmt::format(
        "{} is not valid before {}, and it is {} here: set this host's clock",
        words, time_text(begin), time_text(now)));
  if (now > end)
    throw std::runtime_error(
        fmt::format("{} expired at {}, and it is {} here: {}", words,
                    time_text(end), time_text(now), what_to_do));
}

/// Checks the authority's certificate and returns its key.
public_key check_authority(const Botan::X509_Certificate& authority,
                           system_clock::time_point now) {
  const auto key = reading(authority_words, [&] { return key_of(authority); });
  if (!authority.is_CA_cert() || !authority.is_self_signed() ||
      !authority.allowed_usage(Botan::KEY_CERT_SIGN))
    throw std::runtime_error(fmt::format(
        "{} is not a CA certificate: copy the folder from `chancery cluster "
        "issue` again",
        authority_words));
  if (!signed_by(authority, key))
    throw std::runtime_error(
        fmt::format("{} was changed after it was made: copy the folder from "
                    "`chancery cluster issue` again",
                    authority_words));
  require_valid(authority_words, authority, now,
                "make a new cluster with `chancery cluster init`");
  return key;
}

} // namespace

std::string purpose_of(host_role role) {
  const bool server = role == host_role::coordinator || role == host_role::node;
  return server ? "PKIX.ServerAuth" : "PKIX.ClientAuth";
}

Botan::X509_Certificate parse_certificate(std::span<const std::byte> der) {
  try {
    Botan::X509_Certificate certificate(octets(der), der.size());
    // Botan also accepts PEM, and ignores trailing bytes.
    const auto again = certificate.BER_encode();
    if (std::equal(again.begin(), again.end(), octets(der),
                   octets(der) + der.size()))
      return certificate;
  } catch (const Botan::Exception&) {
  }
  refuse_certificate("the certificate is damaged");
}

public_key key_of(const Botan::X509_Certificate& certificate) {
  const auto& point = certificate.subject_public_key_bitstring();
  const auto size = field_size(curve::p256);
  if (point.size() == 1 + 2 * size && point.front() == 4) {
    const public_key key(curve::p256,
                         std::as_bytes(std::span(point).subspan(1)));
    if (certificate.subject_public_key_info() ==
        Botan::X509::BER_encode(to_botan(key)))
      return key;
  }
  refuse_certificate("the certificate's key is not on P-256");
}

std::string time_text(system_clock::time_point time) {
  const auto since =
      std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  return time_in_words(static_cast<std::uint64_t>(since.count()));
}

system_clock::time_point moment_of(const Botan::X509_Time& time) {
  // "2026/11/29 ...". A time_point ends in the year 2262, and Botan's in 2400.
  if (std::stoi(time.readable_string()) > last_year)
    return system_clock::time_point::max();
  return time.to_std_timepoint();
}

host_identity read_host_certificate(std::span<const std::byte> der) {
  const auto certificate = parse_certificate(der);
  return identity_of(certificate, uri_of(certificate));
}

certificate_facts read_certificate_facts(std::span<const std::byte> der) {
  const auto certificate = parse_certificate(der);
  const auto uri = uri_of(certificate);
  return {identity_of(certificate, uri), uri.cluster,
          moment_of(certificate.not_before()),
          moment_of(certificate.not_after())};
}

host_identity check_host_credentials(const host_credentials& credentials,
                                     system_clock::time_point now) {
  const auto authority = read_pem(authority_words, credentials.authority_pem);
  const auto host = read_pem(certificate_words, credentials.certificate_pem);
  const auto key = reading(
      key_words, [&] { return private_key_from_pem(credentials.key_pem); });
  auto identity = reading(certificate_words,
                          [&] { return identity_of(host, uri_of(host)); });
  const auto authority_key = check_authority(authority, now);
  if (!signed_by(host, authority_key) ||
      host.issuer_dn() != authority.subject_dn() ||
      uri_of(host).cluster != cluster_id(authority_key.id()))
    throw std::runtime_error(
        fmt::format("{} was issued by another authority than the one beside "
                    "it: the folder mixes two clusters, or was changed",
                    certificate_words));
  if (reading(certificate_words, [&] { return key_of(host); }) !=
      key.public_half())
    throw std::runtime_error(
        fmt::format("{} does not match its certificate: copy the whole folder "
                    "again",
                    key_words));
  require_valid(certificate_words, host, now, issue_again);
  return identity;
}

} // namespace chancery::crypto
