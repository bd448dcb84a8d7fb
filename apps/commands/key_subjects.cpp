// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/key_subjects.hpp"

#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

const char* const subject_help =
    "\nIn --subject, {n} is the key's place in the keyring (0001), {key} the "
    "beginning of its id. A backslash quotes a comma, an equals sign or a "
    "brace.\n";

void add_key_options(const command_spec& command, subject_options& options) {
  command.texts("KEY", options.keys, "Ids of keys, or the beginnings of them");
  command.flag("--all", options.all, "Every active key");
}

void add_subject_options(const command_spec& command,
                         subject_options& options) {
  add_key_options(command, options);
  command
      .text("--subject", options.subject,
            "The subjects, as one template: C, O, organizationIdentifier, CN "
            "and others, with commas between them")
      .required()
      .value_name("TEMPLATE");
}

crypto::subject_template read_subject(const std::string& text) {
  try {
    return crypto::subject_template(text);
  } catch (const std::invalid_argument& e) {
    throw usage_error(e.what());
  }
}

std::vector<std::byte> fill_subject(const crypto::subject_template& subject,
                                    std::size_t number, std::string_view id) {
  try {
    return subject.fill(number, id);
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(fmt::format("key {}: {}", id, e.what()));
  }
}

void warn_of(std::span<const std::string> warnings) {
  constexpr std::size_t shown_max = 20;
  for (const auto& warning : warnings.first(
           warnings.size() < shown_max ? warnings.size() : shown_max))
    warn(warning);
  if (warnings.size() > shown_max)
    warn(fmt::format("and {} more warnings", warnings.size() - shown_max));
}

} // namespace chancery::apps
