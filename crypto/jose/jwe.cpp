// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jwe.hpp"

#include "crypto/base/secret.hpp"
#include "crypto/jose/jwe_cipher.hpp"
#include "crypto/jose/jwe_parts.hpp"
#include "crypto/providers/key_agreement.hpp"

#include <stdexcept>
#include <utility>

namespace chancery::crypto {

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
  jwe_cipher cipher;
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
      if (compact.size() > jwe_text_size_max)
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
  if (auto text =
          cipher.decrypt(std::span(shared).subspan(32 * place, 32), one.parts))
    return *std::move(text);
  return invalid_jwe(
      "it does not decrypt: it was changed, or is for another key");
}

jwe_opener::jwe_opener(const private_key& key, provider agreeing)
    : context_(std::make_unique<context>()) {
  context_->own = make_key_agreement(agreeing, key);
  context_->kid = to_text(key.id());
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
      all.cipher.forget_key();
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

} // namespace chancery::crypto
