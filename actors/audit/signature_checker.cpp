// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/signature_checker.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::actors {

key_table::key_table(const crypto::public_keyring& keys) : curve_(keys.curve) {
  for (const auto& entry : keys.keys)
    keys_.emplace(entry.key.id(), &entry.key);
}

const crypto::public_key* key_table::find(const storage::key_name& id) const {
  const auto key = keys_.find(id);
  return key == keys_.end() ? nullptr : key->second;
}

std::string wrong_signature::text() const {
  switch (why) {
  case cause::does_not_verify:
    return fmt::format("it does not verify under key {} of batch {}",
                       crypto::to_text(batch->key), batch->first);
  case cause::unknown_key:
    return fmt::format("key {} of batch {} is not in the keyring",
                       crypto::to_text(batch->key), batch->first);
  case cause::no_batch:
    return "no batch holds it";
  case cause::no_record:
    break;
  }
  return "the record is missing";
}

signature_checker::signature_checker(const key_table& keys)
    : keys_(keys), hasher_(keys.curve()),
      verifier_(crypto::make_verifier(
          crypto::provider_from_name("auto", keys.curve()), keys.curve())),
      digests_(capacity * hasher_.size()),
      verdicts_(std::make_unique<bool[]>(capacity)) {}

bool signature_checker::look_up(const storage::snapshot& view,
                                std::uint64_t id) {
  const auto signature = view.signature(id);
  if (!signature)
    return false;
  const auto record = view.record(id);
  const auto* row = record ? row_of(view, id) : nullptr;
  if (row != nullptr)
    add(id, *row, record, *signature);
  else
    hopeless(id,
             record ? wrong_signature::cause::no_batch
                    : wrong_signature::cause::no_record,
             std::nullopt);
  return true;
}

void signature_checker::add(std::uint64_t id, const storage::batch_row& batch,
                            std::optional<std::span<const std::byte>> record,
                            std::span<const std::byte> signature) {
  if (!record)
    return hopeless(id, wrong_signature::cause::no_record, batch);
  const auto* key = keys_.find(batch.key);
  if (key == nullptr)
    return hopeless(id, wrong_signature::cause::unknown_key, batch);
  if (full())
    throw std::logic_error("a signature checker is full: finish() empties it");
  ++looked_up_;
  const auto digest = std::span(digests_).subspan(
      claims_.size() * hasher_.size(), hasher_.size());
  hasher_(*record, digest);
  claims_.push_back({key, digest, signature});
  if (rows_.empty() || rows_.back() != batch)
    rows_.push_back(batch);
  places_.push_back({id, rows_.size() - 1});
}

void signature_checker::finish(
    const std::function<void(const wrong_signature&)>& wrong) {
  const auto verdicts = std::span(verdicts_.get(), claims_.size());
  verifier_->verify_batch(claims_, verdicts);
  for (std::size_t i = 0; i < claims_.size(); ++i)
    if (!verdicts[i])
      wrong({places_[i].id, wrong_signature::cause::does_not_verify,
             rows_[places_[i].batch]});
  for (const auto& w : hopeless_)
    wrong(w);
  looked_up_ = 0;
  claims_.clear();
  places_.clear();
  rows_.clear();
  hopeless_.clear();
}

void signature_checker::hopeless(std::uint64_t id, wrong_signature::cause why,
                                 std::optional<storage::batch_row> batch) {
  if (full())
    throw std::logic_error("a signature checker is full: finish() empties it");
  ++looked_up_;
  hopeless_.push_back({id, why, std::move(batch)});
}

// Often the row of the record before.
const storage::batch_row*
signature_checker::row_of(const storage::snapshot& view, std::uint64_t id) {
  if (!rows_.empty() && id >= rows_.back().first &&
      id - rows_.back().first < rows_.back().count)
    return &rows_.back();
  const auto row = view.batch_of(id);
  if (!row)
    return nullptr;
  rows_.push_back(*row);
  return &rows_.back();
}

} // namespace chancery::actors
