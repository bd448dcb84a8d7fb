// SPDX-License-Identifier: Apache-2.0
#include "apps/records/record_importer.hpp"

#include <fmt/format.h>

namespace chancery::apps {

std::string name_conflict::text() const {
  return fmt::format(
      "{}: the name \"{}\" belongs to record {}, which has other bytes", place,
      name, record);
}

record_importer::record_importer(import_source& source,
                                 storage::record_store& store,
                                 const import_policy& policy,
                                 std::atomic<std::uint64_t>& added)
    : source_(source), policy_(policy), appender_(store, added) {}

bool record_importer::take() {
  try {
    const auto item = source_.next();
    if (!item)
      return false;
    store(*item);
  } catch (const bad_input& e) {
    if (!policy_.leave_out_error)
      throw;
    policy_.leave_out_error(e.what());
    ++taken_.errors;
  }
  note_commit();
  return true;
}

void record_importer::store(const import_item& item) {
  if (policy_.refuses_empty && item.record.empty())
    throw bad_input(fmt::format("{}: the record has no bytes, and a seal "
                                "cannot be over nothing",
                                source_.place()));
  if (!item.name) {
    appender_.append(item.record);
    ++taken_.added;
    return;
  }
  const auto stored = appender_.append(item.record, *item.name);
  switch (stored.what) {
  case storage::name_use::added:
    ++taken_.added;
    return;
  case storage::name_use::existing:
    ++taken_.existing;
    return;
  case storage::name_use::taken:
    break;
  }
  const name_conflict conflict{source_.place(), std::string(*item.name),
                               stored.id};
  if (!policy_.leave_out_conflict)
    throw name_taken(conflict.text());
  policy_.leave_out_conflict(conflict);
  ++taken_.conflicts;
}

void record_importer::flush() {
  appender_.flush();
  note_commit();
}

void record_importer::note_commit() {
  if (appender_.flushed())
    done_ = taken_;
}

} // namespace chancery::apps
