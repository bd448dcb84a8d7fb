// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/sealing_keys.hpp"

#include "actors/signing/certificate_book.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/revocation_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace chancery::actors {

namespace {

using crypto::certificate_state;

using lists_by_issuer =
    std::map<std::vector<std::byte>, crypto::revocation_list>;

lists_by_issuer lists_of(const certificate_book& book) {
  lists_by_issuer lists;
  for (const auto& list : book.lists()) {
    const auto issuer = list.issuer_key_id();
    lists.emplace(std::vector(issuer.begin(), issuer.end()), list);
  }
  return lists;
}

/// As lists are keyed: by what a list states, and what it falls back to.
std::vector<std::vector<std::byte>> names_of(const crypto::certificate& ca) {
  const auto id = ca.subject_key_id();
  const auto hash = crypto::sha256(ca.subject_name());
  const auto hashed = std::as_bytes(std::span(hash));
  return {{id.begin(), id.end()}, {hashed.begin(), hashed.end()}};
}

struct chain_window {
  std::int64_t begins = std::numeric_limits<std::int64_t>::min();
  std::int64_t ends = std::numeric_limits<std::int64_t>::max(); ///< inclusive
  bool revoked = false;
};

chain_window window_of(const stored_chain& chain,
                       const lists_by_issuer& lists) {
  chain_window window;
  std::vector<crypto::certificate> certificates{chain.leaf};
  certificates.insert(certificates.end(), chain.issuers.begin(),
                      chain.issuers.end());
  certificates.push_back(chain.root);
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const auto& one = certificates[i];
    window.begins = std::max(window.begins, one.not_before());
    window.ends = std::min(window.ends, one.not_after());
    if (i + 1 == certificates.size())
      break; // nobody revokes a root
    for (const auto& name : names_of(certificates[i + 1])) {
      const auto list = lists.find(name);
      if (list == lists.end())
        continue;
      window.revoked =
          window.revoked || list->second.find(one.serial()).has_value();
    }
  }
  return window;
}

certificate_state state_of(const chain_window& window, std::int64_t at,
                           std::int64_t margin) {
  if (window.revoked)
    return certificate_state::revoked;
  if (at < window.begins)
    return certificate_state::future;
  if (at >= window.ends - margin)
    return certificate_state::expired;
  return certificate_state::valid;
}

const char* left_out_name(certificate_state state) {
  switch (state) {
  case certificate_state::none:
    return "without a certificate";
  case certificate_state::future:
    return "not valid yet";
  case certificate_state::revoked:
    return "revoked";
  default:
    return "expired or nearly so";
  }
}

} // namespace

std::string sealing_keys::left_out_text() const {
  std::uint64_t all = 0;
  std::string parts;
  for (const auto& [state, count] : left_out) {
    all += count;
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", count,
                         left_out_name(state));
  }
  if (all == 0)
    return {};
  return fmt::format("{} left out: {}",
                     all == 1 ? std::string("1 key is")
                              : fmt::format("{} keys are", all),
                     parts);
}

sealing_keys find_sealing_keys(const storage::snapshot& view,
                               std::span<const storage::key_name> keys,
                               std::uint64_t at_ms,
                               std::chrono::seconds margin) {
  const auto at = static_cast<std::int64_t>(at_ms / 1'000);
  certificate_book book(view);
  const auto lists = lists_of(book);
  sealing_keys found;
  auto first_end = std::numeric_limits<std::int64_t>::max();
  for (const auto& key : keys) {
    const auto chain = book.current(view, key);
    if (!chain) {
      ++found.left_out[certificate_state::none];
      continue;
    }
    const auto window = window_of(*chain, lists);
    const auto state = state_of(window, at, margin.count());
    if (!crypto::can_seal(state)) {
      ++found.left_out[state];
      continue;
    }
    found.ids.push_back(key);
    found.leaves.emplace(key, chain->leaf.id());
    first_end = std::min(first_end, window.ends);
  }
  if (!found.ids.empty())
    found.ends_ms =
        static_cast<std::uint64_t>(first_end - margin.count()) * 1'000;
  return found;
}

} // namespace chancery::actors
