// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where words go. Answers go to stdout: sentences for people, or one line of
// JSON with --json. Everything else (notes, warnings, progress) goes to stderr,
// one line each, so that stdout can be piped. Any thread may call these.

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace chancery::apps {

/// A line of the answer, for people.
void say(std::string_view line);

/// The answer, for machines.
void answer(const nlohmann::ordered_json& value);

/// Bytes of the answer, as they are.
void put(std::string_view bytes);

/// Throws when stdout did not take everything (a full disk behind a pipe).
void finish_output();

/// "chancery: ..." on stderr.
void note(std::string_view line);
void warn(std::string_view line);

/// True when stderr is a terminal, which can show a line that changes.
bool live_console();

/// Replaces the live line; an empty one takes it away. A note goes above it.
void show_live(std::string_view line);

/// Line breaks and other control characters as spaces.
std::string one_line(std::string_view text);

} // namespace chancery::apps
