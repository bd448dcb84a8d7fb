// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/trial_authority.hpp"

#include "crypto/base/timestamp.hpp"
#include "crypto/certificates/address_extensions.hpp"
#include "crypto/certificates/certificate_parts.hpp"
#include "crypto/certificates/certificate_signing.hpp"
#include "crypto/certificates/distinguished_name.hpp"
#include "crypto/certificates/revocation_list_signing.hpp"

#include <botan/pkix_types.h>
#include <botan/x509_ext.h>
#include <botan/x509cert.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

using std::chrono::system_clock;
namespace extension = Botan::Cert_Extension;

/// A certificate's dates have whole seconds.
std::int64_t seconds_since_1970(system_clock::time_point time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch())
      .count();
}

system_clock::time_point moment_at(std::int64_t seconds) {
  return system_clock::time_point(std::chrono::seconds(seconds));
}

} // namespace

certificate trial_authority::make(const private_key& key,
                                  std::span<const std::byte> name,
                                  system_clock::time_point now,
                                  const random_source& random) {
  const auto own_name = to_botan_name(name);
  Botan::Extensions extensions;
  extensions.add(new extension::Basic_Constraints(true, 0), true);
  extensions.add(new extension::Key_Usage(Botan::Key_Constraints(
                     Botan::KEY_CERT_SIGN | Botan::CRL_SIGN)),
                 true);
  extensions.add(
      new extension::Subject_Key_ID(subject_key_id_of(key.public_half())));
  return certificate(
      sign_certificate({key.public_half(), own_name, own_name, now,
                        now + trial_authority_days, extensions},
                       key, random));
}

trial_authority::trial_authority(private_key key, certificate own)
    : key_(std::move(key)), own_(std::move(own)) {
  if (own_.key() != key_.public_half())
    throw std::invalid_argument(
        "the authority's certificate belongs to another key");
  if (!own_.is_authority() || !own_.is_self_signed())
    throw std::invalid_argument(
        "the authority's certificate is not that of an authority");
}

certificate trial_authority::issue(const public_key& key,
                                   std::span<const std::byte> subject,
                                   const seal_terms& terms,
                                   const random_source& random) const {
  const auto now = seconds_since_1970(terms.now);
  if (now >= own_.not_after())
    throw std::invalid_argument(fmt::format(
        "the authority's own certificate expired at {}: make another authority",
        time_in_words(static_cast<std::uint64_t>(own_.not_after()) * 1000)));
  const auto end =
      std::min(seconds_since_1970(terms.now + terms.valid), own_.not_after());
  Botan::Extensions extensions;
  extensions.add(new extension::Basic_Constraints(false), true);
  extensions.add(new extension::Key_Usage(Botan::NON_REPUDIATION), true);
  extensions.add(new extension::Subject_Key_ID(subject_key_id_of(key)));
  extensions.add(
      new extension::Authority_Key_ID(to_botan(own_).subject_key_id()));
  add_addresses(extensions, terms.issuer_url, terms.list_url);
  return certificate(sign_certificate({key, to_botan(own_).subject_dn(),
                                       to_botan_name(subject), moment_at(now),
                                       moment_at(end), extensions},
                                      key_, random));
}

void trial_authority::require_own(const certificate& c) const {
  if (!std::ranges::equal(c.issuer_name(), own_.subject_name()) ||
      !std::ranges::equal(c.authority_key_id(), own_.subject_key_id()))
    throw std::invalid_argument(
        fmt::format("the certificate '{}' was issued by another authority, "
                    "which has to revoke it",
                    c.subject()));
}

revocation_list trial_authority::next_list(
    const std::optional<revocation_list>& last,
    std::span<const certificate> revoked, revocation_reason reason,
    system_clock::time_point now, std::chrono::days valid,
    const random_source& random) const {
  if (last && !last->is_signed_by(own_))
    throw std::invalid_argument(
        "the last list of revocations is another authority's");
  list_statement stated{own_,
                        moment_at(seconds_since_1970(now)),
                        moment_at(seconds_since_1970(now + valid)),
                        1,
                        {}};
  if (last) {
    stated.number = number_after(*last);
    const auto entries = last->entries();
    stated.entries.assign(entries.begin(), entries.end());
  }
  const auto from =
      std::chrono::ceil<std::chrono::seconds>(now.time_since_epoch()).count();
  for (const auto& c : revoked) {
    require_own(c);
    if (last && last->find(c.serial()))
      throw std::invalid_argument(
          fmt::format("the certificate '{}' with the serial number {} is "
                      "revoked already",
                      c.subject(), c.serial()));
    stated.entries.push_back({c.serial(), {from, reason}});
  }
  return revocation_list(sign_revocation_list(stated, key_, random));
}

} // namespace chancery::crypto
