// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asks a person at the terminal for a secret, with echo off. Call it on the
// main thread, before any signal is blocked: Ctrl-C then ends the program and
// echo comes back first.

#include "crypto/base/secret.hpp"

#include <optional>
#include <string>

namespace chancery::apps {

/// Nothing when stdin or stderr is no terminal.
std::optional<crypto::secret_string> prompt_secret(const std::string& question);

} // namespace chancery::apps
