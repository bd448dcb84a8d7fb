// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/seal_formats.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/keys/key.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>
#include <variant>

namespace chancery::actors {

namespace {

template <class... Ts>
[[noreturn]] void missing(fmt::format_string<Ts...> text, Ts&&... xs) {
  throw storage::corrupt(fmt::format(text, std::forward<Ts>(xs)...));
}

std::string name_text(const storage::certificate_name& leaf) {
  return crypto::base64url_encode(std::as_bytes(std::span(leaf)));
}

} // namespace

storage::certificate_chain carried_chain(const storage::snapshot& view,
                                         const storage::certificate_name& leaf,
                                         const storage::key_name& key) {
  auto chain = view.certificates_of(leaf);
  if (!chain)
    missing("the certificate {} of key {} is not stored", name_text(leaf),
            crypto::to_text(key));
  try {
    const crypto::certificate stored(chain->front());
    if (stored.id() != leaf || !stored.key() || stored.key()->id() != key)
      missing("the certificate {} is not that of key {}", name_text(leaf),
              crypto::to_text(key));
  } catch (const std::invalid_argument& e) {
    missing("the certificate {} of key {}: {}", name_text(leaf),
            crypto::to_text(key), e.what());
  }
  if (chain->size() > 1)
    chain->pop_back();
  return *std::move(chain);
}

seal_formats::seal_formats(crypto::curve c, std::uint64_t from_event)
    : curve_(c), next_event_(from_event) {}

std::shared_ptr<const crypto::jades_header>
seal_formats::header_of(const storage::snapshot& view, std::uint32_t epoch,
                        const storage::key_name& key) {
  const std::scoped_lock lock(mutex_);
  const auto& seals = seals_of(view, epoch);
  const auto leaf = leaf_in(seals, epoch, key);
  auto& header = headers_[{key, leaf, seals.content_type}];
  if (!header)
    header = std::make_shared<const crypto::jades_header>(
        curve_, seals.content_type, carried_chain(view, leaf, key));
  return header;
}

std::string seal_formats::content_type_of(const storage::snapshot& view,
                                          std::uint32_t epoch) {
  const std::scoped_lock lock(mutex_);
  return seals_of(view, epoch).content_type;
}

storage::certificate_name seal_formats::leaf_of(const storage::snapshot& view,
                                                std::uint32_t epoch,
                                                const storage::key_name& key) {
  const std::scoped_lock lock(mutex_);
  return leaf_in(seals_of(view, epoch), epoch, key);
}

storage::certificate_name
seal_formats::leaf_in(const epoch_seals& seals, std::uint32_t epoch,
                      const storage::key_name& key) const {
  const auto leaf = seals.leaves.find(key);
  if (leaf == seals.leaves.end())
    missing("epoch {} announces no certificate for key {}", epoch,
            crypto::to_text(key));
  return leaf->second;
}

const seal_formats::epoch_seals&
seal_formats::seals_of(const storage::snapshot& view, std::uint32_t epoch) {
  auto seals = epochs_.find(epoch);
  if (seals == epochs_.end()) {
    read_on(view);
    seals = epochs_.find(epoch);
  }
  if (seals == epochs_.end())
    missing("the journal announces no seals for epoch {}", epoch);
  return seals->second;
}

void seal_formats::read_on(const storage::snapshot& view) {
  auto journal = view.walk(storage::table::journal);
  for (bool more = journal.seek(next_event_); more; more = journal.next()) {
    const auto bytes = journal.value();
    next_event_ = journal.key() + 1;
    if (bytes.empty() || !storage::begins_an_epoch(bytes))
      continue;
    auto event = storage::decode_event(bytes);
    if (auto* opened = std::get_if<storage::epoch_opened>(&event)) {
      opened_ = std::move(*opened);
      continue;
    }
    const auto* announced = std::get_if<storage::format_announced>(&event);
    if (announced == nullptr || !opened_ || opened_->epoch != announced->epoch)
      continue;
    auto& seals = epochs_[announced->epoch];
    seals.content_type = announced->content_type;
    const auto& names = announced->certificates;
    for (std::size_t i = 0; i < names.size() && i < opened_->key_order.size();
         ++i)
      seals.leaves[opened_->key_order[i]] = names[i];
  }
}

} // namespace chancery::actors
