// SPDX-License-Identifier: Apache-2.0
#include "apps/api/signing_json.hpp"

#include "apps/folders/status_file.hpp"
#include "storage/lock_file.hpp"

#include <optional>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

/// A member of status.json; null when it is not there.
json member_of(const json& status, const char* name) {
  const auto found = status.find(name);
  return found == status.end() ? json() : *found;
}

/// What a `sign` that runs beside this process says of itself.
std::optional<json> running_status(const data_folder& folder) {
  const auto owner = storage::lock_file::holder(folder.lock_path());
  return owner ? read_status_file(folder.status_path(), *owner) : std::nullopt;
}

std::optional<storage::epoch_opened> last_epoch(const storage::snapshot& view) {
  const auto start = view.last_epoch();
  if (!start)
    return std::nullopt;
  auto journal = view.walk(storage::table::journal);
  if (!journal.seek(*start))
    return std::nullopt;
  return std::get<storage::epoch_opened>(
      storage::decode_event(journal.value()));
}

} // namespace

bool somebody_signs(const signed_folder& folder) {
  return running_status(folder.folder()).has_value();
}

nlohmann::ordered_json signing_json(const signed_folder& folder) {
  const auto status = running_status(folder.folder());
  const auto now = status.value_or(json::object());
  json answer{{"running", status.has_value()}};
  std::uint64_t records = 0;
  std::uint64_t signatures = 0;
  std::optional<storage::epoch_opened> epoch;
  if (const auto store = folder.records()) {
    const auto view = store->read();
    records = view.record_count();
    signatures = view.signature_count();
    epoch = last_epoch(view);
  }
  answer["epoch"] = epoch ? json(epoch->epoch) : json();
  answer["batch_size"] = epoch ? json(epoch->batch_size) : json();
  answer["max_wait_ms"] =
      epoch && epoch->max_wait_ms ? json(*epoch->max_wait_ms) : json();
  answer["records"] = records;
  answer["signed"] = signatures;
  answer["unsigned"] = records - signatures;
  for (const char* name :
       {"oldest_unsigned_seconds", "records_per_second", "keys", "keys_out"})
    answer[name] = member_of(now, name);
  answer["workers"] = now.value("workers", json::array());
  return answer;
}

} // namespace chancery::apps
