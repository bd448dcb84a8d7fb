// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/record_client.hpp"

#include "apps/http/http_client.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace chancery::tests {

namespace {

using json = nlohmann::json;

constexpr std::size_t lines_max = 30;
constexpr std::size_t remembered_max = 20;
constexpr auto patience = std::chrono::seconds(300);

std::string line_of(const sent_record& record, bool as_text) {
  json line;
  if (!record.name.empty())
    line["name"] = record.name;
  if (as_text)
    line["text"] = record.bytes;
  else
    line["data"] = crypto::base64url_encode(crypto::bytes_of(record.bytes));
  return line.dump();
}

bool is_text(const std::string& bytes) {
  return std::ranges::all_of(bytes,
                             [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

record_client::record_client(std::string name, std::uint64_t seed)
    : name_(std::move(name)), random_(seed) {}

void record_client::post(std::uint16_t port,
                         std::atomic<std::uint64_t>& answers) {
  apps::http_client client({.port = port, .patience = patience});
  try {
    if (!answered_.empty() && draw(2) == 0) // an answer of an earlier life
      send(client, answered_[draw(answered_.size())]);
    for (;;) {
      const bool again = !unanswered_ && !answered_.empty() && draw(8) == 0;
      if (again) {
        send(client, answered_[draw(answered_.size())]);
      } else {
        if (!unanswered_)
          unanswered_ = new_posting();
        send(client, *unanswered_);
        if (unanswered_->may_be_repeated())
          answered_.push_back(*std::move(unanswered_));
        unanswered_.reset();
        if (answered_.size() > remembered_max)
          answered_.pop_front();
      }
      ++answers;
    }
  } catch (const json::exception& e) {
    faults_.push_back(fmt::format("{}: {}", name_, e.what()));
  } catch (const std::runtime_error&) { // the server is gone
    if (unanswered_ && unanswered_->sent && !unanswered_->may_be_repeated())
      lost_.push_back(*std::exchange(unanswered_, std::nullopt));
  }
}

void record_client::settle(std::uint16_t port) {
  apps::http_client client({.port = port, .patience = patience});
  if (unanswered_)
    send(client, *unanswered_);
  unanswered_.reset();
  for (auto& posting : answered_)
    send(client, posting);
}

sent_record record_client::new_record(bool named) {
  sent_record record;
  record.bytes = fmt::format("{} {} ", name_, drawn_);
  const bool text = draw(2) == 0;
  const auto more = draw(50) == 0 ? draw(60'000) : draw(300);
  for (std::uint64_t i = 0; i < more; ++i)
    record.bytes += static_cast<char>(text ? ' ' + draw('~' - ' ') : draw(256));
  if (named)
    record.name = fmt::format("{:04x}-{}-{}", draw(65'536), name_, drawn_);
  ++drawn_;
  return record;
}

record_posting record_client::new_posting() {
  record_posting posting;
  posting.target = "/v1/records";
  const bool many = draw(3) == 0;
  const auto naming = draw(3); // none, all, some
  const auto count = many ? 1 + draw(lines_max) : 1;
  for (std::uint64_t i = 0; i < count; ++i)
    posting.records.push_back(
        new_record(naming == 1 || (naming == 2 && draw(2) == 0)));
  posting.fresh = posting.records.size();
  if (many && draw(4) == 0 && !stored_.empty()) { // one that is there, by name
    const auto& known =
        std::next(stored_.begin(),
                  static_cast<std::ptrdiff_t>(draw(stored_.size())))
            ->second;
    if (!known.name.empty())
      posting.records.push_back(known);
  }
  posting.named = std::ranges::none_of(
      posting.records, [](const auto& r) { return r.name.empty(); });
  posting.keyed = draw(2) == 0;
  if (posting.keyed)
    posting.fields.push_back(
        {"Idempotency-Key", fmt::format("key-{}-{}", name_, drawn_)});
  if (many)
    write_lines(posting);
  else
    write_single(posting);
  if (draw(4) == 0)
    posting.target += fmt::format(
        "{}wait={}", posting.target.find('?') == std::string::npos ? '?' : '&',
        draw(3));
  return posting;
}

void record_client::write_single(record_posting& posting) {
  const auto& record = posting.records.front();
  const auto form = draw(2);
  if (form == 0) {
    posting.fields.push_back({"Content-Type", "application/octet-stream"});
    posting.body = record.bytes;
    if (!record.name.empty())
      posting.target += "?name=" + record.name;
    return;
  }
  posting.fields.push_back({"Content-Type", "application/json"});
  posting.body = line_of(record, is_text(record.bytes));
}

void record_client::write_lines(record_posting& posting) {
  posting.fields.push_back({"Content-Type", "application/x-ndjson"});
  for (const auto& record : posting.records)
    posting.body += line_of(record, is_text(record.bytes)) + '\n';
  if (draw(4) == 0)
    posting.target += "?on_error=skip";
}

void record_client::send(apps::http_client& client, record_posting& posting) {
  posting.sent = true;
  const auto answer =
      client.send("POST", posting.target, posting.fields, posting.body);
  const bool replay = apps::find_field(answer.fields, "Idempotent-Replay") ==
                      std::string_view("true");
  if (answer.status != 200 && answer.status != 201)
    return fault(posting, fmt::format("status {}", answer.status), answer.body);
  std::vector<std::uint64_t> ids;
  take(posting, answer, ids);
  if (posting.ids.empty()) {
    posting.ids = std::move(ids);
    return;
  }
  if (posting.ids != ids)
    fault(posting, "other ids than in the first answer", answer.body);
  if (posting.keyed && !replay)
    fault(posting, "the first answer is not named as such", answer.body);
  if (!posting.keyed && replay)
    fault(posting, "a replay without a key", answer.body);
  replays_ += replay ? 1 : 0;
}

void record_client::take(const record_posting& posting,
                         const apps::http_response& answer,
                         std::vector<std::uint64_t>& ids) {
  std::istringstream lines(answer.body);
  std::size_t place = 0;
  for (std::string line; std::getline(lines, line); ++place) {
    if (place == posting.records.size())
      return fault(posting, "an answer to more records", answer.body);
    take_record(posting, place, line, ids);
  }
  if (place != posting.records.size())
    fault(posting, "an answer to fewer records", answer.body);
}

void record_client::take_record(const record_posting& posting,
                                std::size_t place, const std::string& line,
                                std::vector<std::uint64_t>& ids) {
  const auto& record = posting.records[place];
  const auto answer = json::parse(line, nullptr, false);
  if (!answer.is_object() || !answer.contains("id"))
    return fault(posting, "no record", line);
  const auto id = answer["id"].get<std::uint64_t>();
  const auto name = record.name.empty() ? json() : json(record.name);
  if (answer.value("size", std::uint64_t{0}) != record.bytes.size() ||
      answer["name"] != name)
    fault(posting, "another record", line);
  if (!posting.ids.empty() && !posting.keyed &&
      !answer.value("existing", false))
    fault(posting, "stored again", line);
  const auto [known, fresh] = stored_.emplace(id, record);
  if (!fresh && known->second.bytes != record.bytes)
    fault(posting, "the id of another record", line);
  if (answer.value("signed", false)) {
    const auto value = answer["signature"]["value"].get<std::string>();
    if (signatures_.emplace(id, value).first->second != value)
      fault(posting, "another signature than before", line);
  }
  ids.push_back(id);
}

void record_client::fault(const record_posting& posting,
                          const std::string& what, const std::string& answer) {
  faults_.push_back(fmt::format("{}: {}, to {} records at {}: {}", name_, what,
                                posting.records.size(), posting.target,
                                answer.substr(0, 300)));
}

} // namespace chancery::tests
