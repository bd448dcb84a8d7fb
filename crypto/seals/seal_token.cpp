// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_token.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/keys/der_object.hpp"
#include "crypto/keys/openssl_keys.hpp"
#include "crypto/seals/openssl_x509.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

#include <memory>

namespace chancery::crypto {

namespace {

struct token_free {
  void operator()(PKCS7* p) const noexcept { PKCS7_free(p); }
  void operator()(TS_TST_INFO* p) const noexcept { TS_TST_INFO_free(p); }
  void operator()(TS_VERIFY_CTX* p) const noexcept { TS_VERIFY_CTX_free(p); }
  void operator()(X509_STORE* p) const noexcept { X509_STORE_free(p); }
  void operator()(STACK_OF(X509) * p) const noexcept { sk_X509_free(p); }
  void operator()(ASN1_TIME* p) const noexcept { ASN1_TIME_free(p); }
};
template <class T>
using token_ptr = std::unique_ptr<T, token_free>;

template <class T>
token_ptr<T> made_by_libcrypto(T* made) {
  if (made == nullptr)
    throw_openssl_error("libcrypto cannot check a token");
  return token_ptr<T>(made);
}

bool is_known_imprint(TS_TST_INFO& content) {
  const auto* algorithm =
      TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(&content));
  const ASN1_OBJECT* name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, algorithm);
  const auto number = OBJ_obj2nid(name);
  return number == NID_sha256 || number == NID_sha384 || number == NID_sha512;
}

/// Seconds since 1970; false for a time that is none.
bool read_token_time(TS_TST_INFO& content, std::int64_t& time) {
  const auto epoch = made_by_libcrypto(ASN1_TIME_set(nullptr, 0));
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, epoch.get(),
                     TS_TST_INFO_get_time(&content)) != 1)
    return false;
  time = std::int64_t{days} * 86'400 + seconds;
  return true;
}

bool has_imprint_of(PKCS7& token, std::string_view stamped) {
  const auto context = made_by_libcrypto(TS_VERIFY_CTX_new());
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_DATA);
  auto* const data =
      BIO_new_mem_buf(stamped.data(), static_cast<int>(stamped.size()));
  if (data == nullptr)
    throw_openssl_error("libcrypto cannot check a token");
  TS_VERIFY_CTX_set_data(context.get(), data); // which owns it from now on
  return TS_RESP_verify_token(context.get(), &token) == 1;
}

/// Certificates that are trusted, at the token's time.
token_ptr<X509_STORE> store_at(std::int64_t time) {
  auto store = made_by_libcrypto(X509_STORE_new());
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), time);
  return store;
}

bool is_signed_under(PKCS7& token, token_ptr<X509_STORE> store) {
  const auto context = made_by_libcrypto(TS_VERIFY_CTX_new());
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_SIGNATURE);
  TS_VERIFY_CTX_set_store(context.get(), store.release());
  return TS_RESP_verify_token(context.get(), &token) == 1;
}

/// Whether its own signer made it, whoever vouches for that one.
bool is_signed_by_its_signer(PKCS7& token, std::int64_t time) {
  const token_ptr<STACK_OF(X509)> signers(
      PKCS7_get0_signers(&token, nullptr, 0));
  if (!signers || sk_X509_num(signers.get()) != 1)
    return false;
  auto store = store_at(time);
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  X509_STORE_add_cert(store.get(), sk_X509_value(signers.get(), 0));
  return is_signed_under(token, std::move(store));
}

bool leads_to_root(PKCS7& token, std::int64_t time,
                   std::span<const certificate> roots) {
  if (roots.empty())
    return false;
  auto store = store_at(time);
  for (const auto& root : roots)
    X509_STORE_add_cert(store.get(), to_x509(root).get());
  return is_signed_under(token, std::move(store));
}

token_finding judge_token(std::span<const std::byte> der,
                          std::string_view stamped,
                          std::span<const certificate> roots) {
  const auto* at = octets(der);
  const token_ptr<PKCS7> token(
      d2i_PKCS7(nullptr, &at, static_cast<long>(der.size())));
  if (!token || bytes_follow_object(der) || !PKCS7_type_is_signed(token.get()))
    return {"it is no token: signed data in DER is needed, not a response that "
            "has a token inside"};
  const token_ptr<TS_TST_INFO> content(PKCS7_to_TS_TST_INFO(token.get()));
  token_finding finding;
  if (!content || !read_token_time(*content, finding.time))
    return {"it is no token: its content is no TSTInfo (RFC 3161 2.4.2)"};
  if (!is_known_imprint(*content))
    return {"its imprint is made with neither SHA-256, SHA-384 nor SHA-512"};
  if (!has_imprint_of(*token, stamped))
    return {"its imprint is of something else: it must be of the signature's "
            "base64url text"};
  if (!is_signed_by_its_signer(*token, finding.time))
    return {"its signature does not hold under a certificate for time stamping "
            "that is inside and was valid at its time"};
  finding.is_trusted = leads_to_root(*token, finding.time, roots);
  return finding;
}

} // namespace

token_finding check_token(std::span<const std::byte> der,
                          std::string_view stamped,
                          std::span<const certificate> roots) {
  ERR_clear_error();
  auto finding = judge_token(der, stamped, roots);
  ERR_clear_error(); // refusals leave their reasons on the thread's queue
  return finding;
}

} // namespace chancery::crypto
