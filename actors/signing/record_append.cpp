// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/record_append.hpp"

#include "storage/record_name.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <span>
#include <string_view>

namespace chancery::actors {

namespace {

std::span<const std::byte> bytes_of(const submitted_record& record) {
  return std::as_bytes(std::span(record.bytes));
}

} // namespace

std::string request_fault(const record_request& request, bool refuses_empty) {
  if (request.records.empty() || request.records.size() > submitted_records_max)
    return fmt::format("a request has 1 to {} records", submitted_records_max);
  if (request.mark && (request.mark->key.empty() ||
                       request.mark->key.size() > storage::request_key_max))
    return "the request's key has a wrong length";
  std::size_t bytes = 0;
  for (const auto& record : request.records) {
    bytes += record.bytes.size();
    if (refuses_empty && record.bytes.empty())
      return "a record has no bytes, and a seal cannot be over nothing";
    if (record.bytes.size() > storage::record_store::record_size_max)
      return "a record is over the limit of 16 MiB";
    if (record.name.empty())
      continue;
    if (auto fault = storage::name_fault(record.name); !fault.empty())
      return fmt::format("a record's name {}", fault);
  }
  return bytes > submitted_bytes_max
             ? "the records of a request have 32 MiB at most"
             : std::string();
}

record_append::record_append(storage::write_transaction& transaction,
                             std::uint64_t now_ms, const defences& defended,
                             bool refuses_empty)
    : transaction_(transaction), now_ms_(now_ms), defended_(defended),
      refuses_empty_(refuses_empty), first_(transaction.record_count()) {}

record_answer record_append::append(const record_request& request) {
  if (auto fault = request_fault(request, refuses_empty_); !fault.empty())
    return refused_answer(record_refusal::malformed, std::move(fault));
  if (request.mark)
    if (const auto row = transaction_.request_of(request.mark->key))
      return again(request, *row);
  record_answer answer;
  if (!request.skip_taken && taken(request, answer))
    return answer;
  storage::request_row row;
  row.first = transaction_.record_count();
  answer.received_ms = now_ms_;
  answer.records.reserve(request.records.size());
  for (const auto& record : request.records)
    answer.records.push_back(
        record.name.empty()
            ? storage::named_record{transaction_.append_record(
                                        bytes_of(record)),
                                    storage::name_use::added}
            : transaction_.append_record(record.name, bytes_of(record)));
  if (request.mark && defended_.requests_marked()) {
    row.fingerprint = request.mark->fingerprint;
    row.count =
        static_cast<std::uint32_t>(transaction_.record_count() - row.first);
    row.time_ms = now_ms_;
    transaction_.put_request(request.mark->key, row);
  }
  return answer;
}

// Whether a name belongs to other bytes, in the store or earlier in the
// request; then the answer says which.
bool record_append::taken(const record_request& request,
                          record_answer& answer) const {
  std::map<std::string_view, std::string_view> earlier;
  bool any = false;
  std::vector<storage::named_record> uses;
  for (const auto& record : request.records) {
    storage::named_record use; // an id only where there is one
    if (!record.name.empty()) {
      if (const auto id = transaction_.id_of(record.name)) {
        const auto there = transaction_.record(*id);
        use = {*id, there && std::ranges::equal(*there, bytes_of(record))
                        ? storage::name_use::existing
                        : storage::name_use::taken};
      } else if (const auto [at, first] =
                     earlier.emplace(record.name, record.bytes);
                 !first) {
        use = {no_record, at->second == record.bytes
                              ? storage::name_use::existing
                              : storage::name_use::taken};
      }
    }
    any = any || use.what == storage::name_use::taken;
    uses.push_back(use);
  }
  if (!any)
    return false;
  answer = refused_answer(record_refusal::name_taken,
                          "a record of this name has other bytes");
  answer.records = std::move(uses);
  return true;
}

// The first answer, from what is stored: records are never changed, and names
// never taken away.
record_answer record_append::again(const record_request& request,
                                   const storage::request_row& row) const {
  if (row.fingerprint != request.mark->fingerprint)
    return refused_answer(record_refusal::key_reused,
                          "this key came with another request");
  record_answer answer;
  answer.replayed = true;
  answer.received_ms = row.time_ms;
  auto next = row.first;
  for (const auto& record : request.records) {
    storage::named_record use{next, storage::name_use::added};
    if (!record.name.empty())
      use.id = transaction_.id_of(record.name).value_or(next);
    const auto there = transaction_.record(use.id);
    if (!there || !std::ranges::equal(*there, bytes_of(record)))
      use.what = storage::name_use::taken;
    else if (use.id != next)
      use.what = storage::name_use::existing;
    else
      ++next;
    answer.records.push_back(use);
  }
  return answer;
}

std::uint32_t record_append::finish() {
  const auto count =
      static_cast<std::uint32_t>(transaction_.record_count() - first_);
  if (count > 0 && defended_.arrivals_with_records())
    transaction_.put_arrival({first_, count, now_ms_});
  return count;
}

} // namespace chancery::actors
