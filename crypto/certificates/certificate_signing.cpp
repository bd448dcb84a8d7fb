// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate_signing.hpp"

#include "crypto/keys/botan_keys.hpp"

#include <botan/bigint.h>
#include <botan/ecdsa.h>
#include <botan/pk_keys.h>
#include <botan/pubkey.h>
#include <botan/rng.h>
#include <botan/x509_ca.h>
#include <botan/x509_ext.h>
#include <botan/x509_key.h>
#include <botan/x509cert.h>

#include <span>

namespace chancery::crypto {

namespace {

constexpr std::size_t serial_bits = 127;

/// RFC 5280 section 4.1.2.2: positive. Random, so that nobody can predict it.
Botan::BigInt random_serial(Botan::RandomNumberGenerator& rng) {
  Botan::BigInt serial;
  do
    serial.randomize(rng, serial_bits, false);
  while (serial.is_zero());
  return serial;
}

} // namespace

std::vector<std::byte> sign_certificate(const certificate_statement& stated,
                                        const private_key& authority,
                                        const random_source& random) {
  const auto rng = to_botan(random);
  const auto key = to_botan(authority);
  Botan::AlgorithmIdentifier algorithm;
  const std::unique_ptr<Botan::PK_Signer> signer(Botan::choose_sig_format(
      key, *rng, hash_name(authority.curve()), algorithm));
  const auto made = Botan::X509_CA::make_cert(
      signer.get(), *rng, random_serial(*rng), algorithm,
      Botan::X509::BER_encode(to_botan(stated.key)),
      Botan::X509_Time(stated.begin), Botan::X509_Time(stated.end),
      stated.issuer, stated.subject, stated.extensions);
  const auto der = made.BER_encode();
  const auto bytes = std::as_bytes(std::span(der));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::uint8_t> subject_key_id_of(const public_key& key) {
  return Botan::Cert_Extension::Subject_Key_ID(to_botan(key).public_key_bits(),
                                               hash_name(curve::p256))
      .get_key_id();
}

const char* hash_name(curve c) noexcept {
  return c == curve::p256 ? "SHA-256" : "SHA-384";
}

} // namespace chancery::crypto
