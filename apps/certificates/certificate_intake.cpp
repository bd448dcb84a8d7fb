// SPDX-License-Identifier: Apache-2.0
#include "apps/certificates/certificate_intake.hpp"

#include "crypto/certificates/certificate_path.hpp"
#include "crypto/certificates/seal_profile.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace {

[[noreturn]] void refuse(const crypto::certificate& c, std::string_view why) {
  throw std::runtime_error(fmt::format(
      "the certificate '{}' (serial number {}) cannot be used: {}; nothing was "
      "stored",
      c.subject(), c.serial(), why));
}

using found_leaves = std::map<crypto::key_id, crypto::certificate>;

/// Authorities are issuers, whatever their keys are; all others must be for
/// active keys.
found_leaves find_leaves(const crypto::public_keyring& keys,
                         std::span<const crypto::certificate> given) {
  std::map<crypto::key_id, const crypto::public_keyring_key*> known;
  for (const auto& each : keys.keys)
    known.emplace(each.key.id(), &each);
  found_leaves leaves;
  for (const auto& c : given) {
    const auto own = c.key() ? known.find(c.key()->id()) : known.end();
    if (own == known.end()) {
      if (!c.is_authority())
        refuse(c, "the keyring has no such key");
      continue;
    }
    if (own->second->state != crypto::key_state::active)
      refuse(c, fmt::format("its key {} is retired, and only active keys get "
                            "certificates",
                            crypto::to_text(own->first)));
    const auto [place, is_new] = leaves.emplace(own->first, c);
    if (!is_new && !(place->second == c))
      refuse(c, fmt::format("there is another one for the same key {}: leave "
                            "one of them out",
                            crypto::to_text(own->first)));
  }
  return leaves;
}

/// Many certificates deserve the same warnings: each one is said once.
class warning_book {
 public:
  /// About the certificate of that name.
  void add(const std::string& subject, const std::string& what) {
    const auto [place, is_new] = kinds_.emplace(what, kind{subject, 0});
    ++place->second.count;
    if (is_new)
      order_.push_back(place);
  }

  std::vector<std::string> sentences() const {
    std::vector<std::string> out;
    for (const auto& place : order_) {
      const auto& [what, about] = *place;
      out.push_back(about.count == 1
                        ? fmt::format("certificate '{}': {}", about.first, what)
                        : fmt::format("certificate '{}' and {} others: {}",
                                      about.first, about.count - 1, what));
    }
    return out;
  }

 private:
  struct kind {
    std::string first;
    std::size_t count;
  };
  std::map<std::string, kind> kinds_;
  std::vector<std::map<std::string, kind>::const_iterator> order_;
};

/// One that is not valid yet is stored already, for the day when it is.
std::vector<crypto::certificate>
check_leaf(const crypto::certificate& leaf,
           std::span<const crypto::certificate> issuers,
           std::span<const crypto::certificate> roots,
           std::span<const crypto::revocation_list> lists, std::int64_t at,
           warning_book& warnings) {
  auto profile = crypto::check_seal_profile(leaf);
  if (!profile.refusal.empty())
    refuse(leaf, profile.refusal);
  auto path = crypto::check_path(leaf, issuers, roots, lists, at);
  if (path.verdict == crypto::certificate_verdict::not_yet_valid)
    warnings.add(leaf.subject(), "not valid yet");
  else if (path.verdict != crypto::certificate_verdict::valid)
    refuse(leaf, path.why);
  for (const auto& what : profile.warnings)
    warnings.add(leaf.subject(), what);
  for (const auto& what : path.warnings)
    warnings.add(leaf.subject(), what);
  return std::move(path.path);
}

} // namespace

certificate_intake
take_certificates(const crypto::public_keyring& keys,
                  std::span<const crypto::certificate> given,
                  std::span<const crypto::certificate> roots,
                  std::span<const crypto::revocation_list> lists,
                  std::int64_t at) {
  const auto leaves = find_leaves(keys, given);
  if (leaves.empty())
    throw std::runtime_error("there is no certificate for a key of the keyring "
                             "among them: nothing was stored");
  std::vector<crypto::certificate> issuers;
  std::ranges::copy_if(given, std::back_inserter(issuers),
                       &crypto::certificate::is_authority);
  certificate_intake intake;
  warning_book warnings;
  for (const auto& [key, leaf] : leaves)
    intake.taken.push_back(
        {key, check_leaf(leaf, issuers, roots, lists, at, warnings)});
  intake.warnings = warnings.sentences();
  return intake;
}

} // namespace chancery::apps
