// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jwe.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/secret.hpp"
#include "crypto/jose/jwe_parts.hpp"
#include "crypto/jose/p256_ecdh.hpp"
#include "crypto/keys/openssl_keys.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace chancery::crypto {

namespace {

constexpr std::string_view content_algorithm = "A256GCM";
/// libcrypto counts bytes in an int.
constexpr std::size_t text_size_max = std::size_t{1} << 30;

/// 32 bytes that are wiped at the end of their scope.
struct secret_block {
  std::array<std::byte, 32> bytes{};

  secret_block() = default;
  secret_block(const secret_block&) = delete;
  secret_block& operator=(const secret_block&) = delete;
  ~secret_block() { wipe(bytes); }
};

[[noreturn]] void refuse_jwe(const char* sentence) {
  ERR_clear_error(); // a failure leaves its reason on the thread's queue
  throw invalid_jwe(sentence);
}

int int_size(std::string_view text) { return static_cast<int>(text.size()); }

/// Fetched once: a fetch costs as much as opening a short text.
const EVP_CIPHER* aes_256_gcm() {
  static const cipher_ptr cipher(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  if (!cipher)
    throw_openssl_error("libcrypto has no AES-256-GCM");
  return cipher.get();
}

cipher_context_ptr make_cipher_context() {
  cipher_context_ptr context(EVP_CIPHER_CTX_new());
  if (!context)
    throw_openssl_error("libcrypto cannot create a cipher context");
  return context;
}

/// Derives the content key. False when `peer` is not on the curve.
bool agree(p256_ecdh& own, const sec1_point& peer, const jwe_parts& parts,
           secret_block& key) {
  secret_block shared;
  if (!own.agree(peer, shared.bytes))
    return false;
  concat_kdf(shared.bytes, content_algorithm, parts.apu, parts.apv, key.bytes);
  return true;
}

/// False when the tag is wrong.
bool decrypt(EVP_CIPHER_CTX* gcm, const secret_block& key, jwe_parts& parts,
             std::string& text) {
  text.resize(parts.ciphertext.size());
  auto* out = octets(std::as_writable_bytes(std::span(text)));
  int size = 0;
  return EVP_DecryptInit_ex2(gcm, aes_256_gcm(), octets(std::span(key.bytes)),
                             octets(bytes_of(parts.iv)), nullptr) == 1 &&
         EVP_DecryptUpdate(gcm, nullptr, &size, octets(bytes_of(parts.header)),
                           int_size(parts.header)) == 1 &&
         EVP_DecryptUpdate(gcm, out, &size, octets(bytes_of(parts.ciphertext)),
                           int_size(parts.ciphertext)) == 1 &&
         EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, int_size(parts.tag),
                             parts.tag.data()) == 1 &&
         EVP_DecryptFinal_ex(gcm, out + size, &size) == 1;
}

/// Fills ciphertext and tag; false when libcrypto fails.
bool encrypt(EVP_CIPHER_CTX* gcm, const secret_block& key,
             std::string_view plaintext, jwe_parts& parts) {
  parts.ciphertext.resize(plaintext.size());
  parts.tag.resize(gcm_tag_size);
  auto* out = octets(std::as_writable_bytes(std::span(parts.ciphertext)));
  int size = 0;
  return EVP_EncryptInit_ex2(gcm, aes_256_gcm(), octets(std::span(key.bytes)),
                             octets(bytes_of(parts.iv)), nullptr) == 1 &&
         EVP_EncryptUpdate(gcm, nullptr, &size, octets(bytes_of(parts.header)),
                           int_size(parts.header)) == 1 &&
         EVP_EncryptUpdate(gcm, out, &size, octets(bytes_of(plaintext)),
                           int_size(plaintext)) == 1 &&
         EVP_EncryptFinal_ex(gcm, out + size, &size) == 1 &&
         EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, int_size(parts.tag),
                             parts.tag.data()) == 1;
}

void append_sized(std::string_view text, secret_string& out) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(size >> shift & 0xff));
  out.append(text);
}

sec1_point point_of(const public_key& key) {
  if (key.curve() != curve::p256)
    throw std::invalid_argument("a message's encryption key is not on P-256");
  sec1_point point{std::byte{0x04}};
  std::copy(key.point().begin(), key.point().end(), point.begin() + 1);
  return point;
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

struct jwe_opener::context {
  std::string kid;
  p256_ecdh own;
  cipher_context_ptr gcm;
};

jwe_opener::jwe_opener(const private_key& key)
    : context_(std::make_unique<context>(
          context{to_text(key.id()), p256_ecdh(key), make_cipher_context()})) {}

jwe_opener::jwe_opener(jwe_opener&&) noexcept = default;
jwe_opener& jwe_opener::operator=(jwe_opener&&) noexcept = default;
jwe_opener::~jwe_opener() = default;

std::string jwe_opener::open(std::string_view compact, std::string_view cty) {
  if (compact.size() > text_size_max)
    refuse_jwe("it is longer than a gigabyte");
  auto parts = parse_jwe(compact, context_->kid, cty);
  auto* gcm = context_->gcm.get();
  secret_block key;
  if (!agree(context_->own, parts.epk, parts, key))
    refuse_jwe("its epk does not lie on P-256");
  std::string text;
  const bool ok = decrypt(gcm, key, parts, text);
  EVP_CIPHER_CTX_reset(gcm); // wipes the key schedule
  if (!ok) {
    wipe(text);
    refuse_jwe("it does not decrypt: it was changed, or is for another key");
  }
  return text;
}

std::string seal_jwe(std::string_view plaintext, const public_key& recipient,
                     std::string_view cty) {
  const auto peer = point_of(recipient);
  if (plaintext.size() > text_size_max)
    throw std::invalid_argument("the plaintext is longer than a gigabyte");
  jwe_parts parts;
  auto own = p256_ecdh::ephemeral(parts.epk);
  const auto header = jwe_header(parts.epk, recipient.id(), cty);
  parts.header = header;
  parts.iv.resize(gcm_iv_size);
  secret_block key;
  if (RAND_bytes(octets(std::as_writable_bytes(std::span(parts.iv))),
                 int_size(parts.iv)) != 1 ||
      !agree(own, peer, parts, key) ||
      !encrypt(make_cipher_context().get(), key, plaintext, parts))
    throw_openssl_error("libcrypto cannot encrypt");
  return fmt::format("{}..{}.{}.{}", header,
                     base64url_encode(bytes_of(parts.iv)),
                     base64url_encode(bytes_of(parts.ciphertext)),
                     base64url_encode(bytes_of(parts.tag)));
}

} // namespace chancery::crypto
