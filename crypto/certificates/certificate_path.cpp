// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate_path.hpp"

#include "crypto/certificates/certificate_parts.hpp"
#include "crypto/certificates/path_rules.hpp"

#include <botan/pkix_types.h>
#include <botan/x509cert.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chancery::crypto {

namespace {

/// Judging one takes some milliseconds when its authorities have RSA keys.
constexpr int paths_max = 32;
/// Steps of the search, most of which end before a path is found.
constexpr int steps_max = 10'000;

bool names_issuer(const certificate& subject, const certificate& issuer) {
  return to_botan(subject).issuer_dn() == to_botan(issuer).subject_dn();
}

/// Two certificates of one authority, for example by itself and by another:
/// a path that passes both goes in a circle (RFC 4158 section 2.4.2).
bool same_authority(const certificate& a, const certificate& b) {
  return to_botan(a).subject_dn() == to_botan(b).subject_dn() &&
         to_botan(a).subject_public_key_info() ==
             to_botan(b).subject_public_key_info();
}

bool key_ids_agree(const certificate& subject, const certificate& issuer) {
  return std::ranges::equal(subject.authority_key_id(),
                            issuer.subject_key_id());
}

/// Depth first, from the leaf up.
class path_search {
 public:
  path_search(std::span<const certificate> issuers,
              std::span<const certificate> roots,
              std::span<const revocation_list> lists, std::int64_t at)
      : issuers_(distinct(issuers)), roots_(distinct(roots)), lists_(lists),
        at_(at) {}

  path_finding run(const certificate& leaf) {
    path_.push_back(leaf);
    extend();
    if (!best_)
      return nothing_found(leaf);
    if (gave_up_ && best_->verdict != certificate_verdict::valid)
      best_->why += "; not all of many possible paths were tried";
    return std::move(*best_);
  }

 private:
  static std::vector<certificate> distinct(std::span<const certificate> from) {
    std::vector<certificate> out(from.begin(), from.end());
    std::ranges::sort(out, {}, &certificate::id);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  bool is_done() const {
    return gave_up_ || (best_ && best_->verdict == certificate_verdict::valid);
  }

  /// Those that may have issued the end of the path; the likely ones first.
  std::vector<certificate> candidates(const std::vector<certificate>& from) {
    std::vector<certificate> out;
    std::ranges::copy_if(from, std::back_inserter(out), [&](const auto& c) {
      return names_issuer(path_.back(), c) &&
             std::ranges::none_of(path_, [&](const auto& passed) {
               return same_authority(passed, c);
             });
    });
    std::stable_partition(out.begin(), out.end(), [&](const auto& c) {
      return key_ids_agree(path_.back(), c);
    });
    return out;
  }

  void judge_with(const certificate& root) {
    if (++judged_ > paths_max) {
      gave_up_ = true;
      return;
    }
    auto path = path_;
    path.push_back(root);
    auto finding = judge_path(std::move(path), lists_, at_);
    // An early reason is kept unless a later path gets further than trust.
    if (!best_ || finding.verdict == certificate_verdict::valid ||
        best_->verdict == certificate_verdict::untrusted)
      best_ = std::move(finding);
  }

  void extend() {
    if (++steps_ > steps_max)
      gave_up_ = true;
    if (is_done() || path_.size() >= path_length_max)
      return;
    for (const auto& root : candidates(roots_)) {
      if (is_done())
        return;
      judge_with(root);
    }
    for (const auto& issuer : candidates(issuers_)) {
      if (is_done())
        return;
      path_.push_back(issuer);
      extend();
      path_.pop_back();
    }
  }

  path_finding nothing_found(const certificate& leaf) const {
    path_finding finding;
    if (gave_up_)
      finding.why = "too many certificates have the same names to find out "
                    "which of them lead to a root";
    else if (std::ranges::find(roots_, leaf) != roots_.end())
      finding.why = fmt::format("the certificate '{}' is itself a root, and no "
                                "authority issued it",
                                leaf.subject());
    else
      finding.why = fmt::format(
          "no chain leads from the certificate '{}' to a root that is trusted: "
          "its issuer is '{}'",
          leaf.subject(), leaf.issuer());
    return finding;
  }

  const std::vector<certificate> issuers_;
  const std::vector<certificate> roots_;
  const std::span<const revocation_list> lists_;
  const std::int64_t at_;
  std::vector<certificate> path_;
  std::optional<path_finding> best_;
  int judged_ = 0;
  int steps_ = 0;
  bool gave_up_ = false;
};

} // namespace

path_finding check_path(const certificate& leaf,
                        std::span<const certificate> issuers,
                        std::span<const certificate> roots,
                        std::span<const revocation_list> lists,
                        std::int64_t at) {
  return path_search(issuers, roots, lists, at).run(leaf);
}

} // namespace chancery::crypto
