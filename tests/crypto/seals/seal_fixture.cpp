// SPDX-License-Identifier: Apache-2.0
#include "tests/crypto/seals/seal_fixture.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/random.hpp"
#include "crypto/jose/jose_parts.hpp"
#include "crypto/keys/pem.hpp"
#include "crypto/providers/provider.hpp"

#include <boost/test/unit_test.hpp>
#include <botan/base64.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <memory>

namespace chancery::crypto::test {

namespace {

/// Makes an authority, a.pem, and in it signer.pem and tsa.pem.
constexpr std::string_view make_certificates = R"(set -e
cd '{folder}'
exec 2>log
key='-newkey ec -pkeyopt ec_paramgen_curve:{curve} -nodes'
openssl req -x509 $key -keyout a.key -out a.pem -days 30 \
  -subj '/C=EE/O=Tests AS/CN=Tests trial CA' \
  -addext basicConstraints=critical,CA:TRUE \
  -addext keyUsage=critical,keyCertSign,cRLSign
issue() {{
  openssl req -new $key -keyout $1.key -out $1.csr \
    -subj "/C=EE/O=Tests AS/CN=$1"
  openssl x509 -req -in $1.csr -CA a.pem -CAkey a.key -days 20 \
    -extfile $1.ext -out $1.pem
}}
common='subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
basicConstraints=critical,CA:FALSE'
printf '%s\n' "$common" keyUsage=critical,nonRepudiation \
  'authorityInfoAccess=caIssuers;URI:http://127.0.0.1/a.cer' \
  'crlDistributionPoints=URI:http://127.0.0.1/a.crl' >signer.ext
printf '%s\n' "$common" keyUsage=critical,digitalSignature \
  extendedKeyUsage=critical,timeStamping >tsa.ext
issue signer
issue tsa
openssl x509 -req -in signer.csr -CA a.pem -CAkey a.key -days -1 -out ended.pem
printf '%s\n' '[tsa]' default_tsa=one '[one]' serial=serial \
  default_policy=1.2.3.4 digests=sha256,sha384,sha512,sha1 \
  signer_digest=sha256 >ts.cnf)";

std::string spelt(curve c) { return c == curve::p256 ? "P-256" : "P-384"; }

certificate certificate_in(const std::filesystem::path& file) {
  return read_certificates(read_text(file)).front();
}

std::filesystem::path with_certificates(const std::filesystem::path& folder,
                                        curve c) {
  run(fmt::format(fmt::runtime(make_certificates),
                  fmt::arg("folder", folder.string()),
                  fmt::arg("curve", spelt(c))));
  return folder;
}

} // namespace

seal_maker::seal_maker(curve c)
    : curve_(c),
      root_(certificate_in(with_certificates(folder_.path(), c) / "a.pem")),
      signer_(certificate_in(folder_.path() / "signer.pem")),
      key_(private_key_from_pem(read_text(folder_.path() / "signer.key"))) {}

const seal_maker& seal_maker::on(curve c) {
  static const seal_maker p256(curve::p256);
  static const seal_maker p384(curve::p384);
  return c == curve::p256 ? p256 : p384;
}

std::string seal_maker::header(std::string_view more,
                               std::span<const certificate> issuers) const {
  auto x5c = base64(text_of(signer_.der()));
  for (const auto& issuer : issuers)
    x5c += R"(",")" + base64(text_of(issuer.der()));
  return fmt::format(
      R"({{"alg":"{}","x5t#S256":"{}","x5c":["{}"],"iat":{}{}}})",
      jws_algorithm(curve_),
      base64url_encode(std::as_bytes(std::span(signer_.id()))), x5c, time(),
      more);
}

std::string seal_maker::signed_text(std::string input) const {
  record_hasher hasher(curve_);
  std::vector<std::byte> digest(hasher.size());
  hasher(bytes(input), digest);
  std::vector<std::byte> signature(signature_size(curve_));
  const key_run run_of_one{&key_, 1};
  make_batch_signer(provider::openssl, curve_, system_random())
      ->sign_batch({&run_of_one, 1}, digest, signature);
  return input + "." + base64url_encode(signature);
}

std::string seal_maker::compact(std::string_view header,
                                std::string_view record) const {
  return signed_text(base64url_encode(bytes(header)) + "." +
                     base64url_encode(bytes(record)));
}

std::string seal_maker::token(std::string_view stamped,
                              const std::string& digest) const {
  write_file(folder_.path() / "stamped", stamped);
  run(fmt::format("cd '{}' && exec 2>>log && "
                  "openssl ts -query -data stamped -{} -cert -out query && "
                  "openssl ts -reply -config ts.cnf -section one "
                  "-queryfile query -signer tsa.pem -inkey tsa.key "
                  "-token_out -out token",
                  folder_.path().string(), digest));
  return read_text(folder_.path() / "token");
}

std::string seal_maker::token_at(std::string_view stamped,
                                 std::int64_t time) const {
  token(stamped); // for the query
  const auto file = [&](const char* name) {
    return std::unique_ptr<BIO, int (*)(BIO*)>(
        BIO_new_file((folder_.path() / name).c_str(), "rb"), &BIO_free);
  };
  const std::unique_ptr<TS_RESP_CTX, void (*)(TS_RESP_CTX*)> context(
      TS_RESP_CTX_new(), &TS_RESP_CTX_free);
  const std::unique_ptr<X509, void (*)(X509*)> signer(
      PEM_read_bio_X509(file("tsa.pem").get(), nullptr, nullptr, nullptr),
      &X509_free);
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      PEM_read_bio_PrivateKey(file("tsa.key").get(), nullptr, nullptr, nullptr),
      &EVP_PKEY_free);
  const std::unique_ptr<ASN1_OBJECT, void (*)(ASN1_OBJECT*)> policy(
      OBJ_txt2obj("1.2.3.4", 1), &ASN1_OBJECT_free);
  TS_RESP_CTX_set_signer_cert(context.get(), signer.get());
  TS_RESP_CTX_set_signer_key(context.get(), key.get());
  TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256());
  TS_RESP_CTX_set_def_policy(context.get(), policy.get());
  TS_RESP_CTX_add_md(context.get(), EVP_sha256());
  TS_RESP_CTX_set_time_cb(
      context.get(),
      [](TS_RESP_CTX*, void* given, long* seconds, long* microseconds) {
        *seconds = *static_cast<long*>(given);
        *microseconds = 0;
        return 1;
      },
      &time);
  const std::unique_ptr<TS_RESP, void (*)(TS_RESP*)> response(
      TS_RESP_create_response(context.get(), file("query").get()),
      &TS_RESP_free);
  unsigned char* der = nullptr;
  const int size = i2d_PKCS7(TS_RESP_get_token(response.get()), &der);
  std::string made(reinterpret_cast<char*>(der),
                   static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return made;
}

certificate seal_maker::ended() const {
  return certificate_in(folder_.path() / "ended.pem");
}

seal_check_options seal_maker::options() const {
  seal_check_options options;
  options.roots = {root_};
  options.at = time();
  return options;
}

std::string flattened(std::string_view compact, std::string_view unprotected) {
  const auto parts = split_compact<3>(compact).value();
  return fmt::format(
      R"({{"payload":"{}","protected":"{}",{}"signature":"{}"}})", parts[1],
      parts[0],
      unprotected.empty() ? "" : fmt::format(R"("header":{},)", unprotected),
      parts[2]);
}

std::string signature_part(std::string_view compact) {
  return std::string(split_compact<3>(compact).value()[2]);
}

std::string base64(std::string_view text) {
  return Botan::base64_encode(octets(bytes(text)), text.size());
}

bool breaks_rule(const seal_report& report, int rule, std::string_view part) {
  const bool fits = report.verdict == seal_verdict::invalid &&
                    report.failures.size() == 1 &&
                    report.failures.front().rule == rule &&
                    contains(report.failures.front().sentence, part);
  if (!fits)
    BOOST_TEST_MESSAGE(to_text(report.verdict) << "\n" << failures_of(report));
  return fits;
}

std::string failures_of(const seal_report& report) {
  std::string text;
  for (const auto& failure : report.failures)
    text += fmt::format("{}: {}\n", failure.rule, failure.sentence);
  return text;
}

std::string warnings_of(const seal_report& report) {
  std::string text;
  for (const auto& warning : report.warnings)
    text += warning + "\n";
  return text;
}

} // namespace chancery::crypto::test
