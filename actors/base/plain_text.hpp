// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text of a peer, made safe for logs, terminals and error messages. Pure
// functions; any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace chancery::actors {

/// Most characters of a name or version that a peer states.
inline constexpr std::size_t peer_text_max = 40;
/// Most characters of a sentence that a peer says.
inline constexpr std::size_t peer_sentence_max = 300;

/// Printable ASCII alone: every other byte becomes '?'. A longer text is cut,
/// and ends in "...".
inline std::string plain_text(std::string_view text,
                              std::size_t length_max = peer_text_max) {
  constexpr std::string_view dots = "...";
  const bool cut = text.size() > length_max && length_max > dots.size();
  std::string plain(
      text.substr(0, cut ? length_max - dots.size() : length_max));
  for (char& c : plain)
    if (c < ' ' || c > '~')
      c = '?';
  return cut ? plain.append(dots) : plain;
}

} // namespace chancery::actors
