// SPDX-License-Identifier: Apache-2.0
#pragma once

// Output of the commands. Answers go to stdout: readable text, or one line of
// JSON with --json. Everything else (notes, warnings, progress) goes to stderr,
// one line each, so that stdout can be piped. Any thread may call these.

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace chancery::apps {

/// Writes a line of readable text.
void say(std::string_view line);

/// Writes the answer as a line of JSON.
void answer(const nlohmann::ordered_json& value);

/// Writes bytes of the answer unchanged.
void put(std::string_view bytes);

/// Flushes stdout. Throws std::runtime_error when a write to it failed (a full
/// disk, say).
void finish_output();

/// Write "chancery: LINE" or "chancery: warning: LINE" to stderr.
void note(std::string_view line);
void warn(std::string_view line);

/// True when stderr is a terminal, which can show a live line.
bool live_console();

/// Replaces the live line; an empty one removes it. Notes appear above it.
void show_live(std::string_view line);

/// Drops newlines at the end, and replaces other control characters by spaces.
std::string one_line(std::string_view text);

} // namespace chancery::apps
