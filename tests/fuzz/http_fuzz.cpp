// SPDX-License-Identifier: Apache-2.0
// libFuzzer target for what reads the octets of strangers: the scan for a
// header's end, the header, the target, and the bodies that are taken apart.
// The first byte selects the size of the pieces in which the octets arrive,
// which must not change the verdict.
#include "apps/api/message_lines.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/verify_question.hpp"
#include "apps/http/http_head.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

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
