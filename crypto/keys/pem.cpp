// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/pem.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/secret.hpp"
#include "crypto/keys/botan_keys.hpp"
#include "crypto/keys/der_object.hpp"
#include "crypto/keys/pkcs8.hpp"

#include <botan/base64.h>
#include <botan/der_enc.h>
#include <botan/ecdsa.h>
#include <botan/x509_key.h>
#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <vector>

namespace chancery::crypto {

namespace {

constexpr std::string_view dashes = "-----";
constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::size_t line_length = 64; // RFC 7468 section 2

struct pem_block {
  std::string_view label;
  std::string_view body; ///< the base64 lines
};

[[noreturn]] void refuse_pem(const char* what) {
  throw std::invalid_argument(what);
}

/// Removes the next PEM block, and all text before it, from the front of
/// `text`.
std::optional<pem_block> take_block(std::string_view& text) {
  const auto begin = text.find(begin_mark);
  if (begin == std::string_view::npos)
    return std::nullopt;
  text.remove_prefix(begin + begin_mark.size());
  const auto label = text.substr(0, text.find(dashes));
  if (label.size() == text.size() || label.find('\n') != label.npos)
    refuse_pem("not a PEM file: its BEGIN line is damaged");
  text.remove_prefix(label.size() + dashes.size());
  const auto end = text.find(fmt::format("{}{}{}", end_mark, label, dashes));
  if (end == std::string_view::npos)
    refuse_pem("the PEM file is cut short: its END line is missing");
  const auto body = text.substr(0, end);
  text.remove_prefix(end + end_mark.size());
  return pem_block{label, body};
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
  auto found = take_block(pem);
  // `openssl ecparam -genkey` writes the curve first, in a separate block.
  while (found && found->label == "EC PARAMETERS")
    found = take_block(pem);
  if (!found)
    refuse_pem("not a PEM file: there is no BEGIN line with a key");
  if (found->label != "PRIVATE KEY")
    refuse_label(found->label);
  if (take_block(pem))
    refuse_pem("the PEM file holds more than one key or certificate");
  return found->body;
}

std::string_view certificate_body(std::string_view pem) {
  const auto found = take_block(pem);
  if (!found)
    refuse_pem("not a PEM file: there is no BEGIN line with a certificate");
  if (found->label != "CERTIFICATE")
    throw std::invalid_argument(fmt::format(
        "a PEM block '{:.40}' instead of CERTIFICATE", found->label));
  if (take_block(pem))
    refuse_pem("the PEM file holds more than one key or certificate");
  return found->body;
}

template <class Octets>
std::string to_block(std::string_view label, const Octets& der) {
  secret_string base64(Botan::base64_encode_max_output(der.size()), '\0');
  std::size_t consumed = 0;
  base64.resize(Botan::base64_encode(base64.data(), der.data(), der.size(),
                                     consumed, true));
  std::string pem;
  // A reallocation would leave copies of the secret behind.
  pem.reserve(base64.size() * 66 / line_length + 2 * label.size() + 48);
  pem.append(begin_mark).append(label).append(dashes).push_back('\n');
  for (std::size_t at = 0; at < base64.size(); at += line_length) {
    pem.append(std::string_view(base64).substr(at, line_length));
    pem.push_back('\n');
  }
  pem.append(end_mark).append(label).append(dashes).push_back('\n');
  return pem;
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
  return to_block("PRIVATE KEY", to_pkcs8(key));
}

std::string to_pem(const public_key& key) {
  return to_block("PUBLIC KEY", Botan::X509::BER_encode(to_botan(key)));
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
  return to_block("CERTIFICATE", std::span(octets(der), der.size()));
}

} // namespace chancery::crypto
