// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text of others (peers, files, stored data) made safe for a terminal and a
// log. Controls are C0, DEL and C1, and the characters of Unicode that nobody
// sees but that reorder, hide or break a line: directional marks, embeddings
// and isolates, zero-width characters, line and paragraph separators, tags.
// Bytes that are not UTF-8 count as controls: an old terminal may take them for
// C1. Pure functions; any thread.

#include <string>
#include <string_view>

namespace chancery::apps {

/// Each control becomes a space, each byte that is not UTF-8 a '?'.
std::string one_line(std::string_view text);

/// The same, but line feeds and tabs stay.
std::string safe_lines(std::string_view text);

/// JSON with each control in its strings escaped (RFC 8259 section 7). The text
/// is valid JSON in UTF-8, and stays the same value.
std::string safe_json(std::string_view json);

} // namespace chancery::apps
