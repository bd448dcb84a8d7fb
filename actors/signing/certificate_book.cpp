// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/certificate_book.hpp"

#include "crypto/base/hash.hpp"
#include "crypto/certificates/certificate_path.hpp"
#include "storage/errors.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::actors {

namespace {

constexpr const char* what_to_do = "restore the data folder from a backup";

crypto::revocation_list read_list(std::span<const std::byte> der) {
  try {
    return crypto::revocation_list(der);
  } catch (const std::invalid_argument& e) {
    throw storage::corrupt(fmt::format("a stored list of revocations: {}: {}",
                                       e.what(), what_to_do));
  }
}

} // namespace

certificate_book::certificate_book(const storage::snapshot& view) {
  view.each_revocation_list(
      [&](auto, auto der) { lists_.push_back(read_list(der)); });
}

const crypto::certificate&
certificate_book::read(std::span<const std::byte> der) {
  const auto id = crypto::sha256(der);
  const auto found = known_.find(id);
  if (found != known_.end())
    return found->second;
  try {
    return known_.emplace(id, crypto::certificate(der)).first->second;
  } catch (const std::invalid_argument& e) {
    throw storage::corrupt(
        fmt::format("a stored certificate: {}: {}", e.what(), what_to_do));
  }
}

stored_chain certificate_book::chain_of(const storage::snapshot& view,
                                        const crypto::certificate_id& leaf) {
  const auto rows = view.certificates_of(leaf);
  if (!rows || rows->size() < 2)
    throw storage::corrupt(fmt::format(
        "the certificate of an enrolment is not stored, or without its root: "
        "{}",
        what_to_do));
  stored_chain chain{read(rows->front()), {}, read(rows->back())};
  for (std::size_t i = 1; i + 1 < rows->size(); ++i)
    chain.issuers.push_back(read((*rows)[i]));
  return chain;
}

std::optional<stored_chain>
certificate_book::current(const storage::snapshot& view,
                          const crypto::key_id& key) {
  const auto row = view.enrolment_of(key);
  if (!row)
    return std::nullopt;
  return chain_of(view, row->leaf);
}

crypto::path_finding certificate_book::judge(const stored_chain& chain,
                                             std::int64_t at) const {
  return crypto::check_path(chain.leaf, chain.issuers,
                            std::span(&chain.root, 1), lists_, at);
}

std::vector<crypto::certificate>
stored_authorities(const storage::snapshot& view) {
  certificate_book book(view);
  std::map<crypto::certificate_id, crypto::certificate> found;
  view.each_enrolment([&](const storage::enrolment& row) {
    const auto chain = book.chain_of(view, row.leaf);
    found.emplace(chain.root.id(), chain.root);
    for (const auto& issuer : chain.issuers)
      found.emplace(issuer.id(), issuer);
  });
  std::vector<crypto::certificate> all;
  all.reserve(found.size());
  for (const auto& [id, authority] : found)
    all.push_back(authority);
  return all;
}

} // namespace chancery::actors
