// SPDX-License-Identifier: Apache-2.0
// `chancery keys passphrase`: encrypts all keys of a data folder (the
// keyring's, the ledger node's, the cluster's and the authority's) under
// another passphrase.

#include "apps/certificates/trial_ca.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/cluster_authority.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

struct keyring_file {
  crypto::keyring_path path;
  std::optional<crypto::keyring> keys; ///< set once the file is opened
};

/// The keyring files in the folder. Throws std::runtime_error when it has none.
std::vector<keyring_file> files_of(const command_context& context) {
  const ledger_folder ledger(context.data);
  std::vector<keyring_file> files;
  if (ledger.has_keys())
    files.push_back({ledger.keyring_path(), std::nullopt});
  const data_folder data(context.data);
  if (std::error_code error;
      files.empty() || std::filesystem::exists(data.records(), error))
    files.push_back(
        {data_folder::existing(context).keyring_path(), std::nullopt});
  if (const cluster_authority cluster(context.data); cluster.has_keys())
    files.insert(files.begin(), {cluster.keyring_path(), std::nullopt});
  if (const trial_ca ca(context.data); ca.has_keys())
    files.insert(files.begin(), {ca.keyring_path(), std::nullopt});
  return files;
}

/// Opens every file that `secret` opens, and throws when it opens none. After a
/// change that was interrupted between two files, some are under the new
/// passphrase already.
void open_all(std::vector<keyring_file>& files, const passphrase& secret) {
  std::optional<crypto::wrong_passphrase> wrong;
  std::size_t opened = 0;
  for (auto& file : files) {
    try {
      file.keys = open_under(file.path, secret, true);
      ++opened;
    } catch (const crypto::wrong_passphrase& e) {
      wrong = e;
    }
  }
  if (opened == 0)
    throw *wrong;
}

int change_passphrase(const command_context& context,
                      const std::filesystem::path& new_file) {
  require_plausible_clock();
  const data_folder folder(context.data);
  auto files = files_of(context);
  const auto lock = folder.lock();
  const auto node_lock = ledger_folder(context.data).lock();
  for (const auto& file : files)
    require_private_file(file.path);
  const auto old = require_passphrase(sources_for(
      files.back().path, context.passphrase_file, folder.passphrase_path()));
  open_all(files, old);
  const auto secret = find_passphrase({.file = new_file,
                                       .variable = "CHANCERY_NEW_PASSPHRASE",
                                       .prompt = "New passphrase",
                                       .ask_twice = true});
  if (!secret)
    throw std::runtime_error(
        "no new passphrase: give --new-passphrase-file FILE, set "
        "CHANCERY_NEW_PASSPHRASE, or run this at a terminal");
  for (auto& file : files)
    if (!file.keys)
      file.keys = open_under(file.path, *secret, true);
  for (const auto& file : files)
    crypto::save_keyring(file.path, *file.keys, secret->text,
                         crypto::system_random());
  // It holds the old passphrase; the user keeps the new one.
  const bool removed = remove_file(folder.passphrase_path());
  if (context.json)
    answer({{"changed", true}, {"removed_passphrase_file", removed}});
  else
    say(removed ? fmt::format("the passphrase is changed; {} held the old one "
                              "and is removed",
                              folder.passphrase_path().string())
                : std::string("the passphrase is changed"));
  return 0;
}

} // namespace

void add_keys_passphrase(const command_spec& keys) {
  const auto file = std::make_shared<std::filesystem::path>();
  const auto command =
      keys.add("passphrase",
               "Encrypts all keys of the data folder under another passphrase",
               "chancery keys passphrase --new-passphrase-file secret.txt");
  command
      .text("--new-passphrase-file", *file,
            "A file whose first line is the new passphrase (else: "
            "CHANCERY_NEW_PASSPHRASE, a prompt)")
      .value_name("FILE");
  command.runs(change_passphrase, file);
}

} // namespace chancery::apps
