// SPDX-License-Identifier: Apache-2.0
// `chancery keys bundle`: writes the active keys for workers on other hosts.

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/keyring/keyring_bundle.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;

struct bundle_options {
  fs::path out;
  fs::path passphrase_file; ///< empty: the keyring's own passphrase
  bool force = false;
};

/// The passphrase that --bundle-passphrase-file names, or the keyring's.
passphrase passphrase_for(const bundle_options& options, passphrase own) {
  auto other =
      find_passphrase({.file = options.passphrase_file, .variable = nullptr});
  return other ? std::move(*other) : std::move(own);
}

int bundle(const command_context& context, const bundle_options& options) {
  const auto folder = data_folder::existing(context);
  if (!options.force && replaces_a_file(options.out))
    throw std::runtime_error(
        fmt::format("{} exists: name another file, or add --force to replace "
                    "it",
                    options.out.string()));
  const auto id = folder.open_store(data_folder::access::read, context.map_size)
                      .info()
                      .folder_id;
  auto [keys, used] = folder.open_keyring(context, false);
  const auto secret = passphrase_for(options, std::move(used));
  const auto half = crypto::worker_half(keys);
  write_file(
      options.out,
      crypto::seal_bundle(half, id, secret.text, crypto::system_random()) +
          "\n",
      0600,
      options.force ? new_file::existing::replace : new_file::existing::keep);
  if (is_standard_output(options.out)) // the bundle is the answer
    return 0;
  const auto fingerprint = crypto::to_text(crypto::worker_fingerprint(half));
  if (context.json) {
    answer({{"bundle", options.out.string()},
            {"keys", half.keys().size()},
            {"fingerprint", fingerprint},
            {"folder_id",
             crypto::base64url_encode(std::as_bytes(std::span(id)))}});
    return 0;
  }
  say(fmt::format("{} holds {} keys for workers of {}, fingerprint {}",
                  options.out.string(), grouped(half.keys().size()),
                  folder.root().string(), fingerprint));
  say(fmt::format("It is encrypted under {}. Make a new bundle whenever the "
                  "keys change: workers with other keys are refused.",
                  secret.source));
  return 0;
}

} // namespace

void add_keys_bundle(const command_spec& keys) {
  const auto options = std::make_shared<bundle_options>();
  const auto command = keys.add(
      "bundle",
      "Writes the keys for workers on other hosts to one encrypted file",
      "chancery keys bundle --out worker.bundle");
  command.text("--out", options->out, "The file to write, mode 0600")
      .required()
      .value_name("FILE");
  command
      .text("--bundle-passphrase-file", options->passphrase_file,
            "A file whose first line is the bundle's passphrase (else: "
            "the keyring's own)")
      .value_name("FILE");
  command.flag("--force", options->force, "Replace FILE if it exists");
  command.runs(bundle, options);
}

} // namespace chancery::apps
