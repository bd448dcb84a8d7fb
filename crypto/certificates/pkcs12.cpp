// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/pkcs12.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/keys/openssl_keys.hpp"
#include "crypto/keys/pkcs8.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace chancery::crypto {

namespace {

struct pkcs12_free {
  void operator()(PKCS12* p) const noexcept { PKCS12_free(p); }
  void operator()(X509* p) const noexcept { X509_free(p); }
  void operator()(STACK_OF(X509) * p) const noexcept {
    sk_X509_pop_free(p, X509_free);
  }
  void operator()(STACK_OF(PKCS7) * p) const noexcept {
    sk_PKCS7_pop_free(p, PKCS7_free);
  }
  void operator()(PKCS8_PRIV_KEY_INFO* p) const noexcept {
    PKCS8_PRIV_KEY_INFO_free(p);
  }
};
template <class T>
using owned = std::unique_ptr<T, pkcs12_free>;

/// libcrypto leaves reasons on the thread's queue.
struct error_queue_clearing {
  ~error_queue_clearing() { ERR_clear_error(); }
};

owned<PKCS12> parse_file(std::span<const std::byte> file) {
  const auto* at = octets(file);
  owned<PKCS12> parsed(
      d2i_PKCS12(nullptr, &at, static_cast<long>(file.size())));
  if (!parsed || at != octets(file) + file.size())
    throw std::invalid_argument("it is no PKCS#12 file, or it is damaged");
  return parsed;
}

/// Rounds of the passphrase's derivation: some seconds of work. Programs ask
/// for 2,000 to 600,000.
constexpr std::int64_t rounds_max = 5'000'000;

void require_rounds(const PKCS12* file) {
  const ASN1_INTEGER* stated = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &stated, file);
  std::int64_t rounds = 1;
  if (stated != nullptr &&
      (ASN1_INTEGER_get_int64(&rounds, stated) != 1 || rounds > rounds_max))
    throw std::invalid_argument(fmt::format(
        "the PKCS#12 file asks for more than {} rounds of work", rounds_max));
}

/// The passphrase as it stands, or none at all, which is not the same as an
/// empty one (RFC 7292 appendix B.1). Throws when neither fits.
const char* fitting(PKCS12* file, const secret_string& passphrase) {
  if (PKCS12_mac_present(file) == 0)
    throw std::invalid_argument(
        "the PKCS#12 file is not protected by a passphrase: anybody could "
        "have changed it");
  require_rounds(file);
  if (PKCS12_verify_mac(file, passphrase.c_str(), -1) == 1)
    return passphrase.c_str();
  if (passphrase.empty() && PKCS12_verify_mac(file, nullptr, 0) == 1)
    return nullptr;
  throw wrong_pkcs12_passphrase(
      "the passphrase does not fit the PKCS#12 file, or the file was changed");
}

/// The name of an algorithm of the file that OpenSSL 3 reads only with its
/// legacy provider; empty when there is none.
std::string old_algorithm(const PKCS12* file) {
  const owned<STACK_OF(PKCS7)> parts(PKCS12_unpack_authsafes(file));
  for (int i = 0; parts && i < sk_PKCS7_num(parts.get()); ++i) {
    const auto* part = sk_PKCS7_value(parts.get(), i);
    if (!PKCS7_type_is_encrypted(part))
      continue;
    const int kind =
        OBJ_obj2nid(part->d.encrypted->enc_data->algorithm->algorithm);
    switch (kind) {
    case NID_pbe_WithSHA1And40BitRC2_CBC:
    case NID_pbe_WithSHA1And128BitRC2_CBC:
    case NID_pbe_WithSHA1And40BitRC4:
    case NID_pbe_WithSHA1And128BitRC4:
      return OBJ_nid2ln(kind);
    default:
      break;
    }
  }
  return {};
}

certificate to_certificate(X509* from) {
  unsigned char* out = nullptr;
  const int size = i2d_X509(from, &out);
  if (size < 0)
    throw_openssl_error("a certificate of the PKCS#12 file is damaged");
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> bytes(
      out, [](unsigned char* p) { OPENSSL_free(p); });
  return certificate(
      std::as_bytes(std::span(bytes.get(), static_cast<std::size_t>(size))));
}

private_key to_key(const evp_pkey_st* from) {
  const owned<PKCS8_PRIV_KEY_INFO> info(EVP_PKEY2PKCS8(from));
  unsigned char* out = nullptr;
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &out) : -1;
  if (size < 0)
    throw_openssl_error("the key of the PKCS#12 file is damaged");
  const auto wiping = [size](unsigned char* p) {
    OPENSSL_clear_free(p, static_cast<std::size_t>(size));
  };
  const std::unique_ptr<unsigned char, decltype(wiping)> bytes(out, wiping);
  return private_key_from_pkcs8(
      std::as_bytes(std::span(bytes.get(), static_cast<std::size_t>(size))));
}

} // namespace

pkcs12_content read_pkcs12(std::span<const std::byte> file,
                           const secret_string& passphrase) {
  const error_queue_clearing clearing;
  const auto parsed = parse_file(file);
  const char* used = fitting(parsed.get(), passphrase);
  evp_pkey_st* key = nullptr;
  X509* leaf = nullptr;
  STACK_OF(X509)* others = nullptr;
  if (PKCS12_parse(parsed.get(), used, &key, &leaf, &others) != 1) {
    if (const auto old = old_algorithm(parsed.get()); !old.empty())
      throw std::invalid_argument(fmt::format(
          "the PKCS#12 file is encrypted by {}, which is too old: write it "
          "again with `openssl pkcs12 -legacy -in OLD -out ALL.pem` and "
          "`openssl pkcs12 -export -in ALL.pem -out NEW`, or import that PEM's "
          "key and certificates",
          old));
    throw std::invalid_argument("the PKCS#12 file cannot be decrypted");
  }
  const pkey_ptr key_owner(key);
  const owned<X509> leaf_owner(leaf);
  const owned<STACK_OF(X509)> others_owner(others);
  if (!key)
    throw std::invalid_argument("the PKCS#12 file has no private key");
  pkcs12_content content{to_key(key), std::nullopt, {}};
  if (leaf)
    content.leaf = to_certificate(leaf);
  for (int i = 0; others && i < sk_X509_num(others); ++i)
    content.others.push_back(to_certificate(sk_X509_value(others, i)));
  return content;
}

} // namespace chancery::crypto
