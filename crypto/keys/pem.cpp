// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/pem.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/keys/botan_keys.hpp"
#include "crypto/keys/der_object.hpp"
#include "crypto/keys/pem_block.hpp"
#include "crypto/keys/pkcs8.hpp"

#include <botan/base64.h>
#include <botan/der_enc.h>
#include <botan/ecdsa.h>
#include <botan/x509_key.h>
#include <fmt/format.h>

#include <stdexcept>
#include <vector>

namespace chancery::crypto {

namespace {

[[noreturn]] void refuse_pem(const char* what) {
  throw std::invalid_argument(what);
}

/// For a block that is not a PKCS#8 private key: says what it is and what to
/// do.
[[noreturn]] void refuse_label(std::string_view label) {
  if (label == "ENCRYPTED PRIVATE KEY")
    refuse_pem("the private key is encrypted: decrypt it with `openssl pkey` "
               "first");
  if (label == "EC PRIVATE KEY")
    refuse_pem("a private key in SEC 1 form: convert it with `openssl pkcs8 "
               "-topk8 -nocrypt` first");
  if (label == "PUBLIC KEY")
    refuse_pem("a public key instead of a private key");
  if (label == "CERTIFICATE")
    refuse_pem("a certificate instead of a private key");
  throw std::invalid_argument(
      fmt::format("a PEM block '{:.40}' instead of PRIVATE KEY", label));
}

std::string_view private_key_body(std::string_view pem) {
  auto found = take_pem_block(pem);
  // `openssl ecparam -genkey` writes the curve first, in a separate block.
  while (found && found->label == "EC PARAMETERS")
    found = take_pem_block(pem);
  if (!found)
    refuse_pem("not a PEM file: there is no BEGIN line with a key");
  if (found->label != "PRIVATE KEY")
    refuse_label(found->label);
  if (take_pem_block(pem))
    refuse_pem("the PEM file holds more than one key or certificate");
  return found->body;
}

std::string_view certificate_body(std::string_view pem) {
  const auto found = take_pem_block(pem);
  if (!found)
    refuse_pem("not a PEM file: there is no BEGIN line with a certificate");
  if (found->label != "CERTIFICATE")
    throw std::invalid_argument(fmt::format(
        "a PEM block '{:.40}' instead of CERTIFICATE", found->label));
  if (take_pem_block(pem))
    refuse_pem("the PEM file holds more than one key or certificate");
  return found->body;
}

/// PKCS#8 (RFC 5208) with the key as in RFC 5915 section 3. Botan's writer
/// drops leading zeros of the scalar; the standard and other programs keep
/// them.
Botan::secure_vector<std::uint8_t> to_pkcs8(const private_key& key) {
  const auto scalar = key.scalar();
  const auto xy = key.public_half().point();
  std::vector<std::uint8_t> point = {4}; // uncompressed, SEC 1 section 2.3.3
  point.insert(point.end(), octets(xy), octets(xy) + xy.size());
  Botan::DER_Encoder ec;
  ec.start_cons(Botan::SEQUENCE)
      .encode(std::size_t{1})
      .encode(octets(scalar), scalar.size(), Botan::OCTET_STRING)
      .start_explicit(1)
      .encode(point, Botan::BIT_STRING)
      .end_explicit()
      .end_cons();
  Botan::DER_Encoder der;
  der.start_cons(Botan::SEQUENCE)
      .encode(std::size_t{0})
      .encode(to_botan(key.public_half()).algorithm_identifier())
      .encode(ec.get_contents(), Botan::OCTET_STRING)
      .end_cons();
  return der.get_contents();
}

} // namespace

private_key private_key_from_pem(std::string_view pem) {
  const auto body = private_key_body(pem);
  try {
    const auto der = Botan::base64_decode(body.data(), body.size());
    return private_key_from_pkcs8(std::as_bytes(std::span(der)));
  } catch (const Botan::Exception&) {
    refuse_pem("the private key in the PEM file is damaged");
  }
}

std::string to_pem(const private_key& key) {
  const auto der = to_pkcs8(key);
  return to_pem_block("PRIVATE KEY", std::as_bytes(std::span(der)));
}

std::string to_pem(const public_key& key) {
  const auto der = Botan::X509::BER_encode(to_botan(key));
  return to_pem_block("PUBLIC KEY", std::as_bytes(std::span(der)));
}

std::vector<std::byte> certificate_from_pem(std::string_view pem) {
  const auto body = certificate_body(pem);
  try {
    const auto der = Botan::base64_decode(body.data(), body.size());
    const auto bytes = std::as_bytes(std::span(der));
    if (bytes_follow_object(bytes))
      refuse_pem("bytes follow the certificate");
    return {bytes.begin(), bytes.end()};
  } catch (const Botan::Exception&) {
    refuse_pem("the certificate in the PEM file is damaged");
  }
}

std::string certificate_to_pem(std::span<const std::byte> der) {
  return to_pem_block("CERTIFICATE", der);
}

} // namespace chancery::crypto
