// SPDX-License-Identifier: Apache-2.0
// `chancery keys bundle`: writes the active keys for workers on other hosts.

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/folders/worker_keyring.hpp"
#include "apps/platform/host_clock.hpp"
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
  fs::path passphrase_file; ///< empty: beside `out`
  bool force = false;
};

/// Never the data folder's, which opens everything there. Without one that is
/// given, the one beside the bundle, which is made if it is missing: a bundle
/// that replaces another keeps its passphrase.
passphrase passphrase_for(const bundle_options& options) {
  const passphrase_sources given{.file = options.passphrase_file,
                                 .variable = "CHANCERY_BUNDLE_PASSPHRASE"};
  if (auto secret = find_passphrase(given))
    return std::move(*secret);
  std::error_code ignored;
  if (is_standard_output(options.out) ||
      (fs::exists(options.out, ignored) &&
       !fs::is_regular_file(options.out, ignored)))
    throw usage_error(fmt::format("{} is no file that a passphrase can lie "
                                  "beside: give --bundle-passphrase-file",
                                  options.out.string()));
  auto beside = given;
  beside.stored = bundle_passphrase_path(options.out);
  return passphrase_for_new_keys(beside, crypto::system_random());
}

int bundle(const command_context& context, const bundle_options& options) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  if (!options.force && replaces_a_file(options.out))
    throw std::runtime_error(
        fmt::format("{} exists: name another file, or add --force to replace "
                    "it",
                    options.out.string()));
  const auto id = folder.open_store(data_folder::access::read, context.map_size)
                      .info()
                      .folder_id;
  const auto keys = folder.open_keyring(context, false).keys;
  const auto secret = passphrase_for(options);
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
  const auto beside = bundle_passphrase_path(options.out);
  std::error_code ignored;
  const bool stored = fs::exists(beside, ignored);
  if (context.json) {
    answer({{"bundle", options.out.string()},
            {"passphrase_file", stored ? nlohmann::ordered_json(beside.string())
                                       : nlohmann::ordered_json()},
            {"keys", half.keys().size()},
            {"fingerprint", fingerprint},
            {"folder_id",
             crypto::base64url_encode(std::as_bytes(std::span(id)))}});
    return 0;
  }
  say(fmt::format("{} holds {} keys for workers of {}, fingerprint {}",
                  options.out.string(), grouped(half.keys().size()),
                  folder.root().string(), fingerprint));
  say(fmt::format("It is encrypted under {}, which opens nothing else: copy "
                  "both to the worker's host. Make a new bundle whenever the "
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
            "CHANCERY_BUNDLE_PASSPHRASE, or FILE.passphrase, which is made at "
            "random if it is missing)")
      .value_name("FILE");
  command.flag("--force", options->force, "Replace FILE if it exists");
  command.runs(bundle, options);
}

} // namespace chancery::apps
