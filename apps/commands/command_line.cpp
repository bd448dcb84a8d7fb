// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/command_line.hpp"

#include "apps/commands/commands.hpp"
#include "apps/platform/thread_end.hpp"
#include "apps/terminal/console.hpp"
#include "crypto/keys/key.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

void add_global_options(const command_spec& app, command_context& context) {
  app.text("--data", context.data,
           "The data folder (default: chancery-data here)")
      .environment("CHANCERY_DATA")
      .value_name("DIR");
  app.flag("--json", context.json, "Answer in JSON");
  app.text("--passphrase-file", context.passphrase_file,
           "A file whose first line is the keyring's passphrase (else: "
           "CHANCERY_PASSPHRASE, the data folder's own file, a prompt)")
      .value_name("FILE");
  app.size("--map-size", context.map_size, map_size_min,
           "Maximum size of the database (default: 1T)");
}

void add_commands(const command_spec& app) {
  add_init(app);
  add_keys(app);
  add_records(app);
  add_sign(app);
  add_worker(app);
  add_status(app);
  add_verify(app);
  add_audit(app);
  add_repair(app);
  add_check(app);
  add_export(app);
  add_upgrade(app);
  add_node(app);
  add_serve(app);
  add_page(app);
  add_token(app);
  add_chain(app);
  add_client(app);
  add_cluster(app);
  add_simulate(app);
}

/// `ended` is a word for machines, or empty.
int fail(const std::string& what, bool json, exit_code code,
         const std::string& ended = {}) {
  const std::string line = one_line(what);
  note(line);
  if (json) {
    try {
      nlohmann::ordered_json error{{"error", line}};
      if (!ended.empty())
        error["ended"] = ended;
      answer(error);
      finish_output();
    } catch (const std::exception&) {
      // The line on stderr is out already; the exit code stays the same.
    }
  }
  return code;
}

int usage_failure(const CLI::App& app, const CLI::ParseError& error,
                  bool json) {
  // Name the subcommand that was parsed, so that its --help is found.
  std::string command = "chancery";
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    command += ' ' + at->get_name();
  }
  std::string what = error.what();
  const auto extra = app.remaining();
  if (dynamic_cast<const CLI::RequiredError*>(&error) && !extra.empty())
    what = fmt::format("there is no command \"{}\"", extra.front());
  return fail(fmt::format("{} (see {} --help)", what, command), json,
              exit_usage);
}

int run_action(const command_context& context) {
  try {
    const int code = context.action(context);
    finish_output();
    return code;
  } catch (const usage_error& e) {
    return fail(e.what(), context.json, exit_usage);
  } catch (const ended_by& e) {
    return fail(e.what(), context.json, exit_failed, e.word());
  } catch (const std::bad_alloc&) {
    return fail("out of memory", context.json, exit_failed);
  } catch (const std::exception& e) {
    return fail(e.what(), context.json, exit_failed);
  }
}

} // namespace

std::vector<std::string> protect_key_ids(std::vector<std::string> arguments) {
  for (auto& argument : arguments) {
    if (argument.size() != 43 || argument.front() != '-')
      continue;
    try {
      crypto::key_id_from_text(argument);
      argument.insert(0, "id:");
    } catch (const std::invalid_argument&) {
      // Not a key id: leave the argument as it is.
    }
  }
  return arguments;
}

int run(int argc, char** argv) {
  command_context context;
  CLI::App app("Signs every record of a database with a keyring, provably "
               "once.",
               "chancery");
  app.footer("Example:\n"
             "  chancery init && chancery records seed --count 1000\n"
             "  chancery sign && chancery verify && chancery audit");
  app.set_version_flag("--version", "chancery " CHANCERY_VERSION);
  // Set before the subcommands are added: they inherit both.
  app.fallthrough();
  app.require_subcommand(1);
  const command_spec program(app, context);
  add_global_options(program, context);
  add_commands(program);

  const auto given = protect_key_ids({argv + std::min(argc, 1), argv + argc});
  try {
    // CLI11 parses a vector from its end.
    app.parse(std::vector<std::string>(given.rbegin(), given.rend()));
  } catch (const CLI::Success& e) { // --help and --version
    return app.exit(e) == 0 ? exit_done : exit_failed;
  } catch (const CLI::ParseError& e) {
    const bool json =
        std::find(given.begin(), given.end(), "--json") != given.end();
    return usage_failure(app, e, json);
  }
  const int code = run_action(context);
  await_other_threads(std::chrono::seconds(1));
  return code;
}

} // namespace chancery::apps
