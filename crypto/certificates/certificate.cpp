// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/certificates/certificate_parts.hpp"
#include "crypto/certificates/distinguished_name.hpp"
#include "crypto/certificates/host_certificate_parts.hpp"
#include "crypto/keys/botan_group.hpp"

#include <botan/asn1_time.h>
#include <botan/ber_dec.h>
#include <botan/bigint.h>
#include <botan/der_enc.h>
#include <botan/ec_group.h>
#include <botan/oids.h>
#include <botan/pk_keys.h>
#include <botan/x509_ext.h>
#include <botan/x509cert.h>
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <iterator>
#include <set>
#include <stdexcept>

namespace chancery::crypto {

namespace {

namespace extension = Botan::Cert_Extension;

constexpr const char* ec_key = "1.2.840.10045.2.1"; // RFC 5480 section 2.1.1

/// RFC 5280 4.1.2.5: a certificate without an end. Botan reads no such year.
void require_end(const Botan::BER_Object& dates) {
  const std::string_view text(reinterpret_cast<const char*>(dates.bits()),
                              dates.length());
  if (text.find("99991231235959Z") != text.npos)
    throw std::invalid_argument(
        "the certificate states that it never ends (the year 9999), which "
        "cannot be read");
}

/// Libraries compute with a curve that a certificate spells out, whatever it
/// is, so this is checked before any of them sees the certificate.
void require_named_curve(Botan::BER_Decoder key) {
  auto algorithm = key.start_cons(Botan::SEQUENCE);
  Botan::OID kind;
  algorithm.decode(kind);
  if (kind.to_string() == ec_key &&
      !algorithm.get_next_object().is_a(Botan::OBJECT_ID, Botan::UNIVERSAL))
    throw std::invalid_argument(
        "the certificate spells out its key's curve instead of naming it");
}

/// What is refused before the certificate is read as a whole.
void look_through(std::span<const std::byte> der) {
  constexpr auto version =
      Botan::ASN1_Tag(Botan::CONSTRUCTED | Botan::CONTEXT_SPECIFIC);
  Botan::BER_Decoder bytes(octets(der), der.size());
  auto outer = bytes.start_cons(Botan::SEQUENCE);
  auto stated = outer.start_cons(Botan::SEQUENCE);
  if (stated.get_next_object().is_a(0, version))
    stated.get_next_object(); // the serial number
  stated.get_next_object();   // the algorithm
  stated.get_next_object();   // the issuer
  require_end(stated.get_next_object());
  stated.get_next_object(); // the subject
  require_named_curve(stated.start_cons(Botan::SEQUENCE));
}

Botan::X509_Certificate parse(std::span<const std::byte> der) {
  try {
    look_through(der);
    auto parsed = parse_certificate(der);
    require_distinct(parsed.v3_extensions(), "the certificate");
    return parsed;
  } catch (const Botan::Exception&) {
    throw std::invalid_argument("the certificate is damaged");
  }
}

std::optional<public_key> point_on(curve c,
                                   const std::vector<std::uint8_t>& bits) {
  const auto half = field_size(c);
  try {
    const auto point = botan_group(c).OS2ECP(bits); // compressed ones, too
    std::vector<std::byte> xy(2 * half);
    const auto out = octets(std::span(xy));
    Botan::BigInt::encode_1363(out, half, point.get_affine_x());
    Botan::BigInt::encode_1363(out + half, half, point.get_affine_y());
    return public_key(c, xy);
  } catch (const Botan::Exception&) {
    throw std::invalid_argument(
        "the certificate's key is not a point of its curve");
  }
}

std::optional<public_key> key_in(const Botan::X509_Certificate& parsed) {
  const auto& algorithm = parsed.subject_public_key_algo();
  if (algorithm.get_oid().to_string() != ec_key)
    return std::nullopt;
  for (const auto c : {curve::p256, curve::p384}) {
    std::vector<std::uint8_t> name;
    Botan::DER_Encoder(name).encode(botan_group(c).get_curve_oid());
    if (algorithm.get_parameters() == name)
      return point_on(c, parsed.subject_public_key_bitstring());
  }
  return std::nullopt;
}

/// The extension, or null when there is none. Botan reads a damaged one as an
/// unknown one.
template <class Extension>
const Extension* read(const Botan::X509_Certificate& parsed) {
  const auto& all = parsed.v3_extensions();
  const auto* found = all.get_extension_object_as<Extension>();
  if (found == nullptr && all.extension_set(Extension::static_oid()))
    throw std::invalid_argument(
        fmt::format("the certificate's extension {} is damaged",
                    Extension::static_oid().to_string()));
  return found;
}

std::uint32_t bit_of(certificate_usage usage) noexcept {
  switch (usage) {
  case certificate_usage::digital_signature:
    return Botan::DIGITAL_SIGNATURE;
  case certificate_usage::non_repudiation:
    return Botan::NON_REPUDIATION;
  case certificate_usage::sign_certificates:
    return Botan::KEY_CERT_SIGN;
  case certificate_usage::sign_lists:
    return Botan::CRL_SIGN;
  }
  return 0;
}

} // namespace

struct certificate::content {
  explicit content(std::span<const std::byte> bytes)
      : der(bytes.begin(), bytes.end()), id(sha256(bytes)),
        parsed(parse(bytes)), not_before(seconds_of(parsed.not_before())),
        not_after(seconds_of(parsed.not_after())), key(key_in(parsed)),
        constraints(read<extension::Basic_Constraints>(parsed)),
        usage(read<extension::Key_Usage>(parsed)),
        access(read<extension::Authority_Information_Access>(parsed)),
        lists(read<extension::CRL_Distribution_Points>(parsed)) {
    read<extension::Subject_Key_ID>(parsed);
    read<extension::Authority_Key_ID>(parsed);
  }

  std::vector<std::byte> der;
  certificate_id id;
  Botan::X509_Certificate parsed;
  std::int64_t not_before;
  std::int64_t not_after;
  std::optional<public_key> key;
  // In `parsed`, which shares and never changes them; null when not there.
  const extension::Basic_Constraints* constraints;
  const extension::Key_Usage* usage;
  const extension::Authority_Information_Access* access;
  const extension::CRL_Distribution_Points* lists;
};

certificate::certificate(std::span<const std::byte> der)
    : content_(std::make_shared<const content>(der)) {}

std::span<const std::byte> certificate::der() const noexcept {
  return content_->der;
}

const certificate_id& certificate::id() const noexcept { return content_->id; }

std::string certificate::subject() const { return name_text(subject_name()); }

std::string certificate::issuer() const { return name_text(issuer_name()); }

std::span<const std::byte> certificate::subject_name() const noexcept {
  return std::as_bytes(std::span(content_->parsed.raw_subject_dn()));
}

std::span<const std::byte> certificate::issuer_name() const noexcept {
  return std::as_bytes(std::span(content_->parsed.raw_issuer_dn()));
}

std::string certificate::serial() const {
  return hex_text(content_->parsed.serial_number());
}

std::int64_t certificate::not_before() const noexcept {
  return content_->not_before;
}

std::int64_t certificate::not_after() const noexcept {
  return content_->not_after;
}

const std::optional<public_key>& certificate::key() const noexcept {
  return content_->key;
}

bool certificate::is_authority() const noexcept {
  return content_->constraints != nullptr && content_->constraints->get_is_ca();
}

bool certificate::is_self_signed() const {
  const auto& parsed = content_->parsed;
  if (parsed.subject_dn() != parsed.issuer_dn())
    return false;
  try {
    return parsed.check_signature(*parsed.load_subject_public_key());
  } catch (const Botan::Exception&) {
    return false; // a key of an unknown kind
  }
}

bool certificate::states_usage() const noexcept {
  return content_->usage != nullptr;
}

bool certificate::allows(certificate_usage usage) const noexcept {
  return content_->usage == nullptr ||
         (content_->usage->get_constraints() & bit_of(usage)) != 0;
}

std::span<const std::byte> certificate::subject_key_id() const noexcept {
  return std::as_bytes(std::span(content_->parsed.subject_key_id()));
}

std::span<const std::byte> certificate::authority_key_id() const noexcept {
  return std::as_bytes(std::span(content_->parsed.authority_key_id()));
}

bool certificate::names_issuer_address() const {
  return content_->access != nullptr && !content_->access->ca_issuers().empty();
}

bool certificate::names_list_address() const {
  return content_->lists != nullptr &&
         !content_->lists->crl_distribution_urls().empty();
}

bool certificate::is_signed_with_sha1() const {
  try {
    return content_->parsed.hash_used_for_signature() == "SHA-1" ||
           content_->parsed.hash_used_for_signature() == "SHA-160";
  } catch (const Botan::Exception&) {
    return false; // an algorithm of an unknown kind
  }
}

const Botan::X509_Certificate& to_botan(const certificate& of) {
  return of.content_->parsed;
}

std::int64_t seconds_of(const Botan::X509_Time& time) {
  const auto text = time.readable_string(); // "2026/11/29 08:15:00 UTC"
  const auto number = [&](std::size_t at, std::size_t size) {
    unsigned value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  using namespace std::chrono;
  const sys_days date = year(static_cast<int>(number(0, 4))) /
                        month(number(5, 2)) / day(number(8, 2));
  return (sys_seconds(date) + hours(number(11, 2)) + minutes(number(14, 2)) +
          seconds(number(17, 2)))
      .time_since_epoch()
      .count();
}

std::string hex_text(std::span<const std::uint8_t> bytes) {
  std::string digits;
  for (const auto octet : bytes)
    fmt::format_to(std::back_inserter(digits), "{:02x}", octet);
  return digits;
}

void require_distinct(const Botan::Extensions& extensions, const char* owner) {
  const auto& kinds = extensions.get_extension_oids();
  if (std::set<Botan::OID>(kinds.begin(), kinds.end()).size() != kinds.size())
    throw std::invalid_argument(
        fmt::format("{} has two extensions of the same kind", owner));
}

} // namespace chancery::crypto
