// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/key_uses.hpp"
#include "apps/api/api_records.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/folders/status_file.hpp"
#include "crypto/keys/key.hpp"
#include "storage/lock_file.hpp"

#include <nlohmann/json.hpp>

#include <mutex>
#include <optional>
#include <utility>

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

class signing_routes {
 public:
  explicit signing_routes(std::shared_ptr<const signed_folder> folder)
      : folder_(std::move(folder)) {}

  /// Who holds a key is known only to the process that signs.
  http_response order(const api_request&) {
    json rows = json::array();
    json epoch;
    if (const auto store = folder_->records()) {
      const std::scoped_lock lock(mutex_);
      uses_.follow(store->read());
      if (uses_.epoch())
        epoch = *uses_.epoch();
      for (const auto& key : uses_.order())
        rows.push_back({{"kid", crypto::to_text(key.key)},
                        {"uses", key.uses},
                        {"held_by", nullptr},
                        {"held_since", nullptr}});
    }
    return json_response({{"epoch", epoch}, {"keys", std::move(rows)}});
  }

  http_response signing(const api_request&) const {
    const auto status = running_status(folder_->folder());
    const auto now = status.value_or(json::object());
    json answer{{"running", status.has_value()}};
    std::uint64_t records = 0;
    std::uint64_t signatures = 0;
    std::optional<storage::epoch_opened> epoch;
    if (const auto store = folder_->records()) {
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
    answer["oldest_unsigned_seconds"] = nullptr;
    for (const char* name : {"records_per_second", "keys", "keys_out"})
      answer[name] = member_of(now, name);
    answer["workers"] = now.value("workers", json::array());
    return json_response(answer);
  }

 private:
  static std::optional<storage::epoch_opened>
  last_epoch(const storage::snapshot& view) {
    const auto start = view.last_epoch();
    if (!start)
      return std::nullopt;
    auto journal = view.walk(storage::table::journal);
    if (!journal.seek(*start))
      return std::nullopt;
    return std::get<storage::epoch_opened>(
        storage::decode_event(journal.value()));
  }

  std::shared_ptr<const signed_folder> folder_;
  std::mutex mutex_;
  actors::key_uses uses_;
};

} // namespace

void add_signing_routes(route_table& table,
                        std::shared_ptr<const signed_folder> folder) {
  const auto routes = std::make_shared<signing_routes>(std::move(folder));
  table.add({"GET",
             "/v1/keys/order",
             "getKeyOrder",
             scope::read,
             {},
             {},
             answered_slowly{[routes](const api_request& request) {
               return routes->order(request);
             }}});
  table.add({"GET",
             "/v1/signing",
             "getSigning",
             scope::read,
             {},
             {},
             answered_now{[routes](const api_request& request) {
               return routes->signing(request);
             }}});
}

} // namespace chancery::apps
