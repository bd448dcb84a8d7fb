// SPDX-License-Identifier: Apache-2.0
// libFuzzer target of what comes from tables. A row that is taken apart is
// written again and taken apart again, and must have the same fields, NULL
// among them. Two readers of UTF-8 must agree, and a name has no character
// that one_line would change.
#include "apps/records/csv_row.hpp"
#include "apps/records/tsv_row.hpp"
#include "apps/terminal/safe_text.hpp"
#include "crypto/base/utf8.hpp"
#include "storage/record_name.hpp"
#include "storage/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace chancery;
using apps::table_field;

void require(bool right, const char* what) {
  if (right)
    return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

std::string csv_of(const table_field& field) {
  if (field.null)
    return {};
  std::string text = "\"";
  for (const char c : field.text)
    text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

std::string tsv_of(const table_field& field) {
  if (field.null)
    return "\\N";
  std::string text;
  for (const char c : field.text)
    if (c == '\n')
      text += "\\n";
    else if (c == '\r')
      text += "\\r";
    else if (c == '\t')
      text += "\\t";
    else
      text += c == '\\' ? std::string("\\\\") : std::string(1, c);
  return text;
}

bool add_lines(apps::table_row& row, std::string_view text) {
  row.clear();
  for (;;) {
    const auto end = text.find('\n');
    if (row.add_line(text.substr(0, end)))
      return end == std::string_view::npos;
    if (end == std::string_view::npos)
      return false;
    text.remove_prefix(end + 1);
  }
}

template <class Row, class Write>
void read_again(const apps::table_row& row, char separator, Write write) {
  std::string text;
  for (const auto& field : row.fields()) {
    text += text.empty() && &field == row.fields().data()
                ? ""
                : std::string(1, separator);
    text += write(field);
  }
  Row again;
  require(add_lines(again, text), "a written row is not complete");
  const auto same = [](const table_field& a, const table_field& b) {
    return a.null == b.null && a.text == b.text;
  };
  require(std::ranges::equal(row.fields(), again.fields(), same),
          "a row has other fields when it is written again");
}

template <class Row, class Write>
void read_rows(std::string_view text, char separator, Write write) {
  Row row;
  std::size_t row_begin = 0; // in text, of the row
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    try {
      if (row.add_line(text.substr(at, end - at))) {
        require(text.substr(row_begin).starts_with(row.bytes()),
                "a row does not stand there");
        read_again<Row>(row, separator, write);
        row.clear();
        row_begin = end + 1;
      }
    } catch (const std::invalid_argument&) {
      require(row.fields().empty() && row.bytes().empty(),
              "something is left of a bad row");
      row_begin = end + 1;
    }
    at = end + 1;
  }
}

void read_name(std::string_view text) {
  for (auto rest = text; !rest.empty();) {
    const auto character = storage::utf8_front(rest);
    require(character.size == crypto::utf8_size(rest),
            "two readers of UTF-8 disagree");
    rest.remove_prefix(std::max<std::size_t>(character.size, 1));
  }
  if (storage::name_fault(text).empty())
    require(apps::one_line(text) == text, "a name would be shown otherwise");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_rows<apps::csv_row>(text, ',', csv_of);
  read_rows<apps::tsv_row>(text, '\t', tsv_of);
  read_name(text);
  return 0;
}
