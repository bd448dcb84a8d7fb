// SPDX-License-Identifier: Apache-2.0
#include "apps/certificates/seal_folder.hpp"

#include "crypto/base/hash.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

namespace {

std::vector<std::byte> name_hash(const crypto::certificate& authority) {
  const auto digest = crypto::sha256(authority.subject_name());
  const auto bytes = std::as_bytes(std::span(digest));
  return {bytes.begin(), bytes.end()};
}

} // namespace

void require_seals(const data_folder& folder, crypto::keyring_purpose purpose) {
  if (purpose != crypto::keyring_purpose::seal)
    throw std::runtime_error(
        fmt::format("the keys of {} sign raw records, and only keys for seals "
                    "get certificates: make another folder with `chancery init "
                    "--purpose seal --data DIR`",
                    folder.root().string()));
}

key_standings::key_standings(const storage::snapshot& view, std::int64_t at,
                             std::uint64_t warn_days)
    : view_(view), at_(at),
      warn_seconds_(static_cast<std::int64_t>(warn_days) * 86'400),
      book_(view) {}

key_standing key_standings::of(const crypto::key_id& key) {
  key_standing standing;
  standing.chain = book_.current(view_, key);
  if (standing.chain) {
    standing.finding = book_.judge(*standing.chain, at_);
    standing.state = crypto::state_of(standing.finding, at_, warn_seconds_);
  }
  return standing;
}

std::size_t store_certificates(storage::write_transaction& transaction,
                               std::span<const taken_certificate> taken,
                               std::uint64_t time_ms) {
  std::size_t added = 0;
  for (const auto& each : taken) {
    const auto& leaf = each.chain.front();
    storage::certificate_chain rows;
    for (const auto& c : each.chain)
      rows.push_back(c.der());
    transaction.put_certificates(leaf.id(), rows);
    if (const auto last = transaction.enrolment_of(each.key);
        last && last->leaf == leaf.id())
      continue;
    transaction.enrol(each.key, leaf.id(), time_ms);
    ++added;
  }
  return added;
}

std::vector<std::byte> list_key_of(const crypto::certificate& authority) {
  const auto id = authority.subject_key_id();
  return id.empty() ? name_hash(authority)
                    : std::vector<std::byte>(id.begin(), id.end());
}

bool names_key_of(const crypto::revocation_list& list,
                  const crypto::certificate& authority) {
  const auto named = list.issuer_key_id();
  return std::ranges::equal(named, list_key_of(authority)) ||
         std::ranges::equal(named, name_hash(authority));
}

std::optional<crypto::revocation_list>
stored_list_of(const storage::snapshot& view,
               const crypto::certificate& authority) {
  const auto wanted = list_key_of(authority);
  std::optional<crypto::revocation_list> found;
  view.each_revocation_list([&](auto key, auto der) {
    if (std::ranges::equal(key, wanted))
      found.emplace(der);
  });
  if (found && !found->is_signed_by(authority))
    throw std::runtime_error(fmt::format(
        "the stored list of revocations is not signed by '{}', though its key "
        "id is the same",
        authority.subject()));
  return found;
}

} // namespace chancery::apps
