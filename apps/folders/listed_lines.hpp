// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files that list one thing per line: white space around it, empty lines and
// text after a # are ignored. Pure function; any thread.

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace chancery::apps {

/// Calls `take(number, line)` for each line that lists something. Lines count
/// from 1.
template <class Take>
void each_listed_line(std::string_view text, const Take& take) {
  constexpr std::string_view white = " \t\r";
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    line.remove_prefix(std::min(line.find_first_not_of(white), line.size()));
    line = line.substr(0, line.find_last_not_of(white) + 1);
    if (!line.empty())
      take(number, line);
  }
}

} // namespace chancery::apps
