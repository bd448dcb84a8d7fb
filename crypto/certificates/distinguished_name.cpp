// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/distinguished_name.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/utf8.hpp"

#include <botan/asn1_str.h>
#include <botan/ber_dec.h>
#include <botan/der_enc.h>
#include <botan/pkix_types.h>
#include <fmt/format.h>

#include <array>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

/// RFC 4514 section 3, and the names that other programs print.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> names{{
    {"2.5.4.3", "CN"},
    {"2.5.4.5", "serialNumber"},
    {"2.5.4.6", "C"},
    {"2.5.4.7", "L"},
    {"2.5.4.8", "ST"},
    {"2.5.4.9", "STREET"},
    {"2.5.4.10", "O"},
    {"2.5.4.11", "OU"},
    {"2.5.4.97", "organizationIdentifier"},
    {"0.9.2342.19200300.100.1.1", "UID"},
    {"0.9.2342.19200300.100.1.25", "DC"},
    {"1.2.840.113549.1.9.1", "emailAddress"},
}};

std::string type_text(const std::string& oid) {
  for (const auto& [number, name] : names)
    if (number == oid)
      return std::string(name);
  return oid;
}

/// Control characters, C1 ones among them, and marks of the direction.
bool is_harmful(std::string_view character) noexcept {
  if (character.size() == 1)
    return character[0] < ' ' || character[0] == 0x7f;
  return (character >= "\xc2\x80" && character <= "\xc2\x9f") ||
         (character >= "\xe2\x80\x8b" && character <= "\xe2\x80\x8f") ||
         (character >= "\xe2\x80\xa8" && character <= "\xe2\x80\xae") ||
         (character >= "\xe2\x81\xa0" && character <= "\xe2\x81\xaf") ||
         character == "\xd8\x9c" || character == "\xef\xbb\xbf";
}

void append_hex(std::string& out, std::string_view bytes, const char* before) {
  for (const char c : bytes)
    fmt::format_to(std::back_inserter(out), "{}{:02X}", before,
                   static_cast<unsigned char>(c));
}

void append_quoted(std::string& out, std::string_view value) {
  constexpr std::string_view special = "\"+,;<>\\=";
  for (std::size_t at = 0; at < value.size();) {
    const auto size = utf8_size(value.substr(at));
    const auto character = value.substr(at, size == 0 ? 1 : size);
    const bool at_edge = at == 0 || at + 1 == value.size();
    if (size == 0 || is_harmful(character))
      append_hex(out, character, "\\");
    else if (special.find(character) != special.npos ||
             (at == 0 && character == "#") || (at_edge && character == " "))
      out.append("\\").append(character);
    else
      out.append(character);
    at += character.size();
  }
}

std::string value_text(const Botan::BER_Object& value) {
  std::vector<std::uint8_t> der;
  Botan::DER_Encoder(der).add_object(value.type(), value.get_class(),
                                     value.bits(), value.length());
  std::string out;
  try {
    Botan::ASN1_String text;
    Botan::BER_Decoder(der).decode(text);
    append_quoted(out, text.value());
  } catch (const Botan::Exception&) {
    out = "#";
    append_hex(out, text_of(std::as_bytes(std::span(der))), "");
  }
  return out;
}

/// A set of parts that stand for one step (RFC 4514 2.2).
std::string step_text(Botan::BER_Decoder step) {
  std::string out;
  while (step.more_items()) {
    auto part = step.start_cons(Botan::SEQUENCE);
    Botan::OID type;
    part.decode(type);
    const auto value = part.get_next_object();
    part.verify_end();
    out.append(out.empty() ? "" : "+")
        .append(type_text(type.to_string()))
        .append("=")
        .append(value_text(value));
  }
  return out;
}

} // namespace

std::string name_text(std::span<const std::byte> der) {
  try {
    std::string out;
    Botan::BER_Decoder bytes(octets(der), der.size());
    auto steps = bytes.start_cons(Botan::SEQUENCE);
    while (steps.more_items()) {
      auto step = step_text(steps.start_cons(Botan::SET));
      if (!out.empty())
        step.append(",").append(out);
      out = std::move(step);
    }
    return out;
  } catch (const Botan::Exception&) {
    throw std::invalid_argument("the name is damaged");
  }
}

Botan::X509_DN to_botan_name(std::span<const std::byte> der) {
  try {
    Botan::X509_DN name;
    Botan::BER_Decoder(octets(der), der.size()).decode(name).verify_end();
    return name;
  } catch (const Botan::Exception&) {
    throw std::invalid_argument("the name is damaged");
  }
}

} // namespace chancery::crypto
