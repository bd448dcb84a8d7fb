// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/revocation_list_signing.hpp"

#include "crypto/certificates/certificate_parts.hpp"
#include "crypto/certificates/certificate_signing.hpp"
#include "crypto/keys/botan_keys.hpp"

#include <botan/asn1_time.h>
#include <botan/bigint.h>
#include <botan/der_enc.h>
#include <botan/ecdsa.h>
#include <botan/pk_keys.h>
#include <botan/pubkey.h>
#include <botan/rng.h>
#include <botan/x509_ca.h>
#include <botan/x509_ext.h>
#include <botan/x509cert.h>

#include <charconv>
#include <memory>
#include <span>
#include <stdexcept>

namespace chancery::crypto {

namespace {

namespace extension = Botan::Cert_Extension;
using std::chrono::system_clock;

void write_entry(Botan::DER_Encoder& to, const revoked_certificate& entry) {
  const system_clock::time_point time{std::chrono::seconds(entry.details.time)};
  Botan::Extensions extensions;
  extensions.add(new extension::CRL_ReasonCode(
      static_cast<Botan::CRL_Code>(entry.details.reason)));
  to.start_cons(Botan::SEQUENCE)
      .encode(Botan::BigInt("0x" + entry.serial))
      .encode(Botan::X509_Time(time));
  // Absent instead of "unspecified" (RFC 5280 5.3.1).
  if (entry.details.reason != revocation_reason::unspecified)
    to.start_cons(Botan::SEQUENCE).encode(extensions).end_cons();
  to.end_cons();
}

Botan::secure_vector<std::uint8_t>
contents_of(const list_statement& stated,
            const Botan::AlgorithmIdentifier& algorithm) {
  constexpr std::size_t version_2 = 1;
  const auto& issuer = to_botan(stated.authority);
  Botan::DER_Encoder out;
  out.start_cons(Botan::SEQUENCE)
      .encode(version_2)
      .encode(algorithm)
      .encode(issuer.subject_dn())
      .encode(Botan::X509_Time(stated.this_update))
      .encode(Botan::X509_Time(stated.next_update));
  if (!stated.entries.empty()) { // RFC 5280 5.1.2.6
    out.start_cons(Botan::SEQUENCE);
    for (const auto& entry : stated.entries)
      write_entry(out, entry);
    out.end_cons();
  }
  Botan::Extensions extensions;
  extensions.add(new extension::Authority_Key_ID(issuer.subject_key_id()));
  extensions.add(new extension::CRL_Number(stated.number));
  out.start_explicit(0)
      .start_cons(Botan::SEQUENCE)
      .encode(extensions)
      .end_cons()
      .end_explicit()
      .end_cons();
  return out.get_contents();
}

} // namespace

std::uint64_t number_after(const revocation_list& last) {
  const auto& text = last.number();
  std::uint64_t number = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number + 1 == 0)
    throw std::invalid_argument(
        "the last list of revocations has no number that another can follow");
  return number + 1;
}

std::vector<std::byte> sign_revocation_list(const list_statement& stated,
                                            const private_key& authority,
                                            const random_source& random) {
  const auto rng = to_botan(random);
  const auto key = to_botan(authority);
  Botan::AlgorithmIdentifier algorithm;
  const std::unique_ptr<Botan::PK_Signer> signer(Botan::choose_sig_format(
      key, *rng, hash_name(authority.curve()), algorithm));
  const auto der = Botan::X509_Object::make_signed(
      signer.get(), *rng, algorithm, contents_of(stated, algorithm));
  const auto bytes = std::as_bytes(std::span(der));
  return {bytes.begin(), bytes.end()};
}

} // namespace chancery::crypto
