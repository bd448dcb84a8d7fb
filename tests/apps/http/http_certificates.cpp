// SPDX-License-Identifier: Apache-2.0
#include "tests/apps/http/http_certificates.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/hash.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <span>
#include <stdexcept>

namespace chancery::tests {

namespace {

void must(bool holds) {
  if (!holds)
    throw std::runtime_error("OpenSSL makes no certificate");
}

std::shared_ptr<EVP_PKEY> make_key() {
  std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  must(key != nullptr);
  return key;
}

void add_extension(X509* to, int kind, const char* text) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
  auto* const made = X509V3_EXT_conf_nid(nullptr, &context, kind, text);
  must(made != nullptr && X509_add_ext(to, made, -1) == 1);
  X509_EXTENSION_free(made);
}

/// Of `key`, signed by `signer`; by itself without an issuer.
std::shared_ptr<X509> make_certificate(const std::string& name, EVP_PKEY* key,
                                       EVP_PKEY* signer, const X509* issuer) {
  static long serial = 0;
  std::shared_ptr<X509> made(X509_new(), X509_free);
  auto* const x = made.get();
  must(x != nullptr && X509_set_version(x, 2) == 1 &&
       ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial) == 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -3'600);
  X509_gmtime_adj(X509_getm_notAfter(x), 86'400);
  X509_NAME_add_entry_by_txt(
      X509_get_subject_name(x), "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer : x));
  X509_set_pubkey(x, key);
  if (issuer == nullptr)
    add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
  else
    add_extension(x, NID_subject_alt_name, "IP:127.0.0.1");
  must(X509_sign(x, signer, EVP_sha256()) > 0);
  return made;
}

template <class Write>
std::filesystem::path write_pem(const std::filesystem::path& file,
                                Write write) {
  auto* const out = std::fopen(file.c_str(), "w");
  must(out != nullptr && write(out) == 1 && std::fclose(out) == 0);
  return file;
}

std::filesystem::path write_certificate(const std::filesystem::path& file,
                                        const X509* certificate) {
  return write_pem(
      file, [&](std::FILE* out) { return PEM_write_X509(out, certificate); });
}

} // namespace

http_authority::http_authority(std::filesystem::path folder)
    : folder_(std::move(folder)), key_(make_key()),
      certificate_(
          make_certificate("authority", key_.get(), key_.get(), nullptr)),
      file_(write_certificate(folder_ / "authority.pem", certificate_.get())) {}

certificate_files http_authority::issue(const std::string& name) const {
  const auto key = make_key();
  const auto made =
      make_certificate(name, key.get(), key_.get(), certificate_.get());
  certificate_files files;
  files.certificate = write_certificate(folder_ / (name + ".pem"), made.get());
  files.key = write_pem(folder_ / (name + ".key"), [&](std::FILE* out) {
    return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                nullptr);
  });
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  must(size > 0);
  const auto hash = crypto::sha256(
      std::as_bytes(std::span(der, static_cast<std::size_t>(size))));
  OPENSSL_free(der);
  files.key_hash = crypto::base64url_encode(std::as_bytes(std::span(hash)));
  return files;
}

} // namespace chancery::tests
