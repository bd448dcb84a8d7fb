// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/parked_units.hpp"

#include "crypto/keys/key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

std::string parked_unit::complaint() const {
  const auto& batch = unit->batch_of(first_wrong);
  return fmt::format("{} of {} signatures of a unit are wrong; the first is "
                     "that of record {} under key {}",
                     wrong, unit->size(),
                     batch.batch.first + (first_wrong - batch.begin),
                     crypto::to_text(batch.key));
}

parked_units::parked_units(std::uint32_t share, crypto::random_source random)
    : share_(share), random_(std::move(random)) {
  if (share == 0)
    throw std::invalid_argument("a sample is one in at least one");
}

std::uint64_t parked_units::park(parked_unit unit) {
  entry e{std::move(unit)};
  e.unverified.reserve(e.unit.records);
  for (const auto& part : e.unit.parts)
    for (std::uint32_t i = 0; i < part.batch->batch.count; ++i)
      e.unverified.push_back(part.batch->begin + i);
  units_.emplace(++last_ticket_, std::move(e));
  return last_ticket_;
}

std::vector<unit_chunk> parked_units::next_chunks(std::uint64_t ticket) {
  auto& e = units_.at(ticket);
  std::vector<std::uint32_t> chosen;
  if (share_ > 1 && !std::exchange(e.sampled, true))
    chosen = draw(e.unverified);
  else if (share_ == 1 || e.unit.wrong > 0)
    chosen = std::exchange(e.unverified, {});
  std::vector<unit_chunk> chunks;
  for (std::size_t at = 0; at < chosen.size(); at += chunk_signatures) {
    const auto end =
        std::min<std::size_t>(chosen.size(), at + chunk_signatures);
    chunks.push_back({e.unit.unit,
                      {chosen.begin() + static_cast<std::ptrdiff_t>(at),
                       chosen.begin() + static_cast<std::ptrdiff_t>(end)}});
  }
  e.chunks_out += static_cast<std::uint32_t>(chunks.size());
  return chunks;
}

// One at random of each `share` in a row.
std::vector<std::uint32_t>
parked_units::draw(std::vector<std::uint32_t>& from) {
  const auto step =
      std::clamp<std::size_t>(from.size() / sample_min, 1, share_);
  std::vector<std::uint32_t> chances((from.size() + step - 1) / step);
  random_(std::as_writable_bytes(std::span(chances)));
  std::vector<std::uint32_t> drawn;
  std::vector<std::uint32_t> left;
  for (std::size_t i = 0; i < chances.size(); ++i) {
    const auto begin = i * step;
    const auto end = std::min(from.size(), begin + step);
    const auto hit = begin + chances[i] % (end - begin);
    for (auto k = begin; k < end; ++k)
      (k == hit ? drawn : left).push_back(from[k]);
  }
  from = std::move(left);
  return drawn;
}

bool parked_units::take(std::uint64_t ticket, const chunk_verdict& verdict) {
  const auto i = units_.find(ticket);
  if (i == units_.end())
    return false;
  auto& [unit, unverified, chunks_out, sampled] = i->second;
  if (verdict.wrong > 0)
    unit.first_wrong = unit.wrong == 0
                           ? verdict.first_wrong
                           : std::min(unit.first_wrong, verdict.first_wrong);
  unit.wrong += verdict.wrong;
  return --chunks_out == 0;
}

parked_unit parked_units::release(std::uint64_t ticket) {
  auto node = units_.extract(ticket);
  if (node.empty())
    throw std::logic_error("no such unit is parked");
  return std::move(node.mapped().unit);
}

std::vector<std::uint64_t> parked_units::of(const std::string& worker) const {
  std::vector<std::uint64_t> tickets;
  for (const auto& [ticket, e] : units_)
    if (e.unit.unit->worker() == worker)
      tickets.push_back(ticket);
  return tickets;
}

} // namespace chancery::actors
