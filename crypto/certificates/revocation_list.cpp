// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/revocation_list.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/encodings.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/certificates/certificate_parts.hpp"
#include "crypto/certificates/distinguished_name.hpp"
#include "crypto/keys/pem_block.hpp"

#include <botan/asn1_time.h>
#include <botan/ber_dec.h>
#include <botan/bigint.h>
#include <botan/der_enc.h>
#include <botan/pk_keys.h>
#include <botan/x509_crl.h>
#include <botan/x509_ext.h>
#include <botan/x509cert.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

namespace chancery::crypto {

namespace {

namespace extension = Botan::Cert_Extension;

/// Of 20 bytes at most (RFC 5280 5.2.3), so it is no size_t.
std::optional<Botan::BigInt> number_in(const Botan::X509_CRL& parsed) {
  const auto kind = extension::CRL_Number::static_oid();
  if (!parsed.extensions().extension_set(kind))
    return std::nullopt;
  Botan::BigInt number;
  Botan::BER_Decoder(parsed.extensions().get_extension_bits(kind))
      .decode(number)
      .verify_end();
  return number;
}

/// RFC 5280 5.2: who cannot process a critical extension must not rely on the
/// list.
void require_whole_list(const Botan::X509_CRL& parsed) {
  for (const auto& [kind, read] : parsed.extensions().extensions_raw())
    if (read.second && kind != extension::CRL_Number::static_oid() &&
        kind != extension::Authority_Key_ID::static_oid())
      throw std::invalid_argument(fmt::format(
          "the list of revocations has the critical extension {}: only lists "
          "of all certificates of an authority can be read",
          kind.to_string()));
  for (const auto& entry : parsed.get_revoked())
    for (const auto& [kind, read] : entry.extensions().extensions_raw())
      if (read.second && kind != extension::CRL_ReasonCode::static_oid())
        throw std::invalid_argument(fmt::format(
            "an entry of the list of revocations has the critical extension "
            "{}: lists for several authorities cannot be read",
            kind.to_string()));
}

Botan::X509_CRL parse_list(std::span<const std::byte> der) {
  try {
    Botan::X509_CRL parsed(
        std::vector<std::uint8_t>(octets(der), octets(der) + der.size()));
    // Botan also accepts PEM, and ignores trailing bytes.
    const auto again = parsed.BER_encode();
    if (!std::equal(again.begin(), again.end(), octets(der),
                    octets(der) + der.size()))
      throw std::invalid_argument("the list of revocations is damaged");
    require_distinct(parsed.extensions(), "the list of revocations");
    require_whole_list(parsed);
    return parsed;
  } catch (const Botan::Exception&) {
    throw std::invalid_argument("the list of revocations is damaged");
  }
}

revocation_reason reason_of(const Botan::CRL_Entry& entry) {
  const auto code = static_cast<std::uint32_t>(entry.reason_code());
  return code <= 10 ? static_cast<revocation_reason>(code)
                    : revocation_reason::unspecified;
}

std::vector<std::byte> key_id_in(const Botan::X509_CRL& parsed,
                                 std::span<const std::byte> issuer) {
  const auto stated = std::as_bytes(std::span(parsed.authority_key_id()));
  if (!stated.empty())
    return {stated.begin(), stated.end()};
  const auto digest = sha256(issuer);
  const auto bytes = std::as_bytes(std::span(digest));
  return {bytes.begin(), bytes.end()};
}

bool verifies(const Botan::X509_CRL& list, const certificate& authority) {
  try {
    return list.check_signature(*to_botan(authority).load_subject_public_key());
  } catch (const Botan::Exception&) {
    return false; // a key of an unknown kind
  }
}

std::vector<std::uint8_t> name_of(const Botan::X509_DN& name) {
  std::vector<std::uint8_t> der;
  Botan::DER_Encoder(der)
      .start_cons(Botan::SEQUENCE)
      .raw_bytes(name.get_bits())
      .end_cons();
  return der;
}

} // namespace

struct revocation_list::content {
  explicit content(std::span<const std::byte> bytes)
      : der(bytes.begin(), bytes.end()), parsed(parse_list(bytes)),
        issuer(name_of(parsed.issuer_dn())),
        key_id(key_id_in(parsed, std::as_bytes(std::span(issuer)))),
        this_update(seconds_of(parsed.this_update())) {
    if (parsed.next_update().time_is_set())
      next_update = seconds_of(parsed.next_update());
    try {
      number = number_in(parsed);
    } catch (const Botan::Exception&) {
      throw std::invalid_argument("the list's number is damaged");
    }
    if (number)
      number_text = number->to_dec_string();
    entries.reserve(parsed.get_revoked().size());
    for (const auto& entry : parsed.get_revoked()) {
      entries.push_back({hex_text(entry.serial_number()),
                         {seconds_of(entry.expire_time()), reason_of(entry)}});
      places.emplace(entries.back().serial, entries.size() - 1);
    }
  }

  std::vector<std::byte> der;
  Botan::X509_CRL parsed;
  std::vector<std::uint8_t> issuer;
  std::vector<std::byte> key_id;
  std::int64_t this_update;
  std::optional<std::int64_t> next_update;
  std::optional<Botan::BigInt> number;
  std::string number_text;
  std::vector<revoked_certificate> entries;
  std::unordered_map<std::string, std::size_t> places; ///< in `entries`
  // Many certificates of one authority ask the same, of any thread.
  mutable std::mutex mutex;
  mutable std::map<certificate_id, bool> signers;
};

revocation_list::revocation_list(std::span<const std::byte> der)
    : content_(std::make_shared<const content>(der)) {}

std::span<const std::byte> revocation_list::der() const noexcept {
  return content_->der;
}

std::span<const std::byte> revocation_list::issuer_key_id() const noexcept {
  return content_->key_id;
}

std::string revocation_list::issuer() const {
  return name_text(std::as_bytes(std::span(content_->issuer)));
}

std::int64_t revocation_list::this_update() const noexcept {
  return content_->this_update;
}

std::optional<std::int64_t> revocation_list::next_update() const noexcept {
  return content_->next_update;
}

const std::string& revocation_list::number() const noexcept {
  return content_->number_text;
}

std::span<const revoked_certificate> revocation_list::entries() const noexcept {
  return content_->entries;
}

std::optional<revocation> revocation_list::find(std::string_view serial) const {
  const auto found = content_->places.find(std::string(serial));
  if (found == content_->places.end())
    return std::nullopt;
  return content_->entries[found->second].details;
}

bool revocation_list::is_as_new_as(const revocation_list& other) const {
  if (content_->number && other.content_->number)
    return *content_->number >= *other.content_->number;
  return this_update() >= other.this_update();
}

bool revocation_list::is_signed_by(const certificate& authority) const {
  if (!authority.is_authority() ||
      !authority.allows(certificate_usage::sign_lists) ||
      content_->parsed.issuer_dn() != to_botan(authority).subject_dn())
    return false;
  const std::scoped_lock lock(content_->mutex);
  auto known = content_->signers.find(authority.id());
  if (known == content_->signers.end())
    known = content_->signers
                .emplace(authority.id(), verifies(content_->parsed, authority))
                .first;
  return known->second;
}

const Botan::X509_CRL& to_botan(const revocation_list& of) {
  return of.content_->parsed;
}

revocation_list read_revocation_list(std::string_view file) {
  constexpr char der_sequence = 0x30;
  if (!file.empty() && file.front() == der_sequence)
    return revocation_list(bytes_of(file));
  const auto block = take_pem_block(file);
  if (!block)
    throw std::invalid_argument(
        "there is no list of revocations in it, neither PEM nor DER");
  if (block->label != "X509 CRL" && block->label != "CRL")
    throw std::invalid_argument(fmt::format(
        "a PEM block '{:.40}' instead of a list of revocations (X509 CRL)",
        block->label));
  if (take_pem_block(file))
    throw std::invalid_argument("the PEM file holds more than one list");
  const auto der = from_base64(block->body);
  return revocation_list(std::as_bytes(std::span(der)));
}

} // namespace chancery::crypto
