// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/signature_checker.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

key_table::key_table(const crypto::public_keyring& keys)
    : curve_(keys.curve), formats_(std::make_unique<seal_formats>(keys.curve)) {
  for (const auto& entry : keys.keys)
    keys_.emplace(entry.key.id(), &entry.key);
}

const crypto::public_key* key_table::find(const storage::key_name& id) const {
  const auto key = keys_.find(id);
  return key == keys_.end() ? nullptr : key->second;
}

key_table::header key_table::header_of(const storage::snapshot& view,
                                       const storage::batch_row& batch) const {
  if (batch.format == storage::signature_format::raw)
    return nullptr;
  if (batch.format != storage::signature_format::jades)
    throw storage::corrupt(fmt::format("batch {} has signatures of format {}, "
                                       "which is unknown",
                                       batch.first, batch.format));
  return formats_->header_of(
      view, static_cast<std::uint32_t>(batch.fence >> 32), batch.key);
}

std::string wrong_signature::text() const {
  switch (why) {
  case cause::does_not_verify:
    return fmt::format("it does not verify under key {} of batch {}",
                       crypto::to_text(batch->key), batch->first);
  case cause::unknown_key:
    return fmt::format("key {} of batch {} is not in the keyring",
                       crypto::to_text(batch->key), batch->first);
  case cause::unknown_seal:
    return detail;
  case cause::no_batch:
    return "no batch holds it";
  case cause::no_record:
    break;
  }
  return "the record is missing";
}

signature_checker::signature_checker(const key_table& keys)
    : keys_(keys), hasher_(keys.curve()), seal_hasher_(keys.curve()),
      verifier_(crypto::make_verifier(
          crypto::provider_from_name("auto", keys.curve()), keys.curve())),
      digests_(capacity * hasher_.size()),
      verdicts_(std::make_unique<bool[]>(capacity)) {}

// The view stays as it is until finish(), so records are hashed many at a time.
bool signature_checker::look_up(const storage::snapshot& view,
                                std::uint64_t id) {
  const auto signature = view.signature(id);
  if (!signature)
    return false;
  const auto record = view.record(id);
  const auto* terms = record ? terms_of(view, id) : nullptr;
  if (terms != nullptr)
    queue(id, *terms, *record, *signature);
  else
    hopeless(id,
             record ? wrong_signature::cause::no_batch
                    : wrong_signature::cause::no_record,
             std::nullopt);
  return true;
}

void signature_checker::add(std::uint64_t id, const storage::batch_row& batch,
                            const key_table::header& header,
                            std::optional<std::span<const std::byte>> record,
                            std::span<const std::byte> signature) {
  if (!record)
    return hopeless(id, wrong_signature::cause::no_record, batch);
  const bool kept = !batches_.empty() && batches_.back().row == batch;
  queue(id, kept ? batches_.back() : keep(batch, header), *record, signature);
  hash_queued();
}

void signature_checker::add(std::uint64_t id, const storage::batch_row& batch,
                            const storage::snapshot& view,
                            std::optional<std::span<const std::byte>> record,
                            std::span<const std::byte> signature) {
  if (!record)
    return hopeless(id, wrong_signature::cause::no_record, batch);
  queue(id, terms_of(view, batch), *record, signature);
  hash_queued();
}

void signature_checker::queue(std::uint64_t id, const batch_terms& terms,
                              std::span<const std::byte> record,
                              std::span<const std::byte> signature) {
  const auto* key = keys_.find(terms.row.key);
  if (key == nullptr)
    return hopeless(id, wrong_signature::cause::unknown_key, terms.row);
  if (!terms.fault.empty())
    return hopeless(id, wrong_signature::cause::unknown_seal, terms.row,
                    terms.fault);
  if (full())
    throw std::logic_error("a signature checker is full: finish() empties it");
  ++looked_up_;
  const auto digest = std::span(digests_).subspan(
      claims_.size() * hasher_.size(), hasher_.size());
  records_.push_back(record);
  claims_.push_back({key, digest, signature});
  places_.push_back({id, batches_.size() - 1});
}

// In one call for records that are hashed behind the same text.
void signature_checker::hash_queued() {
  const auto first = claims_.size() - records_.size();
  const auto before = [&](std::size_t i) {
    return &batches_[places_[first + i].batch].before;
  };
  for (std::size_t i = 0, end = 0; i < records_.size(); i = end) {
    for (end = i + 1; end < records_.size(); ++end)
      if (before(end) != before(i) && (*before(end) || *before(i)))
        break;
    const auto some = std::span(records_).subspan(i, end - i);
    const auto to = std::span(digests_).subspan((first + i) * hasher_.size());
    if (const auto& prefix = *before(i))
      seal_hasher_(*prefix, some, to);
    else
      hasher_(some, to);
  }
  records_.clear();
}

void signature_checker::finish(
    const std::function<void(const wrong_signature&)>& wrong) {
  hash_queued();
  const auto verdicts = std::span(verdicts_.get(), claims_.size());
  verifier_->verify_batch(claims_, verdicts);
  for (std::size_t i = 0; i < claims_.size(); ++i)
    if (!verdicts[i])
      wrong({places_[i].id, wrong_signature::cause::does_not_verify,
             batches_[places_[i].batch].row});
  for (const auto& w : hopeless_)
    wrong(w);
  looked_up_ = 0;
  claims_.clear();
  places_.clear();
  batches_.clear();
  hopeless_.clear();
}

void signature_checker::hopeless(std::uint64_t id, wrong_signature::cause why,
                                 std::optional<storage::batch_row> batch,
                                 std::string detail) {
  if (full())
    throw std::logic_error("a signature checker is full: finish() empties it");
  ++looked_up_;
  hopeless_.push_back({id, why, std::move(batch), std::move(detail)});
}

// Often those of the record before.
const signature_checker::batch_terms*
signature_checker::terms_of(const storage::snapshot& view, std::uint64_t id) {
  if (!batches_.empty() && id >= batches_.back().row.first &&
      id - batches_.back().row.first < batches_.back().row.count)
    return &batches_.back();
  const auto row = view.batch_of(id);
  return row ? &terms_of(view, *row) : nullptr;
}

const signature_checker::batch_terms&
signature_checker::terms_of(const storage::snapshot& view,
                            const storage::batch_row& row) {
  if (!batches_.empty() && batches_.back().row == row)
    return batches_.back();
  try {
    return keep(row, keys_.header_of(view, row));
  } catch (const storage::corrupt& e) {
    batches_.push_back({row, std::nullopt, e.what()});
    return batches_.back();
  }
}

const signature_checker::batch_terms&
signature_checker::keep(const storage::batch_row& row,
                        const key_table::header& header) {
  batches_.push_back({row, std::nullopt, {}});
  if (header)
    batches_.back().before = header->hashed(crypto::jades_time(row.time_ms));
  return batches_.back();
}

} // namespace chancery::actors
