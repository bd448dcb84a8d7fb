// SPDX-License-Identifier: Apache-2.0
#include "service_clients.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

namespace chancery::tests {

namespace {

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

std::pair<std::size_t, actors::record_request> service_clients::send() {
  const bool again = !requests_.empty() && random_() % 4 == 0;
  std::size_t which = requests_.size();
  if (again)
    which = random_() % requests_.size();
  else
    requests_.push_back(make());
  // Without a mark or names only a new request may be sent: a second one would
  // be other records.
  const auto& request = requests_[which];
  const bool safe =
      request.mark || std::ranges::none_of(request.records, [](const auto& r) {
        return r.name.empty();
      });
  if (again && !safe) {
    which = requests_.size();
    requests_.push_back(make());
  }
  sendings_.push_back(which);
  return {sendings_.size() - 1, requests_[which]};
}

// Names are few, so that some are taken. A record without a name has bytes of
// its own.
actors::record_request service_clients::make() {
  actors::record_request request;
  const auto number = requests_.size();
  const auto count = 1 + random_() % (random_() % 5 == 0 ? 40 : 4);
  for (std::uint64_t i = 0; i < count; ++i) {
    actors::submitted_record record;
    if (random_() % 3 == 0) {
      record.name = fmt::format("name {}", random_() % 60);
      record.bytes = fmt::format("of {} {}", record.name, random_() % 8 == 0);
    } else {
      record.bytes = fmt::format("record {} of request {}", i, number);
    }
    request.records.push_back(std::move(record));
  }
  request.skip_taken = random_() % 2 == 0;
  if (random_() % 2 == 0) {
    actors::request_mark mark;
    mark.key = fmt::format("client\n{}", number);
    mark.fingerprint.fill(static_cast<std::uint8_t>(number));
    request.mark = std::move(mark);
  }
  return request;
}

void service_clients::answered(std::size_t sending,
                               const actors::record_answer& answer) {
  if (answer.refused) {
    ++refused_;
    return;
  }
  const auto& request = requests_[sendings_.at(sending)];
  if (answer.records.size() != request.records.size())
    return wrong("an answer of another number of records");
  for (std::size_t i = 0; i < answer.records.size(); ++i) {
    const auto& [id, what] = answer.records[i];
    if (what == storage::name_use::taken)
      continue;
    const auto& sent = request.records[i];
    const auto [at, is_new] =
        records_.try_emplace(id, remembered_record{sent.name, sent.bytes});
    if (!is_new &&
        (at->second.name != sent.name || at->second.bytes != sent.bytes))
      wrong(fmt::format("record {} was acknowledged for two", id));
  }
  if (!request.mark)
    return;
  if (answer.replayed)
    ++replayed_;
  const auto [first, is_first] = first_.try_emplace(request.mark->key, answer);
  if (!is_first && (first->second.records != answer.records ||
                    first->second.received_ms != answer.received_ms))
    wrong(fmt::format("the same request got another answer: {} records",
                      answer.records.size()));
}

void service_clients::wrong(std::string what) {
  if (!wrong_)
    wrong_ = std::move(what);
}

std::optional<std::string>
service_clients::broken(const storage::record_store& store) const {
  if (wrong_)
    return wrong_;
  const auto view = store.read();
  for (const auto& [id, expected] : records_)
    if (auto what = broken_record(view, id, expected))
      return what;
  return stored_twice(view);
}

std::optional<std::string>
service_clients::broken_record(const storage::snapshot& view, std::uint64_t id,
                               const remembered_record& expected) const {
  const auto bytes = view.record(id);
  if (!bytes || text_of(*bytes) != expected.bytes)
    return fmt::format("acknowledged record {} is not there", id);
  const auto name = view.name_of(id);
  if (name.value_or("") != expected.name)
    return fmt::format("acknowledged record {} lost its name", id);
  if (!expected.name.empty() && view.id_of(expected.name) != id)
    return fmt::format("the name of record {} does not lead to it", id);
  return std::nullopt;
}

// A request without a mark was sent once, and one with a mark is stored once.
std::optional<std::string>
service_clients::stored_twice(const storage::snapshot& view) const {
  std::set<std::string> seen;
  auto records = view.walk(storage::table::records);
  for (bool more = records.seek(0); more; more = records.next()) {
    const auto text = text_of(records.value());
    if (text.starts_with("record ") && !seen.insert(text).second)
      return fmt::format("stored twice: {}", text);
  }
  return std::nullopt;
}

} // namespace chancery::tests
