// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every subcommand is given, and the functions that add one each to the
// command line. An add_ function declares options and leaves an action behind;
// the action runs after the whole command line was read, on the main thread,
// and answers an exit code or throws.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

namespace CLI {
class App;
}

namespace chancery::apps {

/// LMDB needs some pages before the first record.
inline constexpr std::uint64_t map_size_min = 64 * 1024;

/// The options of every command, and what to do.
struct command_context {
  std::filesystem::path data = "chancery-data";
  bool json = false;
  std::filesystem::path passphrase_file; ///< empty when not given
  std::optional<std::uint64_t> map_size;
  std::function<int()> action;
};

/// Found wrong only when the command ran, but still the command line's fault.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void add_init(CLI::App& app, command_context& context);
void add_keys(CLI::App& app, command_context& context);
void add_records(CLI::App& app, command_context& context);
void add_sign(CLI::App& app, command_context& context);
void add_status(CLI::App& app, command_context& context);
void add_verify(CLI::App& app, command_context& context);
void add_audit(CLI::App& app, command_context& context);
void add_export(CLI::App& app, command_context& context);
void add_node(CLI::App& app, command_context& context);
void add_chain(CLI::App& app, command_context& context);
void add_client(CLI::App& app, command_context& context);
void add_cluster(CLI::App& app, command_context& context);
void add_worker(CLI::App& app, command_context& context);
void add_simulate(CLI::App& app, command_context& context);

// Parts of these that have files of their own.
void add_keys_list(CLI::App& keys, command_context& context);
void add_keys_add(CLI::App& keys, command_context& context);
void add_keys_retire(CLI::App& keys, command_context& context);
void add_keys_passphrase(CLI::App& keys, command_context& context);
void add_keys_import(CLI::App& keys, command_context& context);
void add_keys_export(CLI::App& keys, command_context& context);
void add_keys_bundle(CLI::App& keys, command_context& context);
void add_records_seed(CLI::App& records, command_context& context);
void add_records_import(CLI::App& records, command_context& context);
void add_chain_proof(CLI::App& chain, command_context& context);
void add_chain_verify(CLI::App& chain, command_context& context);
void add_simulate_ledger(CLI::App& simulate, command_context& context);
void add_simulate_cluster(CLI::App& simulate, command_context& context);
void add_cluster_init(CLI::App& cluster, command_context& context);
void add_cluster_issue(CLI::App& cluster, command_context& context);
void add_cluster_show(CLI::App& cluster, command_context& context);

/// The example under a command's help, and where the shared options are.
std::string help_footer(const std::string& example);

} // namespace chancery::apps
