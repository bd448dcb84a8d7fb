// SPDX-License-Identifier: Apache-2.0
#include "apps/api/record_posting.hpp"

#include "apps/api/idempotency.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/record_access.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;
using actors::submitted_record;

/// A name as the store has it: an empty one is none.
std::optional<std::string_view> name_of(const submitted_record& record) {
  return record.name.empty() ? std::nullopt
                             : std::optional<std::string_view>(record.name);
}

submitted_record octets_of(const api_request& request) {
  submitted_record record;
  if (const auto name = request.parameter("name")) {
    require_record_name(*name);
    record.name = *name;
  }
  if (request.http.body.empty())
    throw problem("bad_parameter",
                  "the body is missing: a record without bytes is sent as "
                  "JSON, with an empty \"text\"");
  require_record_size(request.http.body);
  record.bytes = request.http.body;
  return record;
}

bool skips(const api_request& request) {
  const auto asked = request.parameter("on_error");
  if (asked && *asked != "skip" && *asked != "refuse")
    throw problem("bad_parameter", "on_error is refuse or skip");
  return asked == "skip";
}

/// Each parameter has a place where it means something.
void check_parameters(const api_request& request) {
  if (request.parameter("name") && request.type != record_octets_type)
    throw problem("bad_parameter",
                  "the parameter name is for a body of octets: in JSON the "
                  "name is a member");
  if (request.parameter("on_error") && request.type != record_lines_type)
    throw problem("bad_parameter", "on_error is for many records, one a line");
}

void refuse_inaccessible(const api_request& request,
                         std::vector<record_line>& lines) {
  for (auto& line : lines)
    if (const auto* record = std::get_if<submitted_record>(&line);
        record != nullptr && !may_access(request, name_of(*record)))
      line = line_fault{"not_allowed", std::string(access_rule)};
}

constexpr const char* nothing_to_seal =
    "the record has no bytes, and a seal cannot be over nothing";

void refuse_empty(std::vector<record_line>& lines) {
  for (auto& line : lines)
    if (const auto* record = std::get_if<submitted_record>(&line);
        record != nullptr && record->bytes.empty())
      line = line_fault{"bad_line", nothing_to_seal};
}

/// Of all lines with a fault of this code. Throws when there is one.
void throw_for(std::string_view code, const std::string& sentence,
               const std::vector<record_line>& lines) {
  json items = json::array();
  std::size_t count = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto* fault = std::get_if<line_fault>(&lines[i]);
    if (fault == nullptr || fault->code != code)
      continue;
    if (++count <= items_max)
      items.push_back({{"line", i + 1}, {"reason", fault->reason}});
  }
  if (count > 0)
    throw problem(code,
                  fmt::format("{}: {} of {}", sentence, count, lines.size()),
                  {{"items", std::move(items)}});
}

std::vector<record_line> lines_of(const api_request& request, bool skip,
                                  bool seals) {
  auto lines = read_record_lines(request.http.body);
  if (seals)
    refuse_empty(lines);
  refuse_inaccessible(request, lines);
  if (skip)
    return lines;
  refuse_repeated_names(lines);
  throw_for("bad_line", "nothing is stored, as lines are broken", lines);
  throw_for("not_allowed",
            "nothing is stored, as the token may not post some lines", lines);
  return lines;
}

std::vector<record_line> one_of(const api_request& request, bool seals) {
  auto record = request.type == record_octets_type
                    ? octets_of(request)
                    : read_record(request.http.body);
  if (seals && record.bytes.empty())
    throw problem("empty_record", nothing_to_seal);
  require_access(request, name_of(record));
  std::vector<record_line> lines;
  lines.emplace_back(std::move(record));
  return lines;
}

} // namespace

record_posting read_posting(const api_request& request, bool seals) {
  check_parameters(request);
  record_posting posting;
  posting.lines = request.type == record_lines_type;
  posting.skip = skips(request);
  posting.stored.skip_taken = posting.skip;
  posting.stored.mark = request_mark_of(request);
  auto lines = posting.lines ? lines_of(request, posting.skip, seals)
                             : one_of(request, seals);
  posting.answered.reserve(lines.size());
  for (auto& line : lines) {
    if (auto* fault = std::get_if<line_fault>(&line)) {
      posting.answered.emplace_back(std::move(*fault));
      continue;
    }
    auto& record = std::get<submitted_record>(line);
    posting.answered.emplace_back(
        posted_record{record.name, record.bytes.size()});
    posting.stored.records.push_back(std::move(record));
  }
  return posting;
}

} // namespace chancery::apps
