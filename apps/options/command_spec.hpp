// SPDX-License-Identifier: Apache-2.0
#pragma once

// Declares a command: its options, help and action. Hides CLI11, whose headers
// take seconds to compile: only this header's source file and the command line
// itself include them.
//
// Both classes are handles that are cheap to copy and valid as long as the
// command line's parser. A variable bound to an option keeps its value when the
// option is not given, and must live until the action has run. Main thread
// only.

#include "apps/terminal/command_context.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace chancery::apps {

/// Inclusive.
struct number_range {
  std::uint64_t min = 0;
  std::uint64_t max = UINT64_MAX;
};

/// Inclusive.
struct decimal_range {
  double min = 0;
  double max = 0;
};

/// An option, positional argument or flag.
class option_spec {
 public:
  explicit option_spec(CLI::Option& handle) : handle_(&handle) {}

  const option_spec& required() const;
  /// The name of the value in the help: "FILE".
  const option_spec& value_name(const std::string& name) const;
  /// The default that the help shows; it sets nothing.
  const option_spec& default_text(const std::string& text) const;
  /// The environment variable that is read when the option is not given.
  const option_spec& environment(const std::string& variable) const;
  /// Any other value is refused.
  const option_spec& one_of(std::vector<std::string> values) const;
  const option_spec& excludes(const option_spec& other) const;

 private:
  CLI::Option* handle_;
};

/// The program itself, a command of it, or a subcommand of a command.
class command_spec {
 public:
  command_spec(CLI::App& handle, command_context& context)
      : handle_(&handle), context_(&context) {}

  /// Adds a subcommand. Its help ends with `example`, the text on the shared
  /// options and `note`.
  command_spec add(const std::string& name, const std::string& help,
                   const std::string& example,
                   const std::string& note = {}) const;

  /// Makes it a usage error to give no subcommand.
  const command_spec& needs_subcommand() const;

  // Options ("--name"), and positional arguments (no hyphens).
  option_spec text(const std::string& name, std::string& value,
                   const std::string& help) const;
  option_spec text(const std::string& name, std::optional<std::string>& value,
                   const std::string& help) const;
  option_spec text(const std::string& name, std::filesystem::path& value,
                   const std::string& help) const;
  /// Takes any number of values.
  option_spec texts(const std::string& name, std::vector<std::string>& values,
                    const std::string& help) const;
  option_spec flag(const std::string& name, bool& value,
                   const std::string& help) const;

  /// Several: an option that is given again, or arguments in a row.
  option_spec paths(const std::string& name,
                    std::vector<std::filesystem::path>& values,
                    const std::string& help) const;

  /// Decimal whole numbers without a sign; 010 is ten.
  option_spec number(const std::string& name, std::uint64_t& value,
                     number_range range, const std::string& help) const;
  option_spec number(const std::string& name,
                     std::optional<std::uint64_t>& value, number_range range,
                     const std::string& help) const;

  /// Decimal fractions: "0.5", "60". No exponents, no signs.
  option_spec decimal(const std::string& name, double& value,
                      decimal_range range, const std::string& help) const;

  /// Bytes, optionally with a suffix K, M, G or T (powers of 1,024): 512M.
  option_spec size(const std::string& name, std::optional<std::uint64_t>& value,
                   std::uint64_t min, const std::string& help) const;

  /// Sets the action, which runs once the whole command line has been read.
  /// Signals end it.
  void runs(command_action action) const;

  /// The same for a function and the struct that the options fill.
  template <class Argument, class Choice>
  void runs(int (*action)(const command_context&, Argument),
            std::shared_ptr<Choice> choice) const {
    runs([action, choice = std::move(choice)](const command_context& context) {
      return action(context, *choice);
    });
  }

  /// The same for an action that has a signal_watch: signals are kept until
  /// that exists.
  template <class Argument, class Choice>
  void runs_until_a_signal(int (*action)(const command_context&, Argument),
                           std::shared_ptr<Choice> choice) const {
    acts([action, choice = std::move(choice)](const command_context& context) {
      return action(context, *choice);
    });
  }

  /// For a command that works with and without a subcommand: `around`
  /// gets the action of the given subcommand, or an empty one. It decides what
  /// signals do.
  void runs_around(
      std::function<int(const command_context&, const command_action&)> around)
      const;

 private:
  void acts(command_action action) const;

  CLI::App* handle_;
  command_context* context_;
};

} // namespace chancery::apps
