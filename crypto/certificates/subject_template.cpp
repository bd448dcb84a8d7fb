// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/subject_template.hpp"

#include "crypto/base/utf8.hpp"
#include "crypto/certificates/distinguished_name.hpp"

#include <botan/asn1_str.h>
#include <botan/der_enc.h>
#include <botan/pkix_types.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

namespace chancery::crypto {

namespace {

struct attribute {
  std::string_view name;
  const char* oid;
  std::size_t size_max; ///< characters (RFC 5280 appendix A.1)
};

constexpr std::array<attribute, 9> attributes{{
    {"C", "2.5.4.6", 2},
    {"ST", "2.5.4.8", 128},
    {"L", "2.5.4.7", 128},
    {"STREET", "2.5.4.9", 128},
    {"O", "2.5.4.10", 64},
    {"OU", "2.5.4.11", 64},
    {"organizationIdentifier", "2.5.4.97", 256},
    {"serialNumber", "2.5.4.5", 64},
    {"CN", "2.5.4.3", 64},
}};

// Stand for the placeholders in a value, which has no control characters.
constexpr char number_mark = '\x01';
constexpr char key_mark = '\x02';
constexpr std::size_t key_characters = 8;

[[noreturn]] void refuse_template(const std::string& why) {
  throw std::invalid_argument(fmt::format("the subject {}", why));
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::size_t attribute_named(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (std::ranges::equal(name, attributes[i].name, {}, lower, lower))
      return i;
    known.append(known.empty() ? "" : ", ").append(attributes[i].name);
  }
  refuse_template(
      fmt::format("has an attribute '{:.40}': known are {}", name, known));
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// The mark for the placeholder at the front of `text`, which it removes.
char take_placeholder(std::string_view& text) {
  for (const auto& [spelling, mark] :
       {std::pair<std::string_view, char>{"{n}", number_mark},
        {"{key}", key_mark}})
    if (text.starts_with(spelling)) {
      text.remove_prefix(spelling.size());
      return mark;
    }
  refuse_template(fmt::format("has '{:.10}': there are {{n}}, {{key}}, and "
                              "\\{{ for a brace",
                              text));
}

/// Removes a value, and the comma behind it, from the front of `text`.
std::string take_value(std::string_view& text) {
  std::string value;
  while (!text.empty()) {
    char c = text.front();
    if (c == '{') {
      value.push_back(take_placeholder(text));
      continue;
    }
    text.remove_prefix(1);
    if (c == ',')
      break;
    if (c == '\\') {
      if (text.empty())
        refuse_template("ends with a backslash, which quotes nothing");
      c = text.front();
      text.remove_prefix(1);
    } else if (c == '=' || c == '}')
      refuse_template(
          fmt::format("has a '{}' in a value: quote it as \\{}", c, c));
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      refuse_template("has a control character");
    value.push_back(c);
  }
  return std::string(trimmed(value));
}

std::size_t characters_in(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    const auto size = utf8_size(text);
    if (size == 0)
      refuse_template("is not UTF-8");
    text.remove_prefix(size);
  }
  return count;
}

bool is_capital(char c) noexcept { return c >= 'A' && c <= 'Z'; }

bool are_two_capitals(std::string_view text) noexcept {
  return text.size() == 2 && is_capital(text[0]) && is_capital(text[1]);
}

/// EN 319 412-1 5.1.4: a type of three characters, a country, a hyphen, and a
/// reference.
bool is_organization_identifier(std::string_view text) {
  constexpr std::array<std::string_view, 4> types{"VAT", "NTR", "PSD", "LEI"};
  if (text.size() < 7 || text[5] != '-')
    return false;
  const auto type = text.substr(0, 3);
  return (std::ranges::find(types, type) != types.end() ||
          (are_two_capitals(type.substr(0, 2)) && type[2] == ':')) &&
         are_two_capitals(text.substr(3, 2));
}

} // namespace

subject_template::subject_template(std::string_view text) {
  if (trimmed(text).empty())
    refuse_template("is empty: give one such as 'C=EE,O=Trial AS,CN=Seal {n}'");
  while (!text.empty()) {
    const auto equals = text.find('=');
    if (equals == text.npos)
      refuse_template(fmt::format("has '{:.40}', which is no NAME=VALUE: quote "
                                  "a comma in a value as \\,",
                                  text));
    const auto which = attribute_named(trimmed(text.substr(0, equals)));
    text.remove_prefix(equals + 1);
    auto value = take_value(text);
    if (value.empty())
      refuse_template(
          fmt::format("has an empty {}", attributes.at(which).name));
    if (find(attributes.at(which).name) != nullptr)
      refuse_template(
          fmt::format("has more than one {}", attributes.at(which).name));
    parts_.push_back({which, std::move(value)});
  }
  std::ranges::sort(parts_, {}, &part::attribute);
  fill(1, std::string(key_characters, 'x')); // refuses what never fits
}

const subject_template::part*
subject_template::find(std::string_view attribute) const noexcept {
  for (const auto& each : parts_)
    if (attributes.at(each.attribute).name == attribute)
      return &each;
  return nullptr;
}

std::vector<std::string> subject_template::warnings() const {
  std::vector<std::string> out;
  const auto* country = find("C");
  if (country == nullptr || !are_two_capitals(country->value))
    out.emplace_back("the subject's country (C) is not two capital letters");
  if (find("O") == nullptr)
    out.emplace_back("the subject names no organisation (O)");
  if (find("CN") == nullptr)
    out.emplace_back("the subject has no common name (CN)");
  const auto* identifier = find("organizationIdentifier");
  if (identifier == nullptr || !is_organization_identifier(identifier->value))
    out.emplace_back("the subject's organizationIdentifier is not of the form "
                     "VATEE-123456789: one of VAT, NTR, PSD, LEI, then a "
                     "country, a hyphen and a number (EN 319 412-1)");
  return out;
}

bool subject_template::is_constant() const noexcept {
  return std::ranges::none_of(parts_, [](const part& each) {
    return each.value.find(number_mark) != std::string::npos ||
           each.value.find(key_mark) != std::string::npos;
  });
}

std::vector<std::byte> subject_template::fill(std::size_t number,
                                              std::string_view key_id) const {
  Botan::X509_DN name;
  for (const auto& each : parts_) {
    const auto& [attribute, oid, size_max] = attributes.at(each.attribute);
    std::string value;
    for (const char c : each.value)
      if (c == number_mark)
        value += fmt::format("{:04}", number);
      else if (c == key_mark)
        value += key_id.substr(0, key_characters);
      else
        value.push_back(c);
    if (const auto size = characters_in(value); size > size_max)
      refuse_template(fmt::format("has {} characters in {}: at most {} fit",
                                  size, attribute, size_max));
    name.add_attribute(Botan::OID(oid), Botan::ASN1_String(value));
  }
  std::vector<std::uint8_t> der;
  Botan::DER_Encoder(der).encode(name);
  const auto bytes = std::as_bytes(std::span(der));
  return {bytes.begin(), bytes.end()};
}

std::string subject_text(std::span<const std::byte> der) {
  return name_text(der);
}

} // namespace chancery::crypto
