// SPDX-License-Identifier: Apache-2.0
#include "apps/records/numbered_lines.hpp"

#include "apps/records/import_source.hpp"

#include <fmt/format.h>

namespace chancery::apps {

numbered_lines::numbered_lines(const std::filesystem::path& input,
                               std::size_t line_size_max,
                               const std::atomic<bool>& stop)
    : file_(input), lines_(file_.descriptor(), line_size_max, stop) {}

std::optional<std::string_view> numbered_lines::next() {
  leave_out();
  ++number_;
  try {
    return lines_.next();
  } catch (const line_too_long& e) {
    too_long_ = true;
    throw bad_input(fmt::format("{} {}", place(), e.what()));
  }
}

bool numbered_lines::skip() {
  leave_out();
  ++number_;
  return lines_.skip();
}

std::string numbered_lines::place() const {
  return fmt::format("line {}", number_);
}

void numbered_lines::leave_out() {
  if (too_long_)
    lines_.skip();
  too_long_ = false;
}

} // namespace chancery::apps
