// SPDX-License-Identifier: Apache-2.0
#pragma once

// Prompts for a secret at the terminal, with echo off. Call it on the main
// thread, before any signal is blocked: Ctrl-C then restores echo and ends the
// program.

#include "crypto/base/secret.hpp"

#include <optional>
#include <string>

namespace chancery::apps {

/// Nothing when stdin or stderr is not a terminal.
std::optional<crypto::secret_string> prompt_secret(const std::string& question);

} // namespace chancery::apps
