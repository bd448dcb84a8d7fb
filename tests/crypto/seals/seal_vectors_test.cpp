// SPDX-License-Identifier: Apache-2.0

// Checks seals that other programs made: npm's jose, python3-cryptography and
// OpenSSL's ts. Their verdicts on signature, level and certificate come with
// them, and are independent of each other. The vectors are not part of this
// project: the environment variable CHANCERY_VECTORS names the folder that
// holds jades/, and without it the cases report that they were skipped.

#include "crypto/base/base64url.hpp"
#include "crypto/seals/seal_check.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <iostream>
#include <optional>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(seal_vectors_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

constexpr std::int64_t seal_vector_time = 1'795'824'000;

/// Nothing, with a message on stdout, when there are no vectors.
std::optional<std::string> seal_vector(const std::string& name) {
  const char* folder = std::getenv("CHANCERY_VECTORS");
  if (folder == nullptr) {
    std::cout << "skipped: jades/" << name
              << ", as CHANCERY_VECTORS is not set\n";
    return std::nullopt;
  }
  return read_text(std::filesystem::path(folder) / "jades" / name);
}

seal_check_options under_root(const std::string& root) {
  seal_check_options options;
  options.roots = read_certificates(seal_vector(root).value());
  options.at = seal_vector_time;
  return options;
}

std::string all_sentences(const seal_report& report) {
  std::string text;
  for (const auto& failure : report.failures)
    text += std::to_string(failure.rule) + ": " + failure.sentence + "\n";
  for (const auto& warning : report.warnings)
    text += "warning: " + warning + "\n";
  return text;
}

/// What a plain verifier of RFC 7515 says, "any" where verifiers differ.
void check_signature_verdict(const std::string& name, const std::string& jose,
                             const seal_report& report) {
  // Plain verifiers do not know sigD, and have the key from elsewhere.
  const bool knows_more = name == "sigd_in_crit";
  const bool has_no_key = report.certificate == seal_certificate::absent;
  if (jose == "any" || (has_no_key && jose == "valid"))
    return;
  BOOST_TEST((report.signature == seal_signature::valid) ==
                 (jose == "valid" || knows_more),
             name << ": " << to_text(report.signature) << "\n"
                  << all_sentences(report));
}

void check_case(const nlohmann::json& vector) {
  const auto name = vector.at("name").get<std::string>();
  auto options = under_root("pki/" + vector.at("ca").get<std::string>());
  const auto record = seal_vector("record.bin").value();
  if (name == "sigd_in_crit")
    options.record = record;
  const auto report = check_seal(vector.at("jws").get<std::string>(), options);
  check_signature_verdict(name, vector.at("jose").get<std::string>(), report);
  BOOST_TEST(to_text(report.level) == vector.at("level").get<std::string>(),
             name << "\n"
                  << all_sentences(report));
  BOOST_TEST(to_text(report.certificate) ==
                 vector.at("certificate").get<std::string>(),
             name << "\n"
                  << all_sentences(report));
  const bool is_good = report.signature == seal_signature::valid &&
                       report.level != seal_level::none &&
                       (report.certificate == seal_certificate::valid ||
                        report.certificate == seal_certificate::warning);
  BOOST_TEST((report.verdict == seal_verdict::valid) == is_good,
             name << ": " << to_text(report.verdict));
  BOOST_TEST(report.failures.empty() == (is_good || name == "thumbprint_alone"),
             name);
}

} // namespace

BOOST_AUTO_TEST_CASE(compact_seals_of_others_get_the_three_verdicts) {
  const auto text = seal_vector("compact.json");
  if (!text)
    return;
  const auto cases = nlohmann::json::parse(*text).at("cases");
  BOOST_TEST(cases.size() == 48u);
  for (const auto& vector : cases)
    check_case(vector);
}

BOOST_AUTO_TEST_CASE(flattened_seals_of_others_get_their_level) {
  const auto text = seal_vector("flattened.json");
  if (!text)
    return;
  const auto options = under_root("pki/ca.pem");
  const auto cases = nlohmann::json::parse(*text).at("cases");
  for (const auto& vector : cases) {
    const auto name = vector.at("name").get<std::string>();
    const auto level = vector.at("level").get<std::string>();
    const auto report = check_seal(vector.at("jws").dump(), options);
    BOOST_TEST((level == "any" || to_text(report.level) == level),
               name << "\n"
                    << all_sentences(report));
    BOOST_TEST(to_text(report.signature) == "valid", name);
    BOOST_TEST(to_text(report.certificate) == "valid", name);
    // What is broken is named, though it is not signed.
    const bool is_whole = vector.at("why").get<std::string>().empty();
    BOOST_TEST((report.verdict == seal_verdict::valid) == is_whole,
               name << "\n"
                    << all_sentences(report));
    if (!is_whole) {
      BOOST_REQUIRE(report.failures.size() == 1u);
      BOOST_TEST(report.failures.front().rule == 8, name);
    }
    BOOST_TEST(report.proven_at.has_value() == (level == "B-T"), name);
    if (level == "B-T")
      BOOST_TEST(report.judged_at == *report.proven_at);
  }
}

BOOST_AUTO_TEST_CASE(files_of_others_are_taken_with_their_record) {
  const auto record = seal_vector("record.bin");
  if (!record)
    return;
  for (const std::string folder : {"", "rsa/"}) {
    const auto options =
        under_root(folder.empty() ? "pki/ca.pem" : "rsa/ca.pem");
    const auto compact =
        check_seal(seal_vector(folder + "record.jws").value(), options);
    BOOST_TEST(to_text(compact.verdict) == "valid", all_sentences(compact));
    BOOST_TEST(to_text(compact.level) == "B-B");
    BOOST_TEST(compact.record == *record);
    BOOST_TEST((compact.signed_at == seal_vector_time));
    const auto stamped =
        check_seal(seal_vector(folder + "record-bt.json").value(), options);
    BOOST_TEST(to_text(stamped.verdict) == "valid", all_sentences(stamped));
    BOOST_TEST(to_text(stamped.level) == "B-T");
    BOOST_TEST(stamped.proven_at.value() > seal_vector_time);
  }
}

BOOST_AUTO_TEST_CASE(a_token_of_an_unknown_authority_proves_no_time) {
  const auto stamped = seal_vector("rsa/record-bt.json");
  if (!stamped)
    return;
  const auto report = check_seal(*stamped, under_root("pki/ca.pem"));
  BOOST_TEST(to_text(report.level) == "B-T");
  BOOST_TEST(!report.proven_at);
  BOOST_TEST(to_text(report.certificate) == "untrusted");
  BOOST_TEST(to_text(report.verdict) == "invalid");
}

BOOST_AUTO_TEST_CASE(a_revoked_certificate_is_no_signers) {
  const auto compact = seal_vector("compact.json");
  if (!compact)
    return;
  auto options = under_root("pki/ca.pem");
  options.lists.push_back(
      read_revocation_list(seal_vector("pki/empty.crl").value()));
  const auto seals = nlohmann::json::parse(*compact).at("cases");
  for (const auto& seal : {seals[0], seals[1]}) {
    const auto report = check_seal(seal.at("jws").get<std::string>(), options);
    BOOST_TEST(to_text(report.verdict) == "valid", all_sentences(report));
    BOOST_TEST(report.warnings.empty(), all_sentences(report));
  }
  options.lists = {
      read_revocation_list(seal_vector("pki/revoked.crl").value())};
  std::size_t revoked = 0;
  for (const auto& seal : {seals[0], seals[1]}) {
    const auto report = check_seal(seal.at("jws").get<std::string>(), options);
    if (report.certificate != seal_certificate::revoked)
      continue;
    ++revoked;
    BOOST_TEST(to_text(report.verdict) == "invalid");
    BOOST_TEST(report.failures.size() == 1u, all_sentences(report));
    BOOST_TEST(report.failures.front().rule == 12);
  }
  BOOST_TEST(revoked == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
