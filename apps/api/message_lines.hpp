// SPDX-License-Identifier: Apache-2.0
#pragma once

// The body of a request with many messages. Pure function; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

/// One text for each line, which is the text itself or a JSON string with it.
/// The last line may end in a line break. Throws `problem` for no line, more
/// than 1,000, and a line that begins as a JSON string and is none.
std::vector<std::string> message_lines(std::string_view body);

} // namespace chancery::apps
