// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_check.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/seals/jades_header.hpp"
#include "crypto/seals/seal_text.hpp"
#include "tests/crypto/seals/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

BOOST_AUTO_TEST_SUITE(seal_check_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

BOOST_AUTO_TEST_CASE(seals_on_both_curves_are_valid_in_both_forms) {
  for (const auto c : {curve::p256, curve::p384}) {
    const auto& maker = seal_maker::on(c);
    const auto seal = maker.compact(maker.header(), "a record");
    for (const auto& text : {seal, flattened(seal, "")}) {
      const auto report = check_seal(text, maker.options());
      BOOST_TEST(to_text(report.verdict) == "valid", failures_of(report));
      BOOST_TEST(to_text(report.signature) == "valid");
      BOOST_TEST(to_text(report.level) == "B-B");
      BOOST_TEST(to_text(report.certificate) == "valid", warnings_of(report));
      BOOST_TEST(report.record == "a record");
      BOOST_TEST((report.signed_at == maker.time()));
      BOOST_TEST((report.signer == maker.signer()));
      BOOST_TEST(contains(warnings_of(report), "no list of revocations"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_header_of_this_program_makes_a_valid_seal) {
  for (const auto c : {curve::p256, curve::p384}) {
    const auto& maker = seal_maker::on(c);
    const std::vector<std::span<const std::byte>> leaf{maker.signer().der()};
    for (const std::string type : {"", "json"}) {
      const jades_header header(c, type, leaf);
      const auto seal = maker.signed_text(header.encoded(maker.time()) + "." +
                                          base64url_encode(bytes("a record")));
      const auto report = check_seal(seal, maker.options());
      BOOST_TEST(to_text(report.verdict) == "valid", failures_of(report));
      BOOST_TEST(to_text(report.certificate) == "valid", warnings_of(report));
      BOOST_TEST((report.signed_at == maker.time()));
    }
  }
}

BOOST_AUTO_TEST_CASE(no_changed_byte_leaves_a_seal_valid) {
  for (const auto c : {curve::p256, curve::p384}) {
    const auto& maker = seal_maker::on(c);
    const auto options = maker.options();
    auto seal = maker.compact(maker.header(), "a record");
    for (auto& byte : seal) {
      const char before = byte;
      // Another character of the alphabet, a dot, one that is neither, and the
      // neighbour by the last bit, which finds stray bits at an end.
      for (const char other : {before == 'A' ? 'B' : 'A', '.', '=',
                               static_cast<char>(before ^ 1)}) {
        byte = other;
        BOOST_REQUIRE_MESSAGE(other == before ||
                                  check_seal(seal, options).verdict !=
                                      seal_verdict::valid,
                              "changed byte " << &byte - seal.data());
      }
      byte = before;
    }
    BOOST_TEST(to_text(check_seal(seal, options).verdict) == "valid");
  }
}

BOOST_AUTO_TEST_CASE(no_cut_or_lengthened_seal_is_valid) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto seal = maker.compact(maker.header(), "a record");
  for (std::size_t size = 0; size < seal.size(); ++size)
    BOOST_REQUIRE(check_seal(seal.substr(0, size), maker.options()).verdict ==
                  seal_verdict::invalid);
  for (const char more : {'A', '.', '=', ' ', '\0'})
    BOOST_TEST(to_text(check_seal(seal + more, maker.options()).verdict) ==
               "invalid");
  BOOST_TEST(
      breaks_rule(check_seal(seal + "\n", maker.options()), 7, "line end"));
}

BOOST_AUTO_TEST_CASE(a_record_outside_has_to_be_given) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto header = base64url_encode(bytes(maker.header()));
  const auto seal =
      maker.signed_text(header + "." + base64url_encode(bytes("a record")));
  const auto detached = header + ".." + signature_part(seal);
  BOOST_TEST(contains(failures_of(check_seal(detached, maker.options())),
                      "7: the payload is missing"));
  auto options = maker.options();
  options.record = "a record";
  BOOST_TEST(to_text(check_seal(detached, options).verdict) == "valid");
  BOOST_TEST(to_text(check_seal(seal, options).verdict) == "valid");
  options.record = "another";
  BOOST_TEST(to_text(check_seal(detached, options).signature) == "invalid");
  BOOST_TEST(breaks_rule(check_seal(seal, options), 7, "given beside it"));
}

BOOST_AUTO_TEST_CASE(content_that_sig_d_names_is_checked) {
  const auto& maker = seal_maker::on(curve::p256);
  // sha256 of base64url("a record"), by the openssl command line
  const auto digest = run("printf %s 'a record' | basenc -w0 --base64url | "
                          "tr -d = | openssl dgst -sha256 -binary | "
                          "basenc -w0 --base64url | tr -d =");
  const auto by_hash = maker.compact(
      maker.header(fmt::format(
          R"(,"sigD":{{"mId":"http://uri.etsi.org/19182/ObjectIdByURIHash",)"
          R"("pars":["a"],"hashM":"S256","hashV":["{}"]}},"crit":["sigD"])",
          digest)),
      "");
  auto options = maker.options();
  const auto unseen = check_seal(by_hash, options);
  BOOST_TEST(to_text(unseen.verdict) == "indeterminate", failures_of(unseen));
  BOOST_TEST(to_text(unseen.signature) == "valid");
  options.record = "a record";
  BOOST_TEST(to_text(check_seal(by_hash, options).verdict) == "valid");
  options.record = "another";
  BOOST_TEST(breaks_rule(check_seal(by_hash, options), 6, "digest"));

  const auto by_uri = maker.compact(
      maker.header(
          R"(,"sigD":{"mId":"http://uri.etsi.org/19182/ObjectIdByURI",)"
          R"("pars":["a"]},"crit":["sigD"])"),
      "a record");
  const auto header = by_uri.substr(0, by_uri.find('.'));
  const auto detached = header + ".." + signature_part(by_uri);
  options.record = "a record";
  BOOST_TEST(to_text(check_seal(detached, options).verdict) == "valid");
  options.record.reset();
  BOOST_TEST(to_text(check_seal(detached, options).verdict) == "indeterminate");
  BOOST_TEST(breaks_rule(check_seal(by_uri, options), 6, "beside a payload"));
}

BOOST_AUTO_TEST_CASE(a_payload_may_stand_as_it_is) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto header =
      base64url_encode(bytes(maker.header(R"(,"b64":false,"crit":["b64"])")));
  const auto seal = maker.signed_text(header + ".plain");
  const auto report = check_seal(seal, maker.options());
  BOOST_TEST(to_text(report.verdict) == "valid", failures_of(report));
  BOOST_TEST(report.record == "plain");
}

BOOST_AUTO_TEST_CASE(the_certificate_is_judged_at_the_time_that_is_given) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto seal = maker.compact(maker.header(), "a record");
  auto options = maker.options();
  options.at = maker.signer().not_after() + 1;
  const auto late = check_seal(seal, options);
  BOOST_TEST(to_text(late.certificate) == "expired");
  BOOST_TEST(late.failures.front().rule == 12);
  BOOST_TEST(to_text(late.level) == "B-B");
  BOOST_TEST(to_text(late.verdict) == "invalid");
  options.at = 0;
  const auto early = check_seal(seal, options);
  BOOST_TEST(to_text(early.certificate) == "not_yet_valid");
  BOOST_TEST(contains(warnings_of(early), "later than the time of judging"));
  options.at_signing_time = true;
  const auto believed = check_seal(seal, options);
  BOOST_TEST(to_text(believed.verdict) == "valid");
  BOOST_TEST(believed.judged_at == maker.time());
  BOOST_TEST(contains(warnings_of(believed), "which nothing proves"));
}

BOOST_AUTO_TEST_CASE(a_claimed_time_outside_of_the_certificate_is_refused) {
  const auto& maker = seal_maker::on(curve::p256);
  auto header = maker.header();
  const auto now = std::to_string(maker.time());
  header.replace(header.find(now), now.size(),
                 std::to_string(maker.signer().not_after() + 1));
  const auto report =
      check_seal(maker.compact(header, "a record"), maker.options());
  BOOST_TEST(breaks_rule(report, 2, "at which its certificate is not valid"));
  BOOST_TEST(to_text(report.level) == "B-B");
}

BOOST_AUTO_TEST_CASE(without_roots_nothing_vouches_for_the_signer) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto seal = maker.compact(maker.header(), "a record");
  auto options = maker.options();
  options.roots.clear();
  const auto report = check_seal(seal, options);
  BOOST_TEST(to_text(report.verdict) == "indeterminate", failures_of(report));
  BOOST_TEST(to_text(report.signature) == "valid");
  BOOST_TEST(to_text(report.certificate) == "untrusted");
  BOOST_TEST(contains(warnings_of(report), "no root certificate was given"));
  options.roots = {seal_maker::on(curve::p384).root()}; // of the same name
  const auto foreign = check_seal(seal, options);
  BOOST_TEST(to_text(foreign.verdict) == "invalid");
  BOOST_TEST(to_text(foreign.certificate) == "untrusted");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_seal_is_refused_by_a_sentence) {
  const auto& maker = seal_maker::on(curve::p256);
  const auto options = maker.options();
  BOOST_TEST(breaks_rule(check_seal("", options), 7, "no JWS"));
  BOOST_TEST(breaks_rule(check_seal("a.b", options), 7, "three parts"));
  BOOST_TEST(breaks_rule(check_seal(" {", options), 7, "not valid JSON"));
  BOOST_TEST(breaks_rule(check_seal("{}", options), 7, "\"protected\""));
  BOOST_TEST(
      breaks_rule(check_seal(R"({"payload":"","signatures":[]})", options), 7,
                  "flattened"));
  const std::string large(seal_size_max + 1, 'A');
  BOOST_TEST(breaks_rule(check_seal(large, options), 7, "bytes"));
  const auto seal = flattened(maker.compact(maker.header(), "a"), "");
  const auto report =
      check_seal(seal.substr(0, seal.size() - 1) + R"(,"more":1})", options);
  BOOST_TEST(to_text(report.verdict) == "valid", failures_of(report));
  BOOST_TEST(contains(warnings_of(report), "ignored"));
}

BOOST_AUTO_TEST_CASE(base64_has_one_spelling) {
  BOOST_TEST((decode_base64("+/A=") == "\xfb\xf0"));
  BOOST_TEST((decode_base64("") == ""));
  for (const auto* const wrong :
       {"+/A", "-_A=", "+/B=", "+/A= ", "\n+/A=", "A===", "====", "+/=A"})
    BOOST_TEST(!decode_base64(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
