// SPDX-License-Identifier: Apache-2.0
#pragma once

// From argv to an exit code: parses the command line, runs one subcommand, and
// turns an exception into one line on stderr. The only place that maps errors
// to exit codes. Main thread.

#include <string>
#include <vector>

namespace chancery::apps {

/// Scripts rely on these numbers.
enum exit_code : int {
  exit_done = 0,
  exit_failed = 1, ///< tried, and something is wrong or left
  exit_usage = 2,  ///< the command line is invalid; nothing was tried
  exit_partly = 3, ///< done, but not all could be taken or judged
};

int run(int argc, char** argv);

/// A key id may begin with a hyphen, and would then be parsed as an option.
/// Returns the arguments with every such id (43 characters) written "id:-...".
std::vector<std::string> protect_key_ids(std::vector<std::string> arguments);

} // namespace chancery::apps
