// SPDX-License-Identifier: Apache-2.0
#include "apps/data_folder.hpp"

#include "apps/console.hpp"
#include "apps/new_file.hpp"
#include "crypto/lease.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace fs = std::filesystem;

data_folder::data_folder(fs::path root) : root_(std::move(root)) {}

data_folder data_folder::existing(const command_context& context) {
  data_folder folder(context.data);
  const std::string name = folder.root_.string();
  std::error_code error;
  const auto status = fs::status(folder.root_, error);
  if (!fs::exists(status) && status.type() == fs::file_type::not_found)
    throw std::runtime_error(
        fmt::format("there is no data folder {}: make it with `chancery init "
                    "--data {}`, or name another with --data",
                    name, name));
  if (error)
    throw std::runtime_error(
        fmt::format("cannot read {}: {}", name, error.message()));
  if (!fs::is_directory(status))
    throw std::runtime_error(fmt::format(
        "{} is not a folder: name a data folder with --data", name));
  if (fs::exists(folder.unfinished_path(), error))
    throw std::runtime_error(
        fmt::format("making {} was cut off: run `chancery init --data {}` "
                    "again",
                    name, name));
  if (!fs::exists(folder.records(), error))
    throw std::runtime_error(
        error ? fmt::format("cannot read {}: {}", name, error.message())
              : fmt::format("{} is not a data folder, as it has no records/: "
                            "name another with --data, or make one with "
                            "`chancery init`",
                            name));
  return folder;
}

storage::lock_file data_folder::lock() const {
  return storage::lock_file(lock_path());
}

storage::record_store
data_folder::open_store(access a, std::optional<std::uint64_t> map_size) const {
  storage::store_options options;
  options.read_only = a == access::read;
  if (map_size)
    options.map_size = *map_size;
  return storage::record_store(records(), options);
}

crypto::public_keyring data_folder::public_keys() const {
  return crypto::read_public_keyring(keyring_path());
}

data_folder::opened data_folder::open_keyring(const command_context& context,
                                              bool repair) const {
  // Looked at before anybody is asked for a passphrase.
  const auto file = keyring_path().private_file();
  if (std::error_code error; !fs::exists(file, error))
    throw std::runtime_error(
        fmt::format("the keyring {} is missing: put it back from a backup; "
                    "the keys cannot be made again",
                    file.string()));
  auto secret = find_passphrase(
      {.file = context.passphrase_file,
       .stored = passphrase_path(),
       .prompt = fmt::format("Passphrase of {}", file.string())});
  if (!secret)
    throw std::runtime_error(
        "no passphrase for the keyring: give --passphrase-file FILE, set "
        "CHANCERY_PASSPHRASE, or run this at a terminal");
  try {
    auto ring = crypto::open_keyring(keyring_path(), secret->text, repair);
    for (const auto& warning : ring.warnings)
      warn(warning);
    return {std::move(ring.keys), std::move(*secret)};
  } catch (const crypto::wrong_passphrase& e) {
    throw std::runtime_error(
        fmt::format("{} (tried: {})", one_line(e.what()), secret->source));
  }
}

namespace {

/// Before anything of the folder is touched: it may be somebody's home.
void require_free(const data_folder& folder) {
  const auto& root = folder.root();
  std::error_code error;
  const auto status = fs::status(root, error);
  if (status.type() == fs::file_type::not_found ||
      fs::exists(folder.unfinished_path(), error))
    return;
  if (!fs::is_directory(status))
    throw std::runtime_error(
        fmt::format("{} is not a folder: name one with --data", root.string()));
  // A fresh disk has lost+found; a lock alone is an init that just began.
  for (const auto& entry : fs::directory_iterator(root)) {
    const auto name = entry.path().filename();
    if (name != "lock" && name != "lost+found")
      throw std::runtime_error(fmt::format(
          "{} is not empty ({} is in it): name a new folder with --data, as "
          "init overwrites nothing",
          root.string(), name.string()));
  }
}

void make_root(const fs::path& root) {
  std::error_code error;
  fs::create_directories(root, error);
  if (error)
    throw std::runtime_error(fmt::format("cannot make the folder {}: {}",
                                         root.string(), error.message()));
  fs::permissions(root, fs::perms::owner_all, error);
  if (error)
    warn(fmt::format("cannot close {} to others: {}", root.string(),
                     error.message()));
}

/// Nothing in it was ever used: every other command refuses such a folder.
void clear_unfinished(const data_folder& folder) {
  if (!fs::exists(folder.unfinished_path()))
    return;
  fs::remove_all(folder.records());
  fs::remove(folder.passphrase_path());
  fs::remove(folder.keyring_path().private_file());
  fs::remove(folder.keyring_path().public_file());
}

} // namespace

made_data_folder make_data_folder(const data_folder& folder,
                                  const new_data_folder& options) {
  require_free(folder);
  make_root(folder.root());
  const auto lock = folder.lock();
  require_free(folder); // again, as another init may have been faster
  clear_unfinished(folder);
  write_file(folder.unfinished_path(), "", 0600, new_file::existing::replace);

  const auto random = crypto::system_random();
  made_data_folder made{crypto::keyring(options.curve, options.keys, random),
                        !options.secret};
  const auto secret =
      options.secret ? options.secret->text : random_passphrase(random);
  if (made.passphrase_stored)
    write_file(folder.passphrase_path(), std::string_view(secret), 0600,
               new_file::existing::replace);
  crypto::save_keyring(folder.keyring_path(), made.keys, secret, random);

  fs::create_directory(folder.records());
  fs::permissions(folder.records(), fs::perms::owner_all);
  storage::store_options store;
  if (options.map_size)
    store.map_size = *options.map_size;
  storage::record_store::create(folder.records(),
                                {.folder_id = crypto::make_random_id(random),
                                 .signature_size = static_cast<std::uint32_t>(
                                     crypto::signature_size(options.curve))},
                                store);
  fs::remove(folder.unfinished_path());
  return made;
}

} // namespace chancery::apps
