// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jwe_cipher.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/secret.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

namespace chancery::crypto {

namespace {

/// The content key, which is wiped at the end of its scope.
struct content_key {
  std::array<std::byte, 32> bytes{};

  content_key(std::span<const std::byte> shared, const jwe_parts& parts) {
    concat_kdf(shared, "A256GCM", parts.apu, parts.apv, bytes);
  }
  content_key(const content_key&) = delete;
  content_key& operator=(const content_key&) = delete;
  ~content_key() { wipe(bytes); }

  const std::uint8_t* data() const { return octets(std::span(bytes)); }
};

int int_size(std::string_view text) { return static_cast<int>(text.size()); }

/// Fetched once: a fetch costs as much as opening a short text.
const EVP_CIPHER* aes_256_gcm() {
  static const cipher_ptr cipher(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  if (!cipher)
    throw_openssl_error("libcrypto has no AES-256-GCM");
  return cipher.get();
}

/// Null where the context has it from the message before: to set it again would
/// reset the context.
const EVP_CIPHER* cipher_for(const EVP_CIPHER_CTX* context) {
  return EVP_CIPHER_CTX_get0_cipher(context) == nullptr ? aes_256_gcm()
                                                        : nullptr;
}

void append_sized(std::string_view text, secret_string& out) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(size >> shift & 0xff));
  out.append(text);
}

} // namespace

void concat_kdf(std::span<const std::byte> shared_secret,
                std::string_view algorithm, std::string_view apu,
                std::string_view apv, std::span<std::byte> key) {
  // SP 800-56A 5.8.1: hash the round's number, the secret and the OtherInfo,
  // whose last field is the key's size in bits.
  const auto bits = static_cast<std::uint32_t>(key.size() * 8);
  secret_string input;
  input.reserve(20 + shared_secret.size() + algorithm.size() + apu.size() +
                apv.size());
  input.append({'\0', '\0', '\0', '\1'});
  input.append(text_of(shared_secret));
  append_sized(algorithm, input);
  append_sized(apu, input);
  append_sized(apv, input);
  for (int shift = 24; shift >= 0; shift -= 8)
    input.push_back(static_cast<char>(bits >> shift & 0xff));
  auto digest = sha256(bytes_of(input));
  if (key.size() > digest.size())
    throw std::invalid_argument("one round of the KDF yields at most 32 bytes");
  const auto from = std::as_writable_bytes(std::span(digest));
  std::copy_n(from.begin(), key.size(), key.begin());
  wipe(from);
}

jwe_cipher::jwe_cipher() : gcm_(EVP_CIPHER_CTX_new()) {
  if (!gcm_)
    throw_openssl_error("libcrypto cannot create a cipher context");
}

std::optional<std::string>
jwe_cipher::decrypt(std::span<const std::byte> shared, jwe_parts& parts) {
  const content_key key(shared, parts);
  auto* gcm = gcm_.get();
  std::string text(parts.ciphertext.size(), '\0');
  auto* out = octets(std::as_writable_bytes(std::span(text)));
  int size = 0;
  if (EVP_DecryptInit_ex2(gcm, cipher_for(gcm), key.data(),
                          octets(bytes_of(parts.iv)), nullptr) == 1 &&
      EVP_DecryptUpdate(gcm, nullptr, &size, octets(bytes_of(parts.header)),
                        int_size(parts.header)) == 1 &&
      EVP_DecryptUpdate(gcm, out, &size, octets(bytes_of(parts.ciphertext)),
                        int_size(parts.ciphertext)) == 1 &&
      EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, int_size(parts.tag),
                          parts.tag.data()) == 1 &&
      EVP_DecryptFinal_ex(gcm, out + size, &size) == 1)
    return text;
  wipe(text);
  ERR_clear_error(); // a failure leaves its reason on the thread's queue
  return std::nullopt;
}

void jwe_cipher::encrypt(std::span<const std::byte> shared,
                         std::string_view plaintext, jwe_parts& parts) {
  const content_key key(shared, parts);
  auto* gcm = gcm_.get();
  parts.ciphertext.resize(plaintext.size());
  parts.tag.resize(gcm_tag_size);
  auto* out = octets(std::as_writable_bytes(std::span(parts.ciphertext)));
  int size = 0;
  if (EVP_EncryptInit_ex2(gcm, cipher_for(gcm), key.data(),
                          octets(bytes_of(parts.iv)), nullptr) != 1 ||
      EVP_EncryptUpdate(gcm, nullptr, &size, octets(bytes_of(parts.header)),
                        int_size(parts.header)) != 1 ||
      EVP_EncryptUpdate(gcm, out, &size, octets(bytes_of(plaintext)),
                        int_size(plaintext)) != 1 ||
      EVP_EncryptFinal_ex(gcm, out + size, &size) != 1 ||
      EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, int_size(parts.tag),
                          parts.tag.data()) != 1)
    throw_openssl_error("libcrypto cannot encrypt");
}

void jwe_cipher::forget_key() { EVP_CIPHER_CTX_reset(gcm_.get()); }

} // namespace chancery::crypto
