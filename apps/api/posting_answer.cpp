// SPDX-License-Identifier: Apache-2.0
#include "apps/api/posting_answer.hpp"

#include "apps/api/json_answer.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/record_json.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;
using storage::name_use;

constexpr std::string_view taken_reason =
    "the name belongs to a record with other bytes";

std::string_view code_of(actors::record_refusal refusal) {
  switch (refusal) {
  case actors::record_refusal::malformed:
    return "bad_parameter";
  case actors::record_refusal::name_taken:
    return "name_taken";
  case actors::record_refusal::key_reused:
    return "idempotency_key_reused";
  case actors::record_refusal::in_progress:
    return "idempotency_in_progress";
  case actors::record_refusal::busy:
    return "busy";
  case actors::record_refusal::disk_full:
    return "disk_full";
  case actors::record_refusal::stopping:
    return "stopping";
  case actors::record_refusal::internal:
    break;
  }
  return "internal";
}

bool is_stored(const storage::named_record& record) {
  return record.what != name_use::taken;
}

/// Of the record that has a taken name; null when that is in the same request.
json id_or_null(const storage::named_record& record) {
  return record.id == actors::no_record ? json() : json(record.id);
}

json known_json(const posted_record& posted, const storage::named_record& now,
                std::uint64_t received_ms) {
  const bool added = now.what == name_use::added;
  return {{"id", now.id},
          {"name", posted.name.empty() ? json() : json(posted.name)},
          {"size", posted.size},
          {"received", added ? json(time_text(received_ms)) : json()},
          {"signed", false}};
}

std::string text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Finds the batches of one record after the other: a look-up costs as much as
/// all else that is shown of a record, and neighbours need none.
class batch_finder {
 public:
  const storage::batch_row* of(const storage::snapshot& view,
                               std::uint64_t id) {
    if (batch_ && id >= batch_->first && id - batch_->first < batch_->count)
      return &*batch_;
    if (id >= unsigned_first_ && id < unsigned_end_)
      return nullptr;
    batch_ = view.batch_of(id);
    if (batch_)
      return &*batch_;
    unsigned_first_ = id;
    unsigned_end_ = view.next_batch_start(id).value_or(actors::no_record);
    return nullptr;
  }

 private:
  std::optional<storage::batch_row> batch_; ///< the last one found
  // No batch has the records of this range.
  std::uint64_t unsigned_first_ = 0;
  std::uint64_t unsigned_end_ = 0;
};

/// The store as it is now, when it can be read and has what was stored.
class shown_records {
 public:
  shown_records(const signed_folder& folder,
                const actors::record_answer& answer)
      : answer_(answer) {
    try {
      store_ = folder.records();
      if (store_)
        view_.emplace(store_->read());
    } catch (const std::exception&) {
      view_.reset(); // it is answered all the same
    }
  }

  json of(const posted_record& posted, const storage::named_record& now) {
    if (now.what == name_use::taken)
      return {
          {"refused", "name_taken"}, {"reason", taken_reason}, {"id", now.id}};
    auto shown = is_there(now.id) && !is_fresh(now)
                     ? record_summary(*view_, now.id)
                     : known_json(posted, now, answer_.received_ms);
    if (const auto* batch = batch_of(now.id))
      add_signature(shown, *view_, now.id, *batch, algorithm_of(*store_));
    if (now.what == name_use::existing)
      shown["existing"] = true;
    return shown;
  }

  /// The same as text. Of many records that were stored just now, objects would
  /// cost as much as it takes to read their lines.
  std::string text_of(const posted_record& posted,
                      const storage::named_record& now) {
    if (!is_fresh(now) || batch_of(now.id) != nullptr)
      return text(of(posted, now));
    return fmt::format(
        R"({{"id":{},"name":{},"size":{},"received":"{}","signed":false}})",
        now.id, posted.name.empty() ? "null" : text(posted.name), posted.size,
        received_);
  }

 private:
  bool is_there(std::uint64_t id) const {
    return view_ && id < view_->record_count();
  }

  /// Stored just now: it is known without the store.
  bool is_fresh(const storage::named_record& now) const {
    return now.what == name_use::added && !answer_.replayed;
  }

  const storage::batch_row* batch_of(std::uint64_t id) {
    return is_there(id) ? batches_.of(*view_, id) : nullptr;
  }

  const actors::record_answer& answer_;
  const std::string received_ = time_text(answer_.received_ms);
  std::shared_ptr<const storage::record_store> store_;
  std::optional<storage::snapshot> view_;
  batch_finder batches_;
};

} // namespace

posting_answer::posting_answer(std::shared_ptr<const signed_folder> folder,
                               record_posting posting,
                               actors::record_answer answer)
    : folder_(std::move(folder)), posting_(std::move(posting)),
      answer_(std::move(answer)) {}

bool posting_answer::all_signed() {
  const auto& records = answer_.records;
  if (answer_.refused || signed_ == records.size())
    return true;
  const auto store = folder_->records();
  if (!store)
    return false;
  const auto view = store->read();
  std::optional<storage::batch_row> batch;
  for (; signed_ < records.size(); ++signed_) {
    const auto id = records[signed_].id;
    if (!is_stored(records[signed_]) ||
        (batch && id >= batch->first && id - batch->first < batch->count))
      continue;
    batch = view.batch_of(id);
    if (!batch)
      return false;
  }
  return true;
}

http_response posting_answer::response() const {
  throw_if_refused();
  auto made = posting_.lines ? line_response() : single_response();
  const auto added = std::ranges::count(answer_.records, name_use::added,
                                        &storage::named_record::what);
  if (added > 0 && !posting_.skip)
    made.status = 201;
  if (answer_.replayed)
    made.fields.push_back({"Idempotent-Replay", "true"});
  return made;
}

void posting_answer::throw_if_refused() const {
  if (answer_.refused == actors::record_refusal::name_taken)
    throw_taken();
  if (answer_.refused == actors::record_refusal::internal)
    throw std::runtime_error("records were not stored: " + answer_.reason);
  if (answer_.refused)
    throw problem(code_of(*answer_.refused), answer_.reason.empty()
                                                 ? "the records were not stored"
                                                 : answer_.reason);
  const auto stored = std::ranges::count_if(
      posting_.answered, [](const auto& line) { return line.index() == 0; });
  if (std::cmp_not_equal(answer_.records.size(), stored))
    throw std::runtime_error("the number of stored records is another one");
}

void posting_answer::throw_taken() const {
  json items = json::array();
  json more = json::object();
  const auto& records = answer_.records;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (is_stored(records[i]))
      continue;
    if (more.empty())
      more["id"] = id_or_null(records[i]);
    if (items.size() < items_max)
      items.push_back({{"line", i + 1},
                       {"reason", taken_reason},
                       {"id", id_or_null(records[i])}});
  }
  if (posting_.lines)
    more = {{"items", std::move(items)}};
  throw problem("name_taken", std::string(taken_reason), std::move(more));
}

http_response posting_answer::line_response() const {
  shown_records shown(*folder_, answer_);
  std::string lines;
  auto now = answer_.records.begin();
  for (const auto& line : posting_.answered) {
    if (const auto* posted = std::get_if<posted_record>(&line))
      lines += shown.text_of(*posted, *now++);
    else if (const auto* fault = std::get_if<line_fault>(&line))
      lines += text({{"refused", fault->code}, {"reason", fault->reason}});
    lines += '\n';
  }
  return text_response(std::move(lines), record_lines_type);
}

http_response posting_answer::single_response() const {
  const auto& now = answer_.records.front();
  auto made = json_response(
      shown_records(*folder_, answer_)
          .of(std::get<posted_record>(posting_.answered.front()), now));
  made.fields.push_back({"Location", fmt::format("/v1/records/{}", now.id)});
  return made;
}

} // namespace chancery::apps
