// SPDX-License-Identifier: Apache-2.0
#include "apps/records/record_selection.hpp"

#include "apps/platform/input_file.hpp"
#include "apps/platform/input_lines.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <string>

namespace chancery::apps {

namespace {

/// More than a name's, so that the answer can quote what was meant as one.
constexpr std::size_t name_line_size_max = 4'096;

std::uint64_t signed_id_of(const storage::snapshot& view, std::string_view name,
                           const std::string& where) {
  const auto id = view.id_of(name);
  if (!id)
    throw std::runtime_error(
        fmt::format("no record has the name \"{}\"{}", name, where));
  if (!view.batch_of(*id))
    throw std::runtime_error(fmt::format(
        "the record \"{}\"{} is not signed yet: run `chancery sign`", name,
        where));
  return *id;
}

} // namespace

std::uint64_t record_selection::size_max(const storage::snapshot& view) const {
  const auto records = view.record_count();
  const auto behind = from ? records - std::min(records, *from) : 0;
  return ids.size() + std::min(behind, view.signature_count());
}

record_selection named_record_of(const storage::snapshot& view,
                                 std::string_view name) {
  return {.ids = {signed_id_of(view, name, {})}, .from = std::nullopt};
}

record_selection named_records_of(const storage::snapshot& view,
                                  const std::filesystem::path& file,
                                  const std::atomic<bool>& stop) {
  const input_file input(file);
  record_selection chosen{.from = std::nullopt};
  input_lines lines(input.descriptor(), name_line_size_max, stop);
  std::uint64_t number = 0;
  const auto where = [&] {
    return fmt::format(" (line {} of {})", number,
                       file == "-" ? "the input" : file.string());
  };
  try {
    while (const auto line = (++number, lines.next()))
      if (!line->empty())
        chosen.ids.push_back(signed_id_of(view, *line, where()));
  } catch (const line_too_long& e) {
    throw std::runtime_error(
        fmt::format("no record has a name that {}{}", e.what(), where()));
  }
  std::ranges::sort(chosen.ids);
  chosen.ids.erase(std::unique(chosen.ids.begin(), chosen.ids.end()),
                   chosen.ids.end());
  return chosen;
}

new_records new_records_since(const storage::snapshot& view,
                              const export_position& since) {
  struct withdrawn {
    std::uint64_t record;
    std::uint64_t event;
  };
  std::vector<withdrawn> rows; // by record
  auto end = view.event_count();
  view.each_withdrawn([&](const storage::withdrawn_row& row) {
    if (row.event < since.events || row.record >= since.next)
      return;
    rows.push_back({row.record, row.event});
    if (!view.signature(row.record))
      end = std::min(end, row.event);
  });
  record_selection selection{
      .ids_replace = true, .from = since.next, .unbroken = true};
  for (const auto& row : rows)
    if (row.event < end &&
        (selection.ids.empty() || selection.ids.back() != row.record))
      selection.ids.push_back(row.record);
  return {std::move(selection), end};
}

} // namespace chancery::apps
