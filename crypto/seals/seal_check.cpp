// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_check.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/certificates/certificate_path.hpp"
#include "crypto/providers/provider.hpp"
#include "crypto/seals/seal_digest.hpp"
#include "crypto/seals/seal_header.hpp"
#include "crypto/seals/seal_stamps.hpp"
#include "crypto/seals/seal_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace chancery::crypto {

namespace {

seal_certificate as_seal_certificate(certificate_verdict verdict) {
  switch (verdict) {
  case certificate_verdict::valid:
    return seal_certificate::valid;
  case certificate_verdict::untrusted:
    return seal_certificate::untrusted;
  case certificate_verdict::expired:
    return seal_certificate::expired;
  case certificate_verdict::not_yet_valid:
    return seal_certificate::not_yet_valid;
  case certificate_verdict::revoked:
    return seal_certificate::revoked;
  case certificate_verdict::malformed:
    return seal_certificate::malformed;
  }
  return seal_certificate::malformed;
}

/// Where a signer's certificate is not as EN 319 412-3 asks.
std::vector<std::string> profile_warnings(const certificate& signer) {
  std::vector<std::string> warnings;
  const auto expect = [&](bool holds, const char* sentence) {
    if (!holds)
      warnings.emplace_back(sentence);
  };
  expect(!signer.is_authority(), "the signer's certificate is an authority's");
  expect(signer.states_usage() &&
             signer.allows(certificate_usage::non_repudiation),
         "the signer's certificate does not state nonRepudiation as key usage, "
         "which seals have");
  expect(signer.names_issuer_address(),
         "the signer's certificate does not say where its issuer's is (AIA)");
  expect(!signer.authority_key_id().empty(),
         "the signer's certificate does not name its issuer's key (AKI)");
  return warnings;
}

class seal_checker {
 public:
  explicit seal_checker(const seal_check_options& options)
      : options_(options) {}

  seal_report check(std::string_view text) {
    report_.judged_at = options_.at;
    if (auto read = read_seal_text(text, report_.failures, report_.warnings)) {
      text_ = *std::move(read);
      header_ = read_seal_header(text_.protected_part, !text_.payload.empty(),
                                 report_.failures);
      report_.signed_at = header_.signed_at;
      check_record();
      check_signature();
      judge_level();
      judge_certificate();
    }
    judge_all();
    return std::move(report_);
  }

 private:
  void fail(int rule, std::string sentence) {
    report_.failures.push_back({rule, std::move(sentence)});
  }

  void lack(std::string sentence) {
    is_lacking_ = true;
    report_.warnings.push_back(std::move(sentence));
  }

  /// The record as the signature covers it.
  std::string encoded(std::string_view record) const {
    return header_.is_encoded ? base64url_encode(bytes_of(record))
                              : std::string(record);
  }

  void check_record() {
    if (text_.payload.empty())
      return check_record_outside();
    signed_payload_ = text_.payload;
    auto inside = header_.is_encoded ? base64url_decode(text_.payload)
                                     : std::optional(text_.payload);
    if (!inside) {
      is_readable_ = false;
      return fail(7, "the payload is not base64url without padding");
    }
    report_.record = *std::move(inside);
    if (options_.record && *options_.record != report_.record)
      fail(7, "the record inside is not the one that was given beside it");
  }

  void check_record_outside() {
    using enum seal_content::kind;
    if (header_.content && header_.content->mechanism == other)
      return lack("sigD names content in a way that is not checked");
    if (header_.content && header_.content->mechanism == by_uri_hash) {
      signed_payload_ = "";
      return check_content_digest();
    }
    if (options_.record)
      signed_payload_ = encoded(*options_.record);
    else if (header_.content)
      lack("the record is not inside: give it beside the seal");
    else {
      signed_payload_ = "";
      fail(7, "the payload is missing: give the record beside the seal");
    }
  }

  void check_content_digest() {
    if (!options_.record)
      return lack("the record is not inside, but its digest is: give the "
                  "record beside the seal");
    const auto content = encoded(*options_.record);
    if (seal_digest(header_.content->algorithm, bytes_of(content)) !=
        header_.content->digest)
      fail(6, "the digest in sigD is not that of the record");
  }

  void check_signature() {
    const auto raw = base64url_decode(text_.signature);
    if (!raw)
      fail(7, "the signature is not base64url without padding");
    const bool is_of_size = raw && header_.algorithm &&
                            raw->size() == signature_size(*header_.algorithm);
    if (raw && header_.algorithm && !is_of_size)
      fail(1, fmt::format("the signature has {} bytes, but {} has {} (r and s, "
                          "not DER)",
                          raw->size(), jws_algorithm(*header_.algorithm),
                          signature_size(*header_.algorithm)));
    report_.signature = seal_signature::invalid;
    if (!is_of_size || !header_.is_processable || !is_readable_)
      return;
    report_.signature = signature_under_key(*raw);
    if (report_.signature == seal_signature::invalid)
      fail(1, "the signature is not of this header and payload under the "
              "certificate's key: something was changed, or another key "
              "signed");
  }

  seal_signature signature_under_key(std::string_view raw) {
    if (header_.chain.empty() || !signed_payload_)
      return seal_signature::unknown;
    const auto& key = header_.chain.front().key();
    if (!key || key->curve() != *header_.algorithm) {
      fail(1, fmt::format("alg is {}, but the certificate's key is of another "
                          "kind",
                          jws_algorithm(*header_.algorithm)));
      return seal_signature::invalid;
    }
    const auto input =
        fmt::format("{}.{}", text_.protected_part, *signed_payload_);
    record_hasher hasher(key->curve());
    std::vector<std::byte> digest(hasher.size());
    hasher(bytes_of(input), digest);
    return make_verifier(single_signatures, key->curve())
                   ->verify(*key, digest, bytes_of(raw))
               ? seal_signature::valid
               : seal_signature::invalid;
  }

  /// Up to here, every failure is one of the format.
  void judge_level() {
    const bool is_b_b = report_.failures.empty();
    if (is_b_b)
      report_.level = seal_level::b_b;
    if (text_.unprotected.empty())
      return;
    const auto before = report_.failures.size();
    const auto stamps =
        check_stamps(text_.unprotected, text_.signature, header_,
                     options_.roots, report_.failures, report_.warnings);
    // A token over a signature that does not hold proves nothing.
    if (report_.signature == seal_signature::invalid)
      return;
    report_.proven_at = stamps.proven_at;
    if (is_b_b && stamps.has_token && report_.failures.size() == before)
      report_.level = seal_level::b_t;
  }

  std::int64_t time_of_judging() {
    if (report_.proven_at)
      return *report_.proven_at;
    if (!options_.at_signing_time || !header_.signed_at)
      return options_.at;
    report_.warnings.push_back("the certificate is judged at the time that the "
                               "signer claims (iat), which nothing proves");
    return *header_.signed_at;
  }

  void judge_certificate() {
    report_.judged_at = time_of_judging();
    report_.certificate = header_.reference;
    if (header_.chain.empty()) {
      if (header_.reference == seal_certificate::absent)
        lack("x5c is missing: without the signer's certificate the signature "
             "cannot be checked");
      return;
    }
    const auto& signer = report_.signer.emplace(header_.chain.front());
    if (header_.signed_at && (*header_.signed_at < signer.not_before() ||
                              *header_.signed_at > signer.not_after()))
      fail(2, "the signer claims a time of signing (iat) at which its "
              "certificate is not valid");
    if (header_.reference == seal_certificate::valid)
      judge_path(signer);
  }

  void judge_path(const certificate& signer) {
    const auto path =
        check_path(signer, std::span(header_.chain).subspan(1), options_.roots,
                   options_.lists, report_.judged_at);
    report_.certificate = as_seal_certificate(path.verdict);
    report_.warnings.insert(report_.warnings.end(), path.warnings.begin(),
                            path.warnings.end());
    if (path.verdict == certificate_verdict::untrusted &&
        options_.roots.empty())
      return lack("no root certificate was given, so nobody vouches for the "
                  "signer's certificate");
    if (path.verdict != certificate_verdict::valid)
      return fail(12, path.why);
    judge_profile(signer, !path.warnings.empty());
    if (!path.revocation_known)
      report_.warnings.push_back(
          "no list of revocations was given that covers the certificates, so a "
          "validation service would say indeterminate");
  }

  /// Of a certificate that leads to a root.
  void judge_profile(const certificate& signer, bool has_warnings) {
    if (!signer.allows(certificate_usage::non_repudiation) &&
        !signer.allows(certificate_usage::digital_signature)) {
      report_.certificate = seal_certificate::untrusted;
      return fail(12, "the signer's certificate is not for signatures: its key "
                      "usage has neither nonRepudiation nor digitalSignature");
    }
    const auto unusual = profile_warnings(signer);
    report_.warnings.insert(report_.warnings.end(), unusual.begin(),
                            unusual.end());
    if (has_warnings || !unusual.empty())
      report_.certificate = seal_certificate::warning;
  }

  void judge_all() {
    if (!report_.failures.empty() ||
        report_.signature == seal_signature::invalid)
      report_.verdict = seal_verdict::invalid;
    else if (is_lacking_ || report_.signature == seal_signature::unknown)
      report_.verdict = seal_verdict::indeterminate;
    else
      report_.verdict = seal_verdict::valid;
  }

  const seal_check_options& options_;
  seal_report report_;
  seal_text text_;
  seal_header header_;
  std::optional<std::string> signed_payload_; ///< none when it is not known
  bool is_readable_ = true;
  bool is_lacking_ = false;
};

} // namespace

seal_report check_seal(std::string_view text,
                       const seal_check_options& options) {
  return seal_checker(options).check(text);
}

} // namespace chancery::crypto
