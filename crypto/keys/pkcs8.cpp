// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/pkcs8.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/secret.hpp"
#include "crypto/keys/der_object.hpp"
#include "crypto/keys/openssl_keys.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace chancery::crypto {

namespace {

struct pkcs8_free {
  void operator()(PKCS8_PRIV_KEY_INFO* p) const noexcept {
    PKCS8_PRIV_KEY_INFO_free(p);
  }
  void operator()(BIGNUM* p) const noexcept { BN_clear_free(p); }
};
using pkcs8_ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, pkcs8_free>;
using bignum_ptr = std::unique_ptr<BIGNUM, pkcs8_free>;

[[noreturn]] void refuse_pkcs8(const char* what) {
  ERR_clear_error(); // a failure leaves its reason on the thread's queue
  throw std::invalid_argument(what);
}

[[noreturn]] void refuse_damaged() {
  refuse_pkcs8("the private key is damaged, or of an unsupported kind");
}

/// Also inside the octet string that holds the ECPrivateKey, where libcrypto
/// ignores them.
bool bytes_follow_key(const PKCS8_PRIV_KEY_INFO& info) {
  const unsigned char* inner = nullptr;
  int size = 0;
  return PKCS8_pkey_get0(nullptr, &inner, &size, nullptr, &info) == 1 &&
         bytes_follow_object(
             std::as_bytes(std::span(inner, static_cast<std::size_t>(size))));
}

pkcs8_ptr parse_pkcs8(std::span<const std::byte> der) {
  const auto* at = octets(der);
  pkcs8_ptr info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  if (!info)
    refuse_damaged();
  if (at != octets(der) + der.size() || bytes_follow_key(*info))
    refuse_pkcs8("bytes follow the private key");
  return info;
}

curve curve_of_key(const EVP_PKEY* key) {
  std::array<char, 80> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME,
                                     name.data(), name.size(), &size) == 1) {
    if (std::string_view(name.data()) == "prime256v1")
      return curve::p256;
    if (std::string_view(name.data()) == "secp384r1")
      return curve::p384;
  }
  refuse_pkcs8("the private key is on another curve than P-256 and P-384");
}

/// Writes a number of the key; false when it does not fit.
bool copy_number(const EVP_PKEY* key, const char* name,
                 std::span<std::byte> out) {
  BIGNUM* found = nullptr;
  const bool ok = EVP_PKEY_get_bn_param(key, name, &found) == 1;
  const bignum_ptr number(found);
  return ok && BN_bn2binpad(number.get(), octets(out),
                            static_cast<int>(out.size())) >= 0;
}

/// libcrypto does not check that a public half in the file belongs to the
/// scalar. Where there is none, it computes it.
bool has_point(const EVP_PKEY* key, const public_key& wanted) {
  std::array<std::byte, 96> xy{};
  const auto half = field_size(wanted.curve());
  const auto point = std::span(xy).first(2 * half);
  return copy_number(key, OSSL_PKEY_PARAM_EC_PUB_X, point.first(half)) &&
         copy_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, point.subspan(half)) &&
         std::ranges::equal(point, wanted.point());
}

} // namespace

private_key private_key_from_pkcs8(std::span<const std::byte> der) {
  const auto info = parse_pkcs8(der);
  const pkey_ptr loaded(EVP_PKCS82PKEY(info.get()));
  if (!loaded)
    refuse_damaged();
  if (EVP_PKEY_is_a(loaded.get(), "EC") != 1)
    refuse_pkcs8("the private key is not for ECDSA");
  const auto c = curve_of_key(loaded.get());
  secret_bytes scalar(field_size(c));
  if (!copy_number(loaded.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar))
    refuse_pkcs8("the private key is out of range");
  private_key key(c, scalar);
  if (!has_point(loaded.get(), key.public_half()))
    refuse_pkcs8("the public half in the file belongs to another private key");
  ERR_clear_error();
  return key;
}

} // namespace chancery::crypto
