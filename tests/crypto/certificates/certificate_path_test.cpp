// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate_path.hpp"

#include "tests/crypto/certificates/pki_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>

BOOST_AUTO_TEST_SUITE(certificate_path_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

using certificates = std::vector<certificate>;

constexpr const char* no_path_length = "basicConstraints=critical,CA:TRUE\n"
                                       "keyUsage=critical,keyCertSign\n";
constexpr const char* path_length_0 =
    "basicConstraints=critical,CA:TRUE,pathlen:0\n"
    "keyUsage=critical,keyCertSign\n";

/// Checks at a time when certificates of this test's run are valid.
path_finding check(const certificate& leaf, const certificates& issuers,
                   const certificates& roots,
                   const std::vector<revocation_list>& lists = {}) {
  return check_path(leaf, issuers, roots, lists, leaf.not_before());
}

void expect(const path_finding& finding, certificate_verdict verdict,
            std::string_view word = "") {
  BOOST_TEST(to_text(finding.verdict) == to_text(verdict), finding.why);
  BOOST_TEST(finding.why.empty() == (verdict == certificate_verdict::valid));
  BOOST_TEST(contains(finding.why, word), word << " <- " << finding.why);
}

/// root, middle, leaf.
struct chain_of_three {
  openssl_pki pki;
  certificate root = pki.issue({.name = "root"});
  certificate middle = pki.issue({.name = "middle", .issuer = "root"});
  certificate leaf = pki.issue_leaf("leaf", "middle");
};

certificate_verdict verdict_of(const std::filesystem::path& folder,
                               const char* leaf, const char* ca) {
  return check_path(read_certificate(folder / leaf), {},
                    certificates{read_certificate(folder / ca)}, {},
                    vectors_time)
      .verdict;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_vectors_get_their_verdicts) {
  const auto vectors = jades_vectors();
  if (!vectors)
    return;
  const auto pki = *vectors / "pki";
  using enum certificate_verdict;
  const auto has = [&](const char* leaf, certificate_verdict wanted,
                       const char* ca = "ca.pem") {
    BOOST_TEST(to_text(verdict_of(pki, leaf, ca)) == to_text(wanted), leaf);
  };
  has("seal.pem", valid);
  has("seal-2.pem", valid);
  has("seal-384.pem", valid);
  has("digital-signature.pem", valid);
  has("tsa.pem", valid);
  has("expired.pem", expired);
  has("future.pem", not_yet_valid);
  has("seal.pem", untrusted, "other-ca.pem");
  has("seal-chain.pem", untrusted, "root.pem");
  has("seal-chain.pem", untrusted, "issuing.pem"); // which is no root
  has("ca.pem", untrusted);
  BOOST_TEST(to_text(verdict_of(*vectors / "rsa", "seal.pem", "ca.pem")) ==
             to_text(valid));
}

BOOST_AUTO_TEST_CASE(the_vectors_lists_revoke_from_their_time_on) {
  const auto vectors = jades_vectors();
  if (!vectors)
    return;
  const auto pki = *vectors / "pki";
  const auto seal = read_certificate(pki / "seal.pem");
  const certificates roots{read_certificate(pki / "ca.pem")};
  const std::vector empty{read_revocation_list(read_text(pki / "empty.crl"))};
  const std::vector lists{read_revocation_list(read_text(pki / "revoked.crl"))};
  BOOST_TEST(!check_path(seal, {}, roots, {}, vectors_time).revocation_known);
  const auto good = check_path(seal, {}, roots, empty, vectors_time);
  expect(good, certificate_verdict::valid);
  BOOST_TEST(good.revocation_known);
  const auto revoked = check_path(seal, {}, roots, lists, vectors_time);
  expect(revoked, certificate_verdict::revoked, "keyCompromise");
  constexpr std::int64_t november = 1793491200;
  expect(check_path(seal, {}, roots, lists, november),
         certificate_verdict::revoked);
  expect(check_path(seal, {}, roots, lists, november - 1),
         certificate_verdict::valid);
}

BOOST_AUTO_TEST_CASE(issuers_may_come_in_any_order_and_twice) {
  const chain_of_three c;
  openssl_pki other;
  const auto noise = other.issue({.name = "noise"});
  const auto finding =
      check(c.leaf, {noise, c.root, c.middle, c.leaf, c.middle, noise},
            {noise, c.root, c.root});
  expect(finding, certificate_verdict::valid);
  const certificates path{c.leaf, c.middle, c.root};
  BOOST_TEST((finding.path == path));
  BOOST_TEST(
      (finding.ends == std::min({c.leaf.not_after(), c.middle.not_after(),
                                 c.root.not_after()})));
  BOOST_TEST(finding.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_missing_issuer_leaves_no_path) {
  const chain_of_three c;
  expect(check(c.leaf, {}, {c.root}), certificate_verdict::untrusted,
         "no chain leads");
  expect(check(c.leaf, {c.middle}, {}), certificate_verdict::untrusted);
  expect(check(c.leaf, {c.root}, {c.middle}), certificate_verdict::untrusted,
         "did not sign itself");
}

BOOST_AUTO_TEST_CASE(roots_of_one_name_are_told_apart_by_their_signatures) {
  openssl_pki first;
  const auto wrong = first.issue({.name = "root"});
  openssl_pki second;
  const auto right = second.issue({.name = "root"});
  openssl_pki third;
  const auto wrong_too = third.issue({.name = "root"});
  const auto leaf = second.issue_leaf("leaf", "root");
  const auto finding = check(leaf, {}, {wrong, right, wrong_too});
  expect(finding, certificate_verdict::valid);
  BOOST_TEST((finding.path.back() == right));
  expect(check(leaf, {}, {wrong, wrong_too}), certificate_verdict::untrusted,
         "was not signed by the key of its issuer");
}

BOOST_AUTO_TEST_CASE(a_circle_of_authorities_ends) {
  openssl_pki pki;
  pki.issue({.name = "a"});
  pki.issue({.name = "b"});
  const auto a_by_b = pki.issue(
      {.name = "ab", .issuer = "b", .subject = "/CN=a", .key_of = "a"});
  const auto b_by_a = pki.issue(
      {.name = "ba", .issuer = "a", .subject = "/CN=b", .key_of = "b"});
  const auto root = pki.issue({.name = "root"});
  const auto a_by_root = pki.issue(
      {.name = "ar", .issuer = "root", .subject = "/CN=a", .key_of = "a"});
  const auto leaf = pki.issue_leaf("leaf", "b");
  expect(check(leaf, {a_by_b, b_by_a}, {root}), certificate_verdict::untrusted);
  const auto finding = check(leaf, {a_by_b, b_by_a, a_by_root}, {root});
  expect(finding, certificate_verdict::valid);
  const certificates path{leaf, b_by_a, a_by_root, root};
  BOOST_TEST((finding.path == path));
}

BOOST_AUTO_TEST_CASE(very_many_paths_are_given_up) {
  openssl_pki pki;
  const auto leaf = [&] {
    pki.issue({.name = "ca"});
    return pki.issue_leaf("leaf", "ca");
  }();
  certificates same_name;
  for (int i = 0; i < 40; ++i)
    same_name.push_back(
        pki.issue({.name = fmt::format("other{}", i), .subject = "/CN=ca"}));
  expect(check(leaf, {}, same_name), certificate_verdict::untrusted,
         "not all of many");
  expect(check(leaf, same_name, same_name), certificate_verdict::untrusted);
}

BOOST_AUTO_TEST_CASE(a_path_length_is_respected) {
  openssl_pki pki;
  const auto root = pki.issue({.name = "root", .extensions = path_length_0});
  const auto middle = pki.issue({.name = "middle", .issuer = "root"});
  const auto leaf = pki.issue_leaf("leaf", "middle");
  expect(check(leaf, {middle}, {root}), certificate_verdict::untrusted,
         "path length");
  expect(check(pki.issue_leaf("direct", "root"), {}, {root}),
         certificate_verdict::valid);
}

BOOST_AUTO_TEST_CASE(only_authorities_that_may_sign_certificates_issue) {
  openssl_pki pki;
  const auto root = pki.issue({.name = "root"});
  const auto no_authority = pki.issue_leaf("user", "root");
  expect(check(pki.issue_leaf("a", "user"), {no_authority}, {root}),
         certificate_verdict::untrusted, "may not sign certificates");
  const auto lists_only =
      pki.issue({.name = "lists",
                 .issuer = "root",
                 .extensions = "basicConstraints=critical,CA:TRUE\n"
                               "keyUsage=critical,cRLSign\n"});
  expect(check(pki.issue_leaf("b", "lists"), {lists_only}, {root}),
         certificate_verdict::untrusted, "may not sign certificates");
  const auto old = pki.issue({.name = "old", .extensions = ""});
  expect(check(pki.issue_leaf("c", "old", "basicConstraints=CA:FALSE\n"), {},
               {old}),
         certificate_verdict::untrusted, "may not sign certificates");
}

BOOST_AUTO_TEST_CASE(a_leaf_among_the_roots_is_not_its_own_issuer) {
  openssl_pki pki;
  const auto alone =
      pki.issue({.name = "alone", .extensions = leaf_extensions});
  expect(check(alone, {alone}, {alone}), certificate_verdict::untrusted,
         "itself a root");
  const auto root = pki.issue({.name = "root"});
  const auto leaf = pki.issue_leaf("leaf", "root");
  const auto finding = check(leaf, {}, {leaf, root});
  expect(finding, certificate_verdict::valid);
  BOOST_TEST((finding.path.back() == root));
}

BOOST_AUTO_TEST_CASE(unknown_critical_extensions_are_refused) {
  openssl_pki pki;
  const auto root = pki.issue({.name = "root"});
  const std::string unknown = "1.2.3.4=critical,ASN1:NULL\n";
  expect(
      check(pki.issue_leaf("a", "root", leaf_extensions + unknown), {}, {root}),
      certificate_verdict::untrusted, "critical extension");
  expect(check(pki.issue_leaf("b", "root",
                              std::string(leaf_extensions) +
                                  "1.2.3.4=ASN1:NULL\n"),
               {}, {root}),
         certificate_verdict::valid);
  const auto middle = pki.issue({.name = "middle",
                                 .issuer = "root",
                                 .extensions = no_path_length + unknown});
  expect(check(pki.issue_leaf("c", "middle"), {middle}, {root}),
         certificate_verdict::untrusted, "critical extension");
}

BOOST_AUTO_TEST_CASE(name_constraints_are_respected) {
  openssl_pki pki;
  const auto root = pki.issue(
      {.name = "root",
       .extensions = std::string(no_path_length) +
                     "nameConstraints=critical,permitted;dirName:good\n"
                     "[good]\nO=Good\n"});
  const auto leaf = [&](const char* name, const char* subject) {
    return pki.issue({.name = name,
                      .issuer = "root",
                      .subject = subject,
                      .extensions = leaf_extensions});
  };
  expect(check(leaf("a", "/O=Good/CN=a"), {}, {root}),
         certificate_verdict::valid);
  expect(check(leaf("b", "/O=Bad/CN=b"), {}, {root}),
         certificate_verdict::untrusted, "may not certify");
}

BOOST_AUTO_TEST_CASE(issuers_with_rsa_keys_are_taken_from_2048_bits_on) {
  openssl_pki pki;
  const auto rsa = [&](const std::string& name, const char* bits,
                       const char* options) {
    return pki.issue(
        {.name = name,
         .key = fmt::format("RSA -pkeyopt rsa_keygen_bits:{}", bits),
         .options = options});
  };
  const auto plain = rsa("plain", "2048", "-sha256 -days 9");
  expect(check(pki.issue_leaf("a", "plain"), {}, {plain}),
         certificate_verdict::valid);
  constexpr const char* pss = "-sha384 -days 9 -sigopt rsa_padding_mode:pss";
  const auto with_pss = rsa("pss", "3072", pss);
  const auto leaf = pki.issue({.name = "b",
                               .issuer = "pss",
                               .extensions = leaf_extensions,
                               .options = pss});
  expect(check(leaf, {}, {with_pss}), certificate_verdict::valid);
  const auto weak = rsa("weak", "1024", "-sha256 -days 9");
  expect(check(pki.issue_leaf("c", "weak"), {}, {weak}),
         certificate_verdict::untrusted, "too weak");
}

BOOST_AUTO_TEST_CASE(other_curves_sign_too) {
  openssl_pki pki;
  int number = 0;
  for (const char* key : {"EC -pkeyopt ec_paramgen_curve:P-384",
                          "EC -pkeyopt ec_paramgen_curve:P-521",
                          "EC -pkeyopt ec_paramgen_curve:brainpoolP256r1"}) {
    const auto name = fmt::format("root{}", ++number);
    const auto root = pki.issue({.name = name, .key = key});
    const auto leaf = pki.issue_leaf(fmt::format("leaf{}", number), name);
    BOOST_TEST_CONTEXT(key)
    expect(check(leaf, {}, {root}), certificate_verdict::valid);
  }
}

BOOST_AUTO_TEST_CASE(sha_1_is_warned_of_and_md5_refused) {
  openssl_pki pki;
  const auto root = pki.issue({.name = "root"});
  const auto leaf = [&](const char* name, const char* options) {
    return pki.issue({.name = name,
                      .issuer = "root",
                      .extensions = leaf_extensions,
                      .options = options});
  };
  const auto old = leaf("old", "-sha1 -days 9");
  BOOST_TEST(old.is_signed_with_sha1());
  const auto finding = check(old, {}, {root});
  expect(finding, certificate_verdict::valid);
  BOOST_REQUIRE(finding.warnings.size() == 1);
  BOOST_TEST(contains(finding.warnings.front(), "SHA-1"));
  openssl_pki rsa;
  const auto rsa_root =
      rsa.issue({.name = "root", .key = "RSA -pkeyopt rsa_keygen_bits:2048"});
  const auto md5 = rsa.issue({.name = "leaf",
                              .issuer = "root",
                              .extensions = leaf_extensions,
                              .options = "-md5 -days 9"});
  expect(check(md5, {}, {rsa_root}), certificate_verdict::untrusted);
}

BOOST_AUTO_TEST_CASE(dates_include_both_ends) {
  const chain_of_three c;
  const certificates issuers{c.middle};
  const certificates roots{c.root};
  const auto at = [&](std::int64_t time) {
    return check_path(c.leaf, issuers, roots, {}, time);
  };
  const auto begin = std::max(
      {c.leaf.not_before(), c.middle.not_before(), c.root.not_before()});
  const auto end = at(begin).ends.value();
  expect(at(begin), certificate_verdict::valid);
  expect(at(begin - 10), certificate_verdict::not_yet_valid, "before");
  expect(at(end), certificate_verdict::valid);
  expect(at(end + 10), certificate_verdict::expired, "expired at");
  expect(at(-1), certificate_verdict::not_yet_valid);
  expect(at(std::numeric_limits<std::int64_t>::max()),
         certificate_verdict::expired);
}

BOOST_AUTO_TEST_CASE(an_expired_issuer_ends_the_path) {
  openssl_pki pki;
  const auto root = pki.issue({.name = "root", .options = "-sha256 -days 1"});
  const auto leaf = pki.issue_leaf("leaf", "root");
  const auto finding =
      check_path(leaf, {}, certificates{root}, {}, root.not_after() + 1);
  expect(finding, certificate_verdict::expired, "CN=root");
  BOOST_TEST((finding.ends == root.not_after()));
}

BOOST_AUTO_TEST_CASE(revocation_is_known_when_each_issuer_has_a_list) {
  chain_of_three c;
  const auto by_root = c.pki.list("root", {});
  const auto by_middle = c.pki.list("middle", {});
  BOOST_TEST(
      !check(c.leaf, {c.middle}, {c.root}, {by_middle}).revocation_known);
  BOOST_TEST(!check(c.leaf, {c.middle}, {c.root}, {by_root}).revocation_known);
  BOOST_TEST(check(c.leaf, {c.middle}, {c.root}, {by_root, by_middle})
                 .revocation_known);
}

BOOST_AUTO_TEST_CASE(a_revoked_issuer_revokes_the_path) {
  chain_of_three c;
  const auto list = c.pki.list("root", {"middle"});
  const auto later = c.leaf.not_before() + 3600;
  expect(check_path(c.leaf, certificates{c.middle}, certificates{c.root},
                    std::vector{list}, later),
         certificate_verdict::revoked, "CN=middle");
}

BOOST_AUTO_TEST_CASE(a_list_of_another_authority_revokes_nothing) {
  chain_of_three c;
  const auto other_key =
      c.pki.issue({.name = "false", .issuer = "root", .subject = "/CN=middle"});
  const auto forged = c.pki.list("false", {"leaf"});
  const auto later = c.leaf.not_before() + 3600;
  const auto finding =
      check_path(c.leaf, certificates{c.middle, other_key},
                 certificates{c.root}, std::vector{forged}, later);
  expect(finding, certificate_verdict::valid);
  BOOST_TEST(!finding.revocation_known);
}

BOOST_AUTO_TEST_SUITE_END()
