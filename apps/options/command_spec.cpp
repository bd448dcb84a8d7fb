// SPDX-License-Identifier: Apache-2.0
#include "apps/options/command_spec.hpp"

#include "apps/platform/early_signals.hpp"
#include "apps/terminal/figures.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace chancery::apps {

namespace {

/// The end of a command's help: an example and the shared options.
std::string footer(const std::string& example) {
  return fmt::format("Example:\n  {}\n"
                     "Every command also takes --data DIR, --json, "
                     "--passphrase-file FILE and\n"
                     "--map-size SIZE: see chancery --help.",
                     example);
}

std::uint64_t read_number(const std::string& name, const std::string& text,
                          number_range range) {
  const auto n = parse_number(text);
  if (n && *n >= range.min && *n <= range.max)
    return *n;
  const std::string limits =
      range.max == UINT64_MAX
          ? fmt::format("of at least {}", grouped(range.min))
          : fmt::format("from {} to {}", grouped(range.min),
                        grouped(range.max));
  throw CLI::ValidationError(
      name, fmt::format("\"{}\" is not a whole number {}", text, limits));
}

double read_decimal(const std::string& name, const std::string& text,
                    decimal_range range) {
  const auto n = parse_decimal(text);
  if (n && *n >= range.min && *n <= range.max)
    return *n;
  throw CLI::ValidationError(name,
                             fmt::format("\"{}\" is not a number from {} to {}",
                                         text, range.min, range.max));
}

std::uint64_t read_byte_count(const std::string& name, const std::string& text,
                              std::uint64_t min) {
  const auto size = parse_size(text);
  if (size && *size >= min)
    return *size;
  throw CLI::ValidationError(
      name, fmt::format("{} is not a size of at least {}K, such "
                        "as 512M or 2T",
                        text, min / 1024));
}

using option_reader = std::function<void(const std::string&)>;

option_spec add_option(CLI::App& app, const std::string& name,
                       const std::string& help, const char* value_name,
                       const option_reader& read) {
  auto* option = app.add_option_function<std::string>(name, read, help);
  return option_spec(*option->type_name(value_name));
}

/// `value` is a string, an optional one or a path.
template <class Value>
option_spec add_text(CLI::App& app, const std::string& name, Value& value,
                     const std::string& help) {
  return add_option(app, name, help, "TEXT",
                    [&value](const std::string& text) { value = text; });
}

/// `value` is a number or an optional one.
template <class Value>
option_spec add_number(CLI::App& app, const std::string& name, Value& value,
                       number_range range, const std::string& help) {
  return add_option(app, name, help, "N",
                    [&value, name, range](const std::string& text) {
                      value = read_number(name, text, range);
                    });
}

} // namespace

const option_spec& option_spec::required() const {
  handle_->required();
  return *this;
}

const option_spec& option_spec::value_name(const std::string& name) const {
  handle_->type_name(name);
  return *this;
}

const option_spec& option_spec::default_text(const std::string& text) const {
  handle_->default_str(text);
  return *this;
}

const option_spec& option_spec::environment(const std::string& variable) const {
  handle_->envname(variable);
  return *this;
}

const option_spec& option_spec::one_of(std::vector<std::string> values) const {
  handle_->check(CLI::IsMember(std::move(values)));
  return *this;
}

const option_spec& option_spec::excludes(const option_spec& other) const {
  handle_->excludes(other.handle_);
  return *this;
}

command_spec command_spec::add(const std::string& name, const std::string& help,
                               const std::string& example,
                               const std::string& note) const {
  auto* added = handle_->add_subcommand(name, help);
  added->footer(footer(example) + note);
  return {*added, *context_};
}

const command_spec& command_spec::needs_subcommand() const {
  handle_->require_subcommand(1);
  return *this;
}

option_spec command_spec::text(const std::string& name, std::string& value,
                               const std::string& help) const {
  return add_text(*handle_, name, value, help);
}

option_spec command_spec::text(const std::string& name,
                               std::optional<std::string>& value,
                               const std::string& help) const {
  return add_text(*handle_, name, value, help);
}

option_spec command_spec::text(const std::string& name,
                               std::filesystem::path& value,
                               const std::string& help) const {
  return add_text(*handle_, name, value, help);
}

option_spec command_spec::texts(const std::string& name,
                                std::vector<std::string>& values,
                                const std::string& help) const {
  return option_spec(
      *handle_->add_option(name, values, help)->type_name("TEXT"));
}

option_spec command_spec::flag(const std::string& name, bool& value,
                               const std::string& help) const {
  return option_spec(*handle_->add_flag(name, value, help));
}

option_spec command_spec::paths(const std::string& name,
                                std::vector<std::filesystem::path>& values,
                                const std::string& help) const {
  auto* option = handle_->add_option_function<std::vector<std::string>>(
      name,
      [&values](const std::vector<std::string>& given) {
        values.assign(given.begin(), given.end());
      },
      help);
  // An option takes one value each time, and leaves the arguments behind it.
  option->allow_extra_args(!name.starts_with('-'));
  return option_spec(*option->type_name("FILE"));
}

option_spec command_spec::number(const std::string& name, std::uint64_t& value,
                                 number_range range,
                                 const std::string& help) const {
  return add_number(*handle_, name, value, range, help);
}

option_spec command_spec::number(const std::string& name,
                                 std::optional<std::uint64_t>& value,
                                 number_range range,
                                 const std::string& help) const {
  return add_number(*handle_, name, value, range, help);
}

option_spec command_spec::decimal(const std::string& name, double& value,
                                  decimal_range range,
                                  const std::string& help) const {
  return add_option(*handle_, name, help, "N",
                    [&value, name, range](const std::string& text) {
                      value = read_decimal(name, text, range);
                    });
}

option_spec command_spec::size(const std::string& name,
                               std::optional<std::uint64_t>& value,
                               std::uint64_t min,
                               const std::string& help) const {
  return add_option(*handle_, name, help, "SIZE",
                    [&value, name, min](const std::string& text) {
                      value = read_byte_count(name, text, min);
                    });
}

void command_spec::runs(command_action action) const {
  acts([action = std::move(action)](const command_context& context) {
    release_signals();
    return action(context);
  });
}

void command_spec::acts(command_action action) const {
  handle_->callback([context = context_, action = std::move(action)] {
    context->action = action;
  });
}

void command_spec::runs_around(
    std::function<int(const command_context&, const command_action&)> around)
    const {
  handle_->require_subcommand(0, 1);
  // CLI11 calls a subcommand's callback before its parent's.
  handle_->callback([context = context_, around = std::move(around)] {
    context->action = [around,
                       inner = context->action](const command_context& c) {
      return around(c, inner);
    };
  });
}

} // namespace chancery::apps
