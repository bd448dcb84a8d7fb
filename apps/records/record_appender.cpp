// SPDX-License-Identifier: Apache-2.0
#include "apps/records/record_appender.hpp"

#include "actors/base/wall_clock.hpp"
#include "crypto/base/bytes.hpp"

namespace chancery::apps {

record_appender::record_appender(storage::record_store& store,
                                 std::atomic<std::uint64_t>& stored)
    : store_(store), stored_(stored) {}

template <class Append>
auto record_appender::appended(std::size_t bytes, Append append) {
  try {
    if (!open_) {
      records_ = bytes_ = 0;
      open_.emplace(store_.write());
      first_ = open_->record_count();
    }
    const auto what = append(*open_);
    ++records_;
    bytes_ += bytes;
    if (records_ >= records_per_commit || bytes_ >= bytes_per_commit)
      flush();
    return what;
  } catch (...) {
    open_.reset();
    throw;
  }
}

void record_appender::append(std::string_view record) {
  appended(record.size(), [&](storage::write_transaction& txn) {
    return txn.append_record(crypto::bytes_of(record));
  });
}

storage::named_record record_appender::append(std::string_view record,
                                              std::string_view name) {
  return appended(record.size(), [&](storage::write_transaction& txn) {
    return txn.append_record(name, crypto::bytes_of(record));
  });
}

void record_appender::flush() {
  if (!open_)
    return;
  auto transaction = std::move(*open_);
  open_.reset();
  const auto added = transaction.record_count() - first_;
  if (added == 0)
    return;
  transaction.put_arrival(
      {first_, static_cast<std::uint32_t>(added), actors::wall_clock_ms()});
  transaction.commit();
  stored_ += added;
}

} // namespace chancery::apps
