// SPDX-License-Identifier: Apache-2.0
#include "storage/journal.hpp"

#include "storage/row_bytes.hpp"

#include <cstddef>
#include <stdexcept>
#include <utility>

namespace chancery::storage {

namespace {

// 7 is reserved.
enum class kind : std::uint8_t {
  opened = 1,
  lent,
  returned,
  lost,
  closed,
  opened_service,
  announced = 8,
  withdrawn = 9,
  verified = 10,
  lent_together = 11,
  returned_together = 12,
};

/// Whether the fences of `count` leases from `first` on exist, in one epoch.
bool fences_fit(std::uint64_t first, std::size_t count) {
  constexpr std::uint64_t counter_max = 0xffffffff;
  return count >= 2 && count <= UINT16_MAX &&
         count - 1 <= counter_max - (first & counter_max);
}

void put_row(row_writer& w, const batch_row& row) {
  w.number(row.count).number(row.fence).bytes(row.key).number(row.format);
  w.number(static_cast<std::uint8_t>(row.reason)).number(row.time_ms);
}

batch_row read_row(std::uint64_t first, row_reader& r) {
  batch_row row;
  row.first = first;
  row.count = r.number<std::uint32_t>();
  row.fence = r.number<std::uint64_t>();
  row.key = r.bytes<32>();
  row.format = r.number<std::uint16_t>();
  const auto reason = r.number<std::uint8_t>();
  if (reason > static_cast<std::uint8_t>(short_reason::withdrawn))
    r.fail("an unknown reason for being short");
  row.reason = static_cast<short_reason>(reason);
  row.time_ms = r.number<std::uint64_t>();
  return row;
}

row_writer writer(kind k) {
  row_writer w;
  w.number(static_cast<std::uint8_t>(k));
  return w;
}

struct event_encoder {
  std::string operator()(const epoch_opened& e) const {
    auto w = writer(e.max_wait_ms ? kind::opened_service : kind::opened);
    w.number(e.epoch).bytes(e.id).number(e.batch_size).number(e.provider);
    w.number(e.ttl_ms_max).flag(e.remote_possible).number(e.records);
    w.number(e.time_ms);
    if (e.max_wait_ms)
      w.number(*e.max_wait_ms);
    for (const key_name& key : e.key_order)
      w.bytes(key);
    return w.take();
  }

  std::string operator()(const lease_lent& e) const {
    auto w = writer(kind::lent);
    w.number(e.fence).bytes(e.key).flag(e.remote).number(e.ttl_ms);
    return w.text(e.borrower).take();
  }

  std::string operator()(const lease_returned& e) const {
    return writer(kind::returned).number(e.fence).take();
  }

  std::string operator()(const lease_lost& e) const {
    return writer(kind::lost).number(e.fence).take();
  }

  std::string operator()(const epoch_closed& e) const {
    return writer(kind::closed).number(e.epoch).number(e.time_ms).take();
  }

  std::string operator()(const signatures_withdrawn& e) const {
    auto w = writer(kind::withdrawn);
    w.number(e.time_ms).number(e.row.first);
    put_row(w, e.row);
    for (const id_run& run : e.runs)
      w.number(run.first).number(run.count);
    return w.take();
  }

  std::string operator()(const workers_verified& e) const {
    return writer(kind::verified)
        .number(e.epoch)
        .number(static_cast<std::uint8_t>(e.policy))
        .number(e.share)
        .take();
  }

  std::string operator()(const format_announced& e) const {
    if (e.content_type.size() > UINT8_MAX)
      throw std::invalid_argument("a content type has up to 255 bytes");
    auto w = writer(kind::announced);
    w.number(e.epoch).number(e.format);
    w.number(static_cast<std::uint8_t>(e.content_type.size()));
    w.text(e.content_type);
    for (const certificate_name& name : e.certificates)
      w.bytes(name);
    return w.take();
  }

  std::string operator()(const leases_lent& e) const {
    if (!fences_fit(e.first_fence, e.keys.size()))
      throw std::invalid_argument("these leases are not lent together");
    auto w = writer(kind::lent_together);
    w.number(e.first_fence).flag(e.remote).number(e.ttl_ms);
    w.number(static_cast<std::uint16_t>(e.keys.size()));
    for (const key_name& key : e.keys)
      w.bytes(key);
    return w.text(e.borrower).take();
  }

  std::string operator()(const leases_returned& e) const {
    if (e.fences.size() < 2)
      throw std::invalid_argument("these leases are not returned together");
    auto w = writer(kind::returned_together);
    for (const auto fence : e.fences)
      w.number(fence);
    return w.take();
  }
};

epoch_opened read_opened(row_reader& r, bool service) {
  epoch_opened e;
  e.epoch = r.number<std::uint32_t>();
  e.id = r.bytes<16>();
  e.batch_size = r.number<std::uint32_t>();
  e.provider = r.number<std::uint8_t>();
  e.ttl_ms_max = r.number<std::uint32_t>();
  e.remote_possible = r.flag();
  e.records = r.number<std::uint64_t>();
  e.time_ms = r.number<std::uint64_t>();
  if (service)
    e.max_wait_ms = r.number<std::uint32_t>();
  while (!r.at_end())
    e.key_order.push_back(r.bytes<32>());
  return e;
}

lease_lent read_lent(row_reader& r) {
  lease_lent e;
  e.fence = r.number<std::uint64_t>();
  e.key = r.bytes<32>();
  e.remote = r.flag();
  e.ttl_ms = r.number<std::uint32_t>();
  e.borrower = r.text();
  return e;
}

epoch_closed read_closed(row_reader& r) {
  epoch_closed e;
  e.epoch = r.number<std::uint32_t>();
  e.time_ms = r.number<std::uint64_t>();
  return e;
}

signatures_withdrawn read_withdrawn(row_reader& r) {
  signatures_withdrawn e;
  e.time_ms = r.number<std::uint64_t>();
  const auto first = r.number<std::uint64_t>();
  e.row = read_row(first, r);
  std::uint64_t next = 0; // ids of the row that the runs have passed
  while (!r.at_end()) {
    id_run run;
    run.first = r.number<std::uint64_t>();
    run.count = r.number<std::uint32_t>();
    const auto at = run.first - first;
    if (run.first < first || at >= e.row.count || run.count == 0 ||
        run.count > e.row.count - at || (!e.runs.empty() && at <= next))
      r.fail("runs that are not in order or not in its batch");
    next = at + run.count;
    e.runs.push_back(run);
  }
  if (e.runs.empty())
    r.fail("no record");
  return e;
}

workers_verified read_verified(row_reader& r) {
  workers_verified e;
  e.epoch = r.number<std::uint32_t>();
  e.policy = static_cast<worker_policy>(r.number<std::uint8_t>());
  e.share = r.number<std::uint32_t>();
  const bool all = e.policy == worker_policy::all && e.share == 1;
  const bool sample = e.policy == worker_policy::sample && e.share > 0;
  if (!all && !sample)
    r.fail("an unknown policy");
  return e;
}

format_announced read_announced(row_reader& r) {
  format_announced e;
  e.epoch = r.number<std::uint32_t>();
  e.format = r.number<std::uint16_t>();
  e.content_type = r.text(r.number<std::uint8_t>());
  while (!r.at_end())
    e.certificates.push_back(r.bytes<32>());
  return e;
}

leases_lent read_lent_together(row_reader& r) {
  leases_lent e;
  e.first_fence = r.number<std::uint64_t>();
  e.remote = r.flag();
  e.ttl_ms = r.number<std::uint32_t>();
  const auto count = r.number<std::uint16_t>();
  if (!fences_fit(e.first_fence, count))
    r.fail("leases that are not lent together");
  e.keys.reserve(count);
  for (std::uint16_t i = 0; i < count; ++i)
    e.keys.push_back(r.bytes<32>());
  e.borrower = r.text();
  return e;
}

leases_returned read_returned_together(row_reader& r) {
  leases_returned e;
  while (!r.at_end())
    e.fences.push_back(r.number<std::uint64_t>());
  if (e.fences.size() < 2)
    r.fail("leases that are not returned together");
  return e;
}

event read_event(row_reader& r) {
  switch (static_cast<kind>(r.number<std::uint8_t>())) {
  case kind::opened:
    return read_opened(r, false);
  case kind::opened_service:
    return read_opened(r, true);
  case kind::lent:
    return read_lent(r);
  case kind::returned:
    return lease_returned{r.number<std::uint64_t>()};
  case kind::lost:
    return lease_lost{r.number<std::uint64_t>()};
  case kind::closed:
    return read_closed(r);
  case kind::withdrawn:
    return read_withdrawn(r);
  case kind::verified:
    return read_verified(r);
  case kind::announced:
    return read_announced(r);
  case kind::lent_together:
    return read_lent_together(r);
  case kind::returned_together:
    return read_returned_together(r);
  }
  r.fail("an unknown kind");
}

} // namespace

std::string encode(const event& e) { return std::visit(event_encoder{}, e); }

event decode_event(std::span<const std::byte> bytes) {
  row_reader r(bytes, "a journal event");
  event e = read_event(r);
  r.end();
  return e;
}

bool opens_epoch(std::span<const std::byte> bytes) {
  const auto k = static_cast<kind>(bytes.front());
  return k == kind::opened || k == kind::opened_service;
}

bool begins_an_epoch(std::span<const std::byte> bytes) {
  return opens_epoch(bytes) ||
         static_cast<kind>(bytes.front()) == kind::announced;
}

event event_of(leases_lent e) {
  if (e.keys.size() == 1)
    return lease_lent{e.first_fence, e.keys.front(), e.remote, e.ttl_ms,
                      std::move(e.borrower)};
  return e;
}

event event_of(leases_returned e) {
  if (e.fences.size() == 1)
    return lease_returned{e.fences.front()};
  return e;
}

std::vector<lease_lent> leases_of(const leases_lent& e) {
  std::vector<lease_lent> leases;
  leases.reserve(e.keys.size());
  for (const key_name& key : e.keys)
    leases.push_back(
        {e.first_fence + leases.size(), key, e.remote, e.ttl_ms, e.borrower});
  return leases;
}

std::vector<lease_lent> leases_of(const event& e) {
  if (const auto* one = std::get_if<lease_lent>(&e))
    return {*one};
  const auto* all = std::get_if<leases_lent>(&e);
  return all == nullptr ? std::vector<lease_lent>() : leases_of(*all);
}

std::vector<std::uint64_t> returns_of(const event& e) {
  if (const auto* one = std::get_if<lease_returned>(&e))
    return {one->fence};
  if (const auto* all = std::get_if<leases_returned>(&e))
    return all->fences;
  return {};
}

std::vector<batch_row> pieces_of(const signatures_withdrawn& e) {
  std::vector<batch_row> pieces;
  std::uint64_t next = e.row.first;
  const auto add_before = [&](std::uint64_t end) {
    batch_row piece = e.row;
    piece.first = next;
    piece.count = static_cast<std::uint32_t>(end - next);
    piece.reason = short_reason::withdrawn;
    if (piece.count > 0)
      pieces.push_back(piece);
  };
  for (const id_run& run : e.runs) {
    add_before(run.first);
    next = run.first + run.count;
  }
  add_before(e.row.first + e.row.count);
  return pieces;
}

std::string encode(const batch_row& row) {
  row_writer w;
  put_row(w, row);
  return w.take();
}

batch_row decode_batch_row(std::uint64_t first,
                           std::span<const std::byte> bytes) {
  row_reader r(bytes, "a batch row");
  const batch_row row = read_row(first, r);
  r.end();
  return row;
}

} // namespace chancery::storage
