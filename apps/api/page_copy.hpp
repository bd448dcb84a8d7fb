// SPDX-License-Identifier: Apache-2.0
#pragma once

// The page of `chancery serve` for any other host of files: its files as they
// are, and index.html with the server that it asks and the policy that serve
// sends as a field. Pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

namespace chancery::apps {

struct page_file {
  std::string name; ///< with its folder, if it is in one
  std::string contents;
};

/// `server`: the origin (options/origin.hpp) that the page asks; nothing: it
/// asks none, and verifies what is dropped into it.
std::vector<page_file> page_copy(const std::optional<std::string>& server);

/// index.html as that page has it. Throws std::logic_error unless `html` has
/// its line for the server once.
std::string page_asking(std::string html,
                        const std::optional<std::string>& server);

} // namespace chancery::apps
