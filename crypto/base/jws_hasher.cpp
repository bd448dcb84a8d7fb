// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/jws_hasher.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/sha256_many.hpp"

#include <openssl/evp.h>

#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

struct free_context {
  void operator()(EVP_MD_CTX* c) const noexcept { EVP_MD_CTX_free(c); }
};
using md_context = std::unique_ptr<EVP_MD_CTX, free_context>;

md_context new_context() {
  md_context c(EVP_MD_CTX_new());
  if (!c)
    throw std::bad_alloc();
  return c;
}

void require(int done) {
  if (done != 1)
    throw std::runtime_error("libcrypto could not hash");
}

bool two_at_a_time(curve c) { return c == curve::p256 && can_sha256_many(); }

} // namespace

// Where two texts are hashed at a time, the whole blocks are in `midstate` and
// `rest` is shorter than one; elsewhere all is in `context`.
struct hash_prefix::state {
  sha256_midstate midstate{};
  std::string rest{};
  md_context context{};

  void absorb(std::string_view text) {
    if (context)
      return require(EVP_DigestUpdate(context.get(), text.data(), text.size()));
    rest += text;
    const auto whole = rest.size() - rest.size() % sha256_block_size;
    midstate = sha256_absorb(midstate, bytes_of(rest).first(whole));
    rest.erase(0, whole);
  }
};

hash_prefix::hash_prefix(std::shared_ptr<const state> s)
    : state_(std::move(s)) {}

hash_prefix::hash_prefix(curve c, std::string_view text) {
  const auto made = std::make_shared<state>();
  if (two_at_a_time(c)) {
    made->midstate = sha256_begin();
  } else {
    made->context = new_context();
    require(EVP_DigestInit_ex(made->context.get(),
                              c == curve::p256 ? EVP_sha256() : EVP_sha384(),
                              nullptr));
  }
  made->absorb(text);
  state_ = made;
}

hash_prefix hash_prefix::then(std::string_view more) const {
  const auto made = std::make_shared<state>();
  made->midstate = state_->midstate;
  made->rest = state_->rest;
  if (state_->context) {
    made->context = new_context();
    require(EVP_MD_CTX_copy_ex(made->context.get(), state_->context.get()));
  }
  made->absorb(more);
  return hash_prefix(std::shared_ptr<const state>(made));
}

struct jws_hasher::context {
  /// The payloads in base64url, each behind what the midstate lacks.
  void write_out(std::string_view before,
                 std::span<const std::span<const std::byte>> payloads) {
    std::size_t size = 0;
    for (const auto payload : payloads)
      size += before.size() + base64url_size(payload.size());
    if (written.size() < size)
      written.resize(size);
    texts.clear();
    auto* to = written.data();
    for (const auto payload : payloads) {
      auto* const begin = to;
      to += before.copy(to, before.size());
      to = base64url_encode(payload, to);
      texts.push_back(std::as_bytes(std::span(begin, to)));
    }
  }

  void hash_one(EVP_MD_CTX* before, std::span<const std::byte> payload,
                std::byte* digest) {
    written.resize(base64url_size(payload.size()));
    base64url_encode(payload, written.data());
    require(EVP_MD_CTX_copy_ex(copy.get(), before));
    require(EVP_DigestUpdate(copy.get(), written.data(), written.size()));
    require(EVP_DigestFinal_ex(
        copy.get(), reinterpret_cast<unsigned char*>(digest), nullptr));
  }

  md_context copy = new_context();
  std::string written{}; // kept to reuse its memory, as is:
  std::vector<std::span<const std::byte>> texts{};
};

jws_hasher::jws_hasher(curve c)
    : context_(std::make_unique<context>()), size_(field_size(c)) {}
jws_hasher::jws_hasher(jws_hasher&&) noexcept = default;
jws_hasher& jws_hasher::operator=(jws_hasher&&) noexcept = default;
jws_hasher::~jws_hasher() = default;

void jws_hasher::operator()(
    const hash_prefix& before,
    std::span<const std::span<const std::byte>> payloads,
    std::span<std::byte> digests) {
  if (digests.size() < payloads.size() * size_)
    throw std::invalid_argument("the buffer for digests is too small");
  const auto& s = *before.state_;
  if (!s.context) {
    context_->write_out(s.rest, payloads);
    sha256_many(s.midstate, context_->texts, digests.data());
    return;
  }
  for (std::size_t i = 0; i < payloads.size(); ++i)
    context_->hash_one(s.context.get(), payloads[i],
                       digests.data() + i * size_);
}

} // namespace chancery::crypto
