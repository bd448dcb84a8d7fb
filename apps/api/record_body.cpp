// SPDX-License-Identifier: Apache-2.0
#include "apps/api/record_body.hpp"

#include "apps/api/problem.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/jose/strict_json.hpp"
#include "storage/record_name.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::string_view known_members[] = {"name", "text", "data"};

[[noreturn]] void wrong_record(const std::string& sentence) {
  throw problem("bad_parameter", sentence);
}

nlohmann::json object_in(std::string_view text) {
  nlohmann::json value;
  try {
    value = crypto::parse_strict_json(text);
  } catch (const std::exception&) {
    wrong_record("the record is not JSON in UTF-8 with each member once");
  }
  if (!value.is_object())
    wrong_record("the record is not a JSON object");
  for (const auto& [name, member] : value.items())
    if (std::ranges::find(known_members, name) == std::end(known_members))
      wrong_record("the record has a member that is not known here");
  return value;
}

/// Takes a member's text out of the object; nothing when it is not there.
std::optional<std::string> take_text(nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end())
    return std::nullopt;
  if (!found->is_string())
    wrong_record(fmt::format("the member \"{}\" is not a string", name));
  return std::move(found->get_ref<std::string&>());
}

record_line read_line(std::string_view line) {
  if (line.empty() || line == "\r")
    return line_fault{"bad_line", "the line is empty"};
  try {
    return read_record(line);
  } catch (const problem& why) {
    return line_fault{"bad_line", why.what()};
  }
}

} // namespace

void require_record_size(std::string_view bytes) {
  if (bytes.size() > storage::record_store::record_size_max)
    throw problem("too_large", "a record has 16 MiB at most");
}

void require_record_name(std::string_view text) {
  if (const auto fault = storage::name_fault(text); !fault.empty())
    wrong_record(fmt::format("the name {}", fault));
}

actors::submitted_record read_record(std::string_view body) {
  auto object = object_in(body);
  auto name = take_text(object, "name");
  if (name)
    require_record_name(*name);
  auto text = take_text(object, "text");
  const auto data = take_text(object, "data");
  if (text.has_value() == data.has_value())
    wrong_record("give one of \"text\" and \"data\"");
  auto bytes = data ? crypto::base64url_decode(*data) : std::move(text);
  if (!bytes)
    wrong_record("the member \"data\" is not base64url");
  require_record_size(*bytes);
  return {.name = std::move(name).value_or(""), .bytes = *std::move(bytes)};
}

std::vector<record_line> read_record_lines(std::string_view body) {
  if (body.empty())
    throw problem("bad_parameter", "the body has no line");
  if (body.ends_with('\n'))
    body.remove_suffix(1);
  const auto count =
      static_cast<std::size_t>(std::ranges::count(body, '\n')) + 1;
  if (count > actors::submitted_records_max)
    throw problem("too_large", "a request has 10,000 lines at most");
  std::vector<record_line> lines;
  lines.reserve(count);
  while (lines.size() < count) {
    const auto end = std::min(body.find('\n'), body.size());
    lines.push_back(read_line(body.substr(0, end)));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return lines;
}

void refuse_repeated_names(std::vector<record_line>& lines) {
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto* record = std::get_if<actors::submitted_record>(&lines[i]);
    if (record == nullptr || record->name.empty())
      continue;
    const auto [first, fresh] = seen.emplace(record->name, i);
    if (fresh)
      continue;
    // Keys are views of names in lines that stay.
    const auto& other =
        std::get<actors::submitted_record>(lines[first->second]);
    if (other.bytes != record->bytes)
      lines[i] = line_fault{
          "bad_line", fmt::format("line {} has the same name and other bytes",
                                  first->second + 1)};
  }
}

} // namespace chancery::apps
