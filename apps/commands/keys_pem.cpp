// SPDX-License-Identifier: Apache-2.0
// `chancery keys import` and `export`: read and write keys in PEM files, as
// OpenSSL's command line does.

#include "apps/commands/commands.hpp"
#include "apps/commands/keys_import.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/options/key_choice.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"
#include "crypto/keys/pem.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;

// A private key in PEM has a few hundred bytes, and text may surround it.
constexpr std::size_t key_pem_size_max = 64 * 1024;

int import_key(const command_context& context, const fs::path& file) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  const auto claim = folder.claim_keyring();
  const auto pem = read_file(file, key_pem_size_max);
  // Report a bad file before anybody has to type a passphrase.
  const auto key = [&] {
    try {
      return crypto::private_key_from_pem(pem);
    } catch (const std::invalid_argument& e) {
      throw std::runtime_error(
          fmt::format("cannot import {}: {}", file.string(), e.what()));
    }
  }();
  const auto keys = add_imported(context, folder, key, file);
  const auto id = crypto::to_text(key.id());
  if (context.json)
    answer({{"imported", id}, {"keys", keys.keys().size()}});
  else
    say(fmt::format("imported {}; from now on it must sign nothing but records",
                    id));
  if (keys.purpose() == crypto::keyring_purpose::seal)
    warn_of_other_uses();
  claim.note_service();
  return 0;
}

int import_any(const command_context& context,
               const key_import_options& options) {
  if (options.pem.empty() == options.p12.empty())
    throw usage_error("name one file: a PEM file with a key, or --p12 FILE");
  if (options.p12.empty() &&
      !(options.roots.empty() && options.p12_passphrase_file.empty()))
    throw usage_error("--ca and --p12-passphrase-file belong to --p12");
  return options.p12.empty() ? import_key(context, options.pem)
                             : import_p12(context, options);
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
    throw usage_error("a private key is only written to a file: add --out "
                      "FILE.pem (or --public for the public key)");
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  const auto& key = choose_key(keys, options.id).key;
  if (options.out.empty()) {
    put(crypto::to_pem(key));
    return 0;
  }
  if (!options.force && replaces_a_file(options.out))
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
  if (is_standard_output(options.out)) // the key is the answer
    return 0;
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

crypto::keyring add_imported(const command_context& context,
                             const data_folder& folder,
                             const crypto::private_key& key,
                             const fs::path& file) {
  auto [keys, used] = folder.open_keyring(context, true);
  try {
    keys.add(key);
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("cannot import {}: {}", file.string(), e.what()));
  }
  crypto::save_keyring(folder.keyring_path(), keys, used.text,
                       crypto::system_random());
  return keys;
}

void add_keys_import(const command_spec& keys) {
  const auto options = std::make_shared<key_import_options>();
  const auto command = keys.add(
      "import",
      "Adds a private key from an unencrypted PKCS#8 PEM file, or a key with "
      "its certificates from PKCS#12",
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 "
      "-out key.pem\n  chancery keys import key.pem\n"
      "  chancery keys import --p12 seal.p12 --ca root.pem");
  command.text("FILE", options->pem,
               "A PEM file as `openssl genpkey` writes it");
  command
      .text("--p12", options->p12,
            "A PKCS#12 file (.p12, .pfx) with a key, its certificate and "
            "chain")
      .value_name("FILE");
  command
      .text("--p12-passphrase-file", options->p12_passphrase_file,
            "A file whose first line is that file's passphrase (else: "
            "CHANCERY_P12_PASSPHRASE, a prompt)")
      .value_name("FILE");
  command
      .text("--ca", options->roots,
            "The root certificate that you trust, for the one in --p12")
      .value_name("ROOT.pem");
  command.runs(import_any, options);
}

void add_keys_export(const command_spec& keys) {
  const auto options = std::make_shared<export_options>();
  const auto command =
      keys.add("export", "Writes one key to a PEM file, unencrypted, mode 0600",
               "chancery keys export Vt3kR0s --public --out key.pem");
  command.text("ID", options->id, "The key's id, or the beginning of it")
      .required();
  command.text("--out", options->out, "The file to write").value_name("FILE");
  command.flag("--public", options->public_half,
               "Export the public key only (SubjectPublicKeyInfo); needs "
               "no passphrase");
  command.flag("--force", options->force, "Replace FILE if it exists");
  command.runs(export_key, options);
}

} // namespace chancery::apps
