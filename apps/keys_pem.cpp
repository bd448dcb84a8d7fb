// SPDX-License-Identifier: Apache-2.0
// `chancery keys import` and `export`: keys from and to PEM files, as OpenSSL's
// command line writes and reads them.

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/data_folder.hpp"
#include "apps/key_choice.hpp"
#include "apps/new_file.hpp"
#include "crypto/pem.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;

// A private key in PEM has a few hundred bytes; text around it is allowed.
constexpr std::size_t pem_size_max = 64 * 1024;

int import_key(const command_context& context, const fs::path& file) {
  const auto folder = data_folder::existing(context);
  const auto lock = folder.lock();
  const auto pem = read_file(file, pem_size_max);
  // The file's faults are told before anybody types a passphrase.
  const auto key = [&] {
    try {
      return crypto::private_key_from_pem(pem);
    } catch (const std::invalid_argument& e) {
      throw std::runtime_error(
          fmt::format("cannot import {}: {}", file.string(), e.what()));
    }
  }();
  auto [keys, used] = folder.open_keyring(context, true);
  try {
    keys.add(key);
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("cannot import {}: {}", file.string(), e.what()));
  }
  crypto::save_keyring(folder.keyring_path(), keys, used.text,
                       crypto::system_random());
  const auto id = crypto::to_text(key.id());
  if (context.json)
    answer({{"imported", id}, {"keys", keys.keys().size()}});
  else
    say(fmt::format("imported {}; it must sign nothing but records from now on",
                    id));
  return 0;
}

struct export_options {
  std::string id;
  fs::path out;
  bool public_half = false;
  bool force = false;
};

void export_private(const command_context& context, const data_folder& folder,
                    const export_options& options, const crypto::key_id& id) {
  const auto keys = folder.open_keyring(context, false).keys;
  for (const auto& each : keys.keys()) {
    if (each.key.id() != id)
      continue;
    auto pem = crypto::to_pem(each.key);
    try {
      write_file(options.out, pem, 0600,
                 options.force ? new_file::existing::replace
                               : new_file::existing::keep);
    } catch (...) {
      crypto::wipe(pem);
      throw;
    }
    crypto::wipe(pem);
    return;
  }
  throw std::runtime_error("the keyring has no private half of this key: "
                           "restore keyring.jwe from a backup");
}

int export_key(const command_context& context, const export_options& options) {
  if (options.out.empty() && !options.public_half)
    throw usage_error("a private key goes to a file only: add --out FILE.pem "
                      "(or --public for the public key)");
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  const auto& key = choose_key(keys, options.id).key;
  if (options.out.empty()) {
    put(crypto::to_pem(key));
    return 0;
  }
  std::error_code ignored;
  if (!options.force && fs::is_regular_file(options.out, ignored))
    throw std::runtime_error(
        fmt::format("{} exists: name another file, or add --force to replace "
                    "it",
                    options.out.string()));
  if (options.public_half)
    write_file(options.out, crypto::to_pem(key), 0644,
               options.force ? new_file::existing::replace
                             : new_file::existing::keep);
  else
    export_private(context, folder, options, key.id());
  const auto* what = options.public_half ? "public" : "private";
  if (context.json)
    answer({{"exported", crypto::to_text(key.id())},
            {"half", what},
            {"file", options.out.string()}});
  else
    say(fmt::format("the {} key {} is in {}", what, crypto::to_text(key.id()),
                    options.out.string()));
  return 0;
}

} // namespace

void add_keys_import(CLI::App& keys, command_context& context) {
  const auto file = std::make_shared<fs::path>();
  auto* command = keys.add_subcommand(
      "import", "Adds a private key from an unencrypted PKCS#8 PEM file");
  command->footer(help_footer(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 "
      "-out key.pem\n  chancery keys import key.pem"));
  command->add_option("FILE", *file, "As `openssl genpkey` writes it")
      ->required();
  command->callback([&context, file] {
    context.action = [&context, file] { return import_key(context, *file); };
  });
}

void add_keys_export(CLI::App& keys, command_context& context) {
  const auto options = std::make_shared<export_options>();
  auto* command = keys.add_subcommand(
      "export", "Writes one key to a PEM file, unencrypted, mode 0600");
  command->footer(
      help_footer("chancery keys export Vt3kR0s --public --out key.pem"));
  command->add_option("ID", options->id, "The key's id, or the beginning of it")
      ->required();
  command->add_option("--out", options->out, "Where to")->type_name("FILE");
  command->add_flag("--public", options->public_half,
                    "The public key only (SubjectPublicKeyInfo); needs no "
                    "passphrase");
  command->add_flag("--force", options->force, "Replace FILE if it exists");
  command->callback([&context, options] {
    context.action = [&context, options] {
      return export_key(context, *options);
    };
  });
}

} // namespace chancery::apps
