// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the commands that name subjects for keys have in common. Main thread.

#include "apps/options/command_spec.hpp"
#include "apps/options/key_choice.hpp"
#include "crypto/certificates/subject_template.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

struct subject_options {
  std::vector<std::string> keys;
  bool all = false;
  std::string subject;
};

/// Explains the template; for the end of a command's help.
extern const char* const subject_help;

/// KEY, --all.
void add_key_options(const command_spec& command, subject_options& options);
/// The same and --subject.
void add_subject_options(const command_spec& command, subject_options& options);

/// Throws usage_error.
crypto::subject_template read_subject(const std::string& text);

/// The subject of one key, in DER. Throws std::runtime_error.
std::vector<std::byte> fill_subject(const crypto::subject_template& subject,
                                    std::size_t number, std::string_view id);

/// Each warning a line on stderr, the first twenty.
void warn_of(std::span<const std::string> warnings);

} // namespace chancery::apps
