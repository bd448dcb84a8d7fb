// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/openssl_keys.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/secret.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace chancery::crypto {

namespace {

/// `scalar` is empty for a public key.
pkey_ptr make_key(const public_key& key, std::span<const std::byte> scalar) {
  std::string group(key.curve() == curve::p256 ? "prime256v1" : "secp384r1");
  std::array<std::byte, 97> point{std::byte{0x04}}; // SEC 1: uncompressed
  std::copy(key.point().begin(), key.point().end(), point.begin() + 1);
  std::array<std::byte, 48> number{}; // OSSL_PARAM integers: native order
  std::reverse_copy(scalar.begin(), scalar.end(), number.begin());

  std::array<OSSL_PARAM, 4> params{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(),
                                       0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                        1 + key.point().size()),
      OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end()};
  if (!scalar.empty())
    params[2] = OSSL_PARAM_construct_BN(
        OSSL_PKEY_PARAM_PRIV_KEY, octets(std::span(number)), scalar.size());
  pkey_context_ptr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  const bool ok =
      context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
      EVP_PKEY_fromdata(context.get(), &made,
                        scalar.empty() ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR,
                        params.data()) == 1;
  wipe(number);
  if (!ok)
    throw_openssl_error("libcrypto rejects a key");
  return pkey_ptr(made);
}

} // namespace

void openssl_free::operator()(evp_cipher_ctx_st* p) const noexcept {
  EVP_CIPHER_CTX_free(p);
}

void openssl_free::operator()(evp_cipher_st* p) const noexcept {
  EVP_CIPHER_free(p);
}

void openssl_free::operator()(evp_pkey_ctx_st* p) const noexcept {
  EVP_PKEY_CTX_free(p);
}

void openssl_free::operator()(evp_pkey_st* p) const noexcept {
  EVP_PKEY_free(p);
}

void throw_openssl_error(const char* what) {
  std::array<char, 160> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  ERR_clear_error();
  throw std::runtime_error(fmt::format("{}: {}", what, reason.data()));
}

pkey_ptr to_openssl(const public_key& key) { return make_key(key, {}); }

pkey_ptr to_openssl(const private_key& key) {
  return make_key(key.public_half(), key.scalar());
}

pkey_context_ptr ready_context(evp_pkey_st* key,
                               int (*init)(evp_pkey_ctx_st*)) {
  pkey_context_ptr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || init(context.get()) != 1)
    throw_openssl_error("libcrypto rejects a key");
  return context;
}

} // namespace chancery::crypto
