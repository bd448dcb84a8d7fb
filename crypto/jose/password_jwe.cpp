// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/password_jwe.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/jose_parts.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/jose/strict_json.hpp"

#include <botan/aead.h>
#include <botan/block_cipher.h>
#include <botan/nist_keywrap.h>
#include <botan/pwdhash.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <stdexcept>
#include <vector>

namespace chancery::crypto {

namespace {

using secure_octets = Botan::secure_vector<std::uint8_t>;

constexpr std::string_view wrapping_algorithm = "PBES2-HS512+A256KW";
constexpr std::string_view encryption = "A256GCM";
constexpr std::size_t key_size = 32;
constexpr std::size_t wrapped_size = key_size + 8;
constexpr std::size_t iv_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t salt_size = 16;
constexpr std::size_t salt_size_min = 8; // RFC 7518 4.8.1.1
constexpr std::size_t salt_size_max = 1024;

[[noreturn]] void refuse_password_jwe(const char* what) {
  throw std::invalid_argument(what);
}

/// AES-256 under the key derived from the passphrase (RFC 7518 4.8).
std::unique_ptr<Botan::BlockCipher>
passphrase_cipher(std::string_view passphrase, std::string_view salt_input,
                  std::uint32_t iterations) {
  std::string salt(wrapping_algorithm);
  salt.push_back('\0');
  salt.append(salt_input);
  secure_octets key(key_size);
  Botan::PasswordHashFamily::create_or_throw("PBKDF2(SHA-512)")
      ->from_iterations(iterations)
      ->derive_key(key.data(), key.size(), passphrase.data(), passphrase.size(),
                   octets(bytes_of(salt)), salt.size());
  auto cipher = Botan::BlockCipher::create_or_throw("AES-256");
  cipher->set_key(key);
  return cipher;
}

/// AES-256-GCM in place; decryption throws Botan::Invalid_Authentication_Tag.
void run_gcm(Botan::Cipher_Dir direction, const secure_octets& key,
             std::string_view iv, std::string_view header,
             secure_octets& text) {
  const auto gcm = Botan::AEAD_Mode::create_or_throw("AES-256/GCM", direction);
  gcm->set_key(key);
  gcm->set_associated_data(octets(bytes_of(header)), header.size());
  gcm->start(octets(bytes_of(iv)), iv.size());
  gcm->finish(text);
}

std::string random_text(std::size_t size, const random_source& random) {
  std::string text(size, '\0');
  random(std::as_writable_bytes(std::span(text)));
  return text;
}

std::string encode(std::string_view text) {
  return base64url_encode(bytes_of(text));
}

struct header {
  std::string salt;
  std::uint32_t iterations;
};

header parse_header(std::string_view text, std::string_view content_type) {
  const auto json = parse_strict_json(text);
  if (!json.is_object())
    refuse_password_jwe("its header is not a JSON object");
  for (const auto& [name, value] : json.items())
    if (name != "alg" && name != "enc" && name != "p2s" && name != "p2c" &&
        name != "cty")
      refuse_password_jwe("its header has an unknown member");
  if (json.value("alg", nlohmann::json()) != wrapping_algorithm ||
      json.value("enc", nlohmann::json()) != encryption)
    refuse_password_jwe(
        "its algorithms are not PBES2-HS512+A256KW and A256GCM");
  if (json.value("cty", nlohmann::json(content_type)) != content_type)
    refuse_password_jwe("its header names another content type");
  const auto salt = json.value("p2s", nlohmann::json());
  const auto count = json.value("p2c", nlohmann::json());
  if (!salt.is_string() || !count.is_number_unsigned())
    refuse_password_jwe("its header has no salt and iteration count");
  auto salt_input = base64url_decode(salt.get_ref<const std::string&>());
  if (!salt_input || salt_input->size() < salt_size_min ||
      salt_input->size() > salt_size_max)
    refuse_password_jwe("its salt is malformed");
  const auto iterations = count.get<std::uint64_t>();
  if (iterations < password_iterations_min ||
      iterations > password_iterations_max)
    refuse_password_jwe("its iteration count is out of bounds");
  return {*std::move(salt_input), static_cast<std::uint32_t>(iterations)};
}

std::string decode(std::string_view part, std::size_t size) {
  auto bytes = base64url_decode(part);
  if (!bytes || bytes->size() != size)
    refuse_password_jwe("a part of it is damaged or cut short");
  return *std::move(bytes);
}

} // namespace

std::string seal_under_passphrase(std::string_view plaintext,
                                  std::string_view passphrase,
                                  std::string_view content_type,
                                  const random_source& random,
                                  std::uint32_t iterations) {
  if (passphrase.empty())
    refuse_password_jwe("the passphrase is empty");
  if (iterations < password_iterations_min ||
      iterations > password_iterations_max)
    refuse_password_jwe("the iteration count is out of bounds");
  const auto salt = random_text(salt_size, random);
  const auto iv = random_text(iv_size, random);
  secure_octets key(key_size);
  random(std::as_writable_bytes(std::span(key)));

  const nlohmann::json header_json{{"alg", wrapping_algorithm},
                                   {"enc", encryption},
                                   {"cty", content_type},
                                   {"p2s", encode(salt)},
                                   {"p2c", iterations}};
  const auto header_text = encode(header_json.dump());
  const auto wrapped = Botan::nist_key_wrap(
      key.data(), key.size(), *passphrase_cipher(passphrase, salt, iterations));
  const auto* begin = octets(bytes_of(plaintext));
  secure_octets text(begin, begin + plaintext.size());
  run_gcm(Botan::ENCRYPTION, key, iv, header_text, text);

  const auto all = std::as_bytes(std::span(text));
  return fmt::format("{}.{}.{}.{}.{}", header_text,
                     base64url_encode(std::as_bytes(std::span(wrapped))),
                     encode(iv), base64url_encode(all.first(plaintext.size())),
                     base64url_encode(all.subspan(plaintext.size())));
}

std::optional<std::string> content_type_of(std::string_view jwe) {
  const auto header_text = base64url_decode(jwe.substr(0, jwe.find('.')));
  if (!header_text)
    return std::nullopt;
  try {
    const auto json = parse_strict_json(*header_text);
    const auto type = text_member(json, "cty");
    return type ? std::optional<std::string>(*type) : std::nullopt;
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

std::string_view without_line_end(std::string_view text) {
  for (const char c : {'\n', '\r'})
    if (text.ends_with(c))
      text.remove_suffix(1);
  return text;
}

std::optional<secret_string>
open_under_passphrase(std::string_view jwe, std::string_view passphrase,
                      std::string_view content_type) {
  const auto split = split_compact<5>(jwe);
  if (!split)
    refuse_password_jwe(
        "it is not a compact JWE of five parts: cut short, or another kind "
        "of file");
  const auto& parts = *split;
  const auto header_text = base64url_decode(parts[0]);
  if (!header_text)
    refuse_password_jwe("its header is damaged");
  const auto header = parse_header(*header_text, content_type);
  const auto wrapped = decode(parts[1], wrapped_size);
  const auto iv = decode(parts[2], iv_size);
  const auto ciphertext = base64url_decode(parts[3]);
  const auto tag = decode(parts[4], tag_size);
  if (!ciphertext)
    refuse_password_jwe("its ciphertext is damaged");

  secure_octets key;
  try {
    key = Botan::nist_key_unwrap(
        octets(bytes_of(wrapped)), wrapped.size(),
        *passphrase_cipher(passphrase, header.salt, header.iterations));
  } catch (const Botan::Invalid_Authentication_Tag&) {
    return std::nullopt;
  }
  secure_octets text(ciphertext->begin(), ciphertext->end());
  text.insert(text.end(), tag.begin(), tag.end());
  try {
    run_gcm(Botan::DECRYPTION, key, iv, parts[0], text);
  } catch (const Botan::Invalid_Authentication_Tag&) {
    refuse_password_jwe("it was changed or cut short after it was written");
  }
  return secret_string(text.begin(), text.end());
}

} // namespace chancery::crypto
