// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jwe.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/secret.hpp"
#include "crypto/jose/jwe_parts.hpp"
#include "crypto/keys/openssl_keys.hpp"
#include "crypto/providers/key_agreement.hpp"
#include "crypto/providers/p256_ecdh.hpp"

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

void derive_key(std::span<const std::byte> shared, const jwe_parts& parts,
                secret_block& key) {
  concat_kdf(shared, content_algorithm, parts.apu, parts.apv, key.bytes);
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
  /// A JWE whose header and sizes are right.
  struct pending {
    std::size_t index;
    jwe_parts parts;
  };

  void parse(std::span<const std::string_view> compacts, std::string_view cty,
             std::vector<jwe_opening>& openings);
  void agree();
  jwe_opening decrypt_one(pending& one, std::size_t place);

  std::string kid;
  std::unique_ptr<key_agreement> own;
  cipher_context_ptr gcm;
  // Of one call.
  std::vector<pending> parsed;
  std::vector<sec1_point> peers;
  secret_bytes shared;
  std::unique_ptr<bool[]> on_curve;
};

void jwe_opener::context::parse(std::span<const std::string_view> compacts,
                                std::string_view cty,
                                std::vector<jwe_opening>& openings) {
  for (const auto compact : compacts)
    try {
      openings.emplace_back();
      if (compact.size() > text_size_max)
        throw invalid_jwe("it is longer than a gigabyte");
      parsed.push_back({openings.size() - 1, parse_jwe(compact, kid, cty)});
      peers.push_back(parsed.back().parts.epk);
    } catch (const invalid_jwe& e) {
      openings.back() = e;
    }
}

void jwe_opener::context::agree() {
  shared.resize(32 * peers.size());
  on_curve = std::make_unique<bool[]>(peers.size());
  own->agree_batch(peers, shared, {on_curve.get(), peers.size()});
}

jwe_opening jwe_opener::context::decrypt_one(pending& one, std::size_t place) {
  if (!on_curve[place])
    return invalid_jwe("its epk does not lie on P-256");
  secret_block key;
  derive_key(std::span(shared).subspan(32 * place, 32), one.parts, key);
  std::string text;
  if (decrypt(gcm.get(), key, one.parts, text))
    return text;
  wipe(text);
  ERR_clear_error(); // a failure leaves its reason on the thread's queue
  return invalid_jwe(
      "it does not decrypt: it was changed, or is for another key");
}

jwe_opener::jwe_opener(const private_key& key, provider agreeing)
    : context_(std::make_unique<context>()) {
  context_->own = make_key_agreement(agreeing, key);
  context_->kid = to_text(key.id());
  context_->gcm = make_cipher_context();
}

jwe_opener::jwe_opener(jwe_opener&&) noexcept = default;
jwe_opener& jwe_opener::operator=(jwe_opener&&) noexcept = default;
jwe_opener::~jwe_opener() = default;

std::string jwe_opener::open(std::string_view compact, std::string_view cty) {
  auto opening = std::move(open_batch({&compact, 1}, cty).front());
  if (const auto* fault = std::get_if<invalid_jwe>(&opening))
    throw *fault;
  return std::get<std::string>(std::move(opening));
}

std::vector<jwe_opening>
jwe_opener::open_batch(std::span<const std::string_view> compacts,
                       std::string_view cty) {
  // Whatever throws.
  struct wiping {
    context& all;
    ~wiping() {
      all.parsed.clear();
      all.peers.clear();
      wipe(all.shared);
      EVP_CIPHER_CTX_reset(all.gcm.get()); // wipes the key schedule
    }
  } const wiping_at_the_end{*context_};
  std::vector<jwe_opening> openings;
  openings.reserve(compacts.size());
  context_->parse(compacts, cty, openings);
  context_->agree();
  for (std::size_t i = 0; i < context_->parsed.size(); ++i) {
    auto& one = context_->parsed[i];
    openings[one.index] = context_->decrypt_one(one, i);
  }
  return openings;
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
  secret_block shared, key;
  if (RAND_bytes(octets(std::as_writable_bytes(std::span(parts.iv))),
                 int_size(parts.iv)) != 1 ||
      !own.agree(peer, shared.bytes))
    throw_openssl_error("libcrypto cannot agree on a key");
  derive_key(shared.bytes, parts, key);
  if (!encrypt(make_cipher_context().get(), key, plaintext, parts))
    throw_openssl_error("libcrypto cannot encrypt");
  return fmt::format("{}..{}.{}.{}", header,
                     base64url_encode(bytes_of(parts.iv)),
                     base64url_encode(bytes_of(parts.ciphertext)),
                     base64url_encode(bytes_of(parts.tag)));
}

} // namespace chancery::crypto
