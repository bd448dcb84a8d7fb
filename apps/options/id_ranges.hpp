// SPDX-License-Identifier: Apache-2.0
#pragma once

// Record ids on the command line: single ones and ranges, separated by commas:
// "7,9,100-199". A pure function, any thread.

#include "actors/audit/repair.hpp"

#include <string_view>
#include <vector>

namespace chancery::apps {

/// The ranges in order; those that overlap or touch are joined. Throws
/// usage_error that quotes `text` and its option's name, `option`.
std::vector<actors::id_range> parse_id_ranges(std::string_view option,
                                              std::string_view text);

} // namespace chancery::apps
