// SPDX-License-Identifier: Apache-2.0
// libFuzzer target for what reads the octets of strangers: the scan for a
// header's end, the header, the target, and the bodies that are taken apart.
// The first byte selects the size of the pieces in which the octets arrive,
// which must not change the verdict.
#include "apps/api/message_lines.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/record_body.hpp"
#include "apps/api/verify_question.hpp"
#include "apps/http/http_head.hpp"
#include "storage/record_name.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

namespace {

using namespace chancery::apps;

void require(bool holds) {
  if (!holds)
    std::abort();
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

std::variant<std::size_t, http_fault> scan(std::string_view octets,
                                           std::size_t piece) {
  const http_limits limits;
  http_head_scan one(limits);
  for (std::size_t known = 0; known < octets.size();) {
    known = std::min(known + piece, octets.size());
    const auto end = one.end(octets.substr(0, known));
    if (end != std::variant<std::size_t, http_fault>(std::size_t{0}))
      return end;
  }
  return std::size_t{0};
}

void check_target(std::string_view text) {
  const auto target = http_target::parse(text);
  if (!target)
    return;
  require(text.starts_with('/') && !target->segments.empty());
  for (const auto& segment : target->segments)
    require(!has_control(segment));
  for (const auto& [name, value] : target->parameters) {
    require(!has_control(name) && !has_control(value));
    require(target->find(name).has_value());
  }
}

void check_head(std::string_view octets) {
  const auto read = read_head(octets);
  const auto* const head = std::get_if<http_head>(&read);
  if (head == nullptr)
    return;
  const http_limits limits;
  require(head->fields.size() <= limits.fields_max);
  require(is_token(head->method) && head->text.starts_with('/'));
  require(!(head->length && head->chunked));
  std::size_t hosts = 0;
  for (const auto& field : head->fields) {
    require(is_token(field.name) && is_field_value(field.value));
    hosts += same_without_case(field.name, "host") ? 1 : 0;
  }
  require(hosts == 1);
  check_target(head->text);
}

void check_record(const chancery::actors::submitted_record& record) {
  require(record.name.empty() ||
          chancery::storage::name_fault(record.name).empty());
}

/// A line alone, and among others, must be the same.
void check_records(std::string_view octets) {
  try {
    check_record(read_record(octets));
  } catch (const problem&) {
  }
  try {
    auto lines = read_record_lines(octets);
    require(!lines.empty() && lines.size() <= 10'000);
    for (const auto& line : lines)
      if (const auto* record =
              std::get_if<chancery::actors::submitted_record>(&line))
        check_record(*record);
      else
        require(!std::get<line_fault>(line).reason.empty());
    const auto first = read_record_lines(octets.substr(0, octets.find('\n')));
    require(first.size() == 1 && first[0].index() == lines[0].index());
    refuse_repeated_names(lines);
  } catch (const problem&) {
    require(octets.empty() || octets.front() == '\n' ||
            std::ranges::count(octets, '\n') >= 10'000);
  }
}

void check_bodies(std::string_view octets) {
  try {
    const auto lines = message_lines(octets);
    require(!lines.empty() && lines.size() <= 1'000);
  } catch (const problem&) {
  }
  try {
    const auto asked = read_verify_question(octets);
    require(asked.record.has_value() != asked.digest.has_value());
  } catch (const problem&) {
  }
  check_records(octets);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view octets(reinterpret_cast<const char*>(data) + 1,
                                size - 1);
  const auto end = scan(octets, octets.size() + 1);
  require(end == scan(octets, std::size_t{data[0]} + 1));
  if (const auto* found = std::get_if<std::size_t>(&end); found && *found > 0)
    check_head(octets.substr(0, *found));
  check_target(octets);
  check_bodies(octets);
  return 0;
}
