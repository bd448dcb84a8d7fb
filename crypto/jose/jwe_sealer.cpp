// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jwe.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/secret.hpp"
#include "crypto/jose/jwe_cipher.hpp"
#include "crypto/providers/ephemeral_agreement.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chancery::crypto {

struct jwe_sealer::context {
  void draw_ivs(std::size_t count);
  std::string seal(std::string_view plaintext, std::string_view cty,
                   std::size_t place);

  key_id kid{};
  std::unique_ptr<ephemeral_agreement> keys;
  jwe_cipher cipher;
  // Of one call.
  std::vector<sec1_point> epks;
  secret_bytes shared;
  std::string ivs;
};

/// All from libcrypto's generator, with one call.
void jwe_sealer::context::draw_ivs(std::size_t count) {
  ivs.resize(gcm_iv_size * count);
  const auto bytes = std::as_writable_bytes(std::span(ivs));
  if (RAND_bytes(octets(bytes), static_cast<int>(bytes.size())) != 1)
    throw_openssl_error("libcrypto returned no random bytes");
}

std::string jwe_sealer::context::seal(std::string_view plaintext,
                                      std::string_view cty, std::size_t place) {
  const auto header = jwe_header(epks[place], kid, cty);
  jwe_parts parts;
  parts.header = header;
  parts.iv = ivs.substr(gcm_iv_size * place, gcm_iv_size);
  cipher.encrypt(std::span(shared).subspan(32 * place, 32), plaintext, parts);
  return fmt::format("{}..{}.{}.{}", header,
                     base64url_encode(bytes_of(parts.iv)),
                     base64url_encode(bytes_of(parts.ciphertext)),
                     base64url_encode(bytes_of(parts.tag)));
}

jwe_sealer::jwe_sealer(const public_key& recipient, provider agreeing)
    : context_(std::make_unique<context>()) {
  context_->keys =
      make_ephemeral_agreement(agreeing, recipient, system_random());
  context_->kid = recipient.id();
}

jwe_sealer::jwe_sealer(jwe_sealer&&) noexcept = default;
jwe_sealer& jwe_sealer::operator=(jwe_sealer&&) noexcept = default;
jwe_sealer::~jwe_sealer() = default;

std::vector<std::string>
jwe_sealer::seal_batch(std::span<const std::string_view> plaintexts,
                       std::string_view cty) {
  const auto fits = [](std::string_view text) {
    return text.size() <= jwe_text_size_max;
  };
  if (!std::ranges::all_of(plaintexts, fits))
    throw std::invalid_argument("the plaintext is longer than a gigabyte");
  // Whatever throws.
  struct wiping {
    context& all;
    ~wiping() {
      wipe(all.shared);
      all.cipher.forget_key();
    }
  } const wiping_at_the_end{*context_};
  context_->epks.resize(plaintexts.size());
  context_->shared.resize(32 * plaintexts.size());
  context_->keys->agree_batch(context_->epks, context_->shared);
  context_->draw_ivs(plaintexts.size());
  std::vector<std::string> sealed;
  sealed.reserve(plaintexts.size());
  for (std::size_t i = 0; i < plaintexts.size(); ++i)
    sealed.push_back(context_->seal(plaintexts[i], cty, i));
  return sealed;
}

std::string seal_jwe(std::string_view plaintext, const public_key& recipient,
                     std::string_view cty) {
  jwe_sealer sealer(recipient, provider::openssl);
  return std::move(sealer.seal_batch({&plaintext, 1}, cty).front());
}

} // namespace chancery::crypto
