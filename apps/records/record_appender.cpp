// SPDX-License-Identifier: Apache-2.0
#include "apps/records/record_appender.hpp"

#include <span>

namespace chancery::apps {

record_appender::record_appender(storage::record_store& store,
                                 std::atomic<std::uint64_t>& stored)
    : store_(store), stored_(stored) {}

void record_appender::append(std::string_view record) {
  try {
    if (!open_)
      open_.emplace(store_.write());
    open_->append_record(std::as_bytes(std::span(record)));
  } catch (...) {
    open_.reset();
    records_ = bytes_ = 0;
    throw;
  }
  ++records_;
  bytes_ += record.size();
  if (records_ >= records_per_commit || bytes_ >= bytes_per_commit)
    flush();
}

void record_appender::flush() {
  if (!open_)
    return;
  const auto records = records_;
  records_ = bytes_ = 0;
  auto transaction = std::move(*open_);
  open_.reset();
  transaction.commit();
  stored_ += records;
}

} // namespace chancery::apps
