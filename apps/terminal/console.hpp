// SPDX-License-Identifier: Apache-2.0
#pragma once

// Output of the commands. Answers go to stdout: readable text, or one line of
// JSON with --json. Everything else (notes, warnings, progress) goes to stderr,
// one line each, so that stdout can be piped. Text of peers and stored data
// cannot do anything to a terminal: all that is written here, except what put()
// writes to a file or a pipe, has no control characters (safe_text.hpp). Any
// thread may call these.

#include "apps/terminal/safe_text.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace chancery::apps {

/// Writes readable text: one line, or several with line feeds between them.
void say(std::string_view line);

/// Writes the answer as a line of JSON.
void answer(const nlohmann::ordered_json& value);

/// Writes bytes of the answer: unchanged, unless stdout is a terminal.
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

} // namespace chancery::apps
