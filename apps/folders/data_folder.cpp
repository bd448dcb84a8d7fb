// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/data_folder.hpp"

#include "apps/folders/folder_root.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/folders/status_file.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"
#include "apps/terminal/console.hpp"
#include "crypto/base/random.hpp"
#include "storage/errors.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <utility>

namespace chancery::apps {

namespace fs = std::filesystem;

data_folder data_folder::existing(const command_context& context) {
  data_folder folder(context.data);
  const std::string name = folder.root().string();
  std::error_code error;
  const auto status = fs::status(folder.root(), error);
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
        fmt::format("creation of {} was interrupted: run `chancery init "
                    "--data {}` again",
                    name, name));
  if (ledger_folder(folder.root()).has_keys() && !fs::exists(folder.records()))
    throw std::runtime_error(
        fmt::format("{} holds only a ledger: `chancery init --data {}` adds "
                    "a keyring and records",
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
  try {
    return storage::lock_file(lock_path());
  } catch (const storage::locked& e) {
    if (!is_service(e.pid()))
      throw;
    throw storage::locked(
        fmt::format("{} is in use by `chancery serve` (process {}), which "
                    "takes records at POST /v1/records and signs them: use "
                    "that, or stop it",
                    root().string(), e.pid()),
        e.pid());
  }
}

bool data_folder::is_service(pid_t process) const {
  const auto status = read_status_file(status_path(), process);
  return status && status->value("service", false);
}

keyring_claim data_folder::claim_keyring() const {
  try {
    auto folder = lock();
    return {std::move(folder), lock_keyring_file()};
  } catch (const storage::locked& e) {
    if (!is_service(e.pid()))
      throw;
    return {std::nullopt, lock_keyring_file(), e.pid()};
  }
}

// It is held for as long as a key derivation takes.
storage::lock_file data_folder::lock_keyring_file() const {
  constexpr auto patience = std::chrono::seconds(5);
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    try {
      return storage::lock_file(keyring_lock_path());
    } catch (const storage::locked&) {
      if (std::chrono::steady_clock::now() > until)
        throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

void keyring_claim::note_service() const {
  if (service)
    note(fmt::format("`chancery serve` (process {0}) uses it from its next "
                     "epoch on: `kill -HUP {0}` begins one",
                     *service));
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

opened_keyring data_folder::open_keyring(const command_context& context,
                                         bool repair) const {
  return open_keyring_at(keyring_path(), context.passphrase_file,
                         passphrase_path(), repair);
}

namespace {

void require_free(const data_folder& folder, const ledger_folder& ledger) {
  if (is_there(folder.unfinished_path()))
    return;
  if (const auto name = stranger_in(folder.root(), ledger.names()))
    throw std::runtime_error(fmt::format(
        "{} is not empty ({} is in it): name a new folder with --data, as "
        "init overwrites nothing",
        folder.root().string(), *name));
}

/// A power cut can bring back the mark of an init that had ended. Throws when
/// the folder was used since: what is in it cannot be made again.
void require_unused(const data_folder& folder, const ledger_folder& ledger) {
  const auto name = folder.root().string();
  const auto refuse = [&](const std::string& what) {
    throw std::runtime_error(fmt::format(
        "{} {}, so it was used after its init, and init removes nothing from "
        "it; to use it again, remove {}",
        name, what, folder.unfinished_path().string()));
  };
  if (!ledger.has_keys() && is_there(folder.root() / "cluster.jwe"))
    refuse("holds the key of a cluster");
  if (is_there(folder.root() / "ca.jwe"))
    refuse("holds the key of an authority");
  try {
    const auto store = folder.open_store(data_folder::access::read, {});
    const auto view = store.read();
    if (view.record_count() + view.event_count() + view.signature_count() +
            view.withdrawn_count() >
        0)
      refuse(fmt::format("holds {} records and {} signatures",
                         view.record_count(), view.signature_count()));
  } catch (const storage::missing&) {
    // init was interrupted before it created the store
  } catch (const storage::corrupt& e) {
    throw std::runtime_error(
        fmt::format("{}; if nothing was ever stored in {}, remove it and run "
                    "init again",
                    e.what(), name));
  }
}

void remove_made(const data_folder& folder) {
  fs::remove_all(folder.records());
  remove_file(folder.keyring_path().private_file());
  remove_file(folder.keyring_path().public_file());
}

/// Removes what an interrupted init left. Keeps a passphrase that opens the
/// node's keys; an interrupted init or first start leaves one without them.
void clear_unfinished(const data_folder& folder, const ledger_folder& ledger) {
  const bool unfinished = is_there(folder.unfinished_path());
  if (unfinished)
    require_unused(folder, ledger);
  if (!ledger.has_keys())
    remove_file(folder.passphrase_path());
  if (unfinished)
    remove_made(folder);
}

/// The passphrase of the ledger's existing keys: a folder has one for all.
passphrase passphrase_of(const ledger_folder& ledger, const data_folder& folder,
                         const std::optional<passphrase>& given) {
  const auto keys = ledger.keyring_path();
  auto secret =
      given
          ? *given
          : require_passphrase(sources_for(keys, {}, folder.passphrase_path()));
  open_under(keys, secret, false);
  return secret;
}

/// After an error. What cannot be removed now, the next init removes.
void give_up(const data_folder& folder, const ledger_folder& ledger) noexcept {
  try {
    remove_made(folder);
    if (!ledger.has_keys())
      remove_file(folder.passphrase_path());
    remove_file(folder.unfinished_path());
  } catch (const std::exception&) {
    // the first error is the one to report
  }
}

/// Creates everything that the mark stands for.
made_data_folder fill(const data_folder& folder, const new_data_folder& options,
                      std::optional<passphrase> secret) {
  const auto random = crypto::system_random();
  if (!secret)
    secret = passphrase_for_new_keys(
        {.file = {}, .variable = nullptr, .stored = folder.passphrase_path()},
        random);
  made_data_folder made{
      crypto::keyring(options.curve, options.keys, random, options.purpose),
      !options.secret && is_there(folder.passphrase_path())};
  crypto::save_keyring(folder.keyring_path(), made.keys, secret->text, random);

  make_folders(folder.records());
  fs::permissions(folder.records(), fs::perms::owner_all);
  storage::store_options store;
  if (options.map_size)
    store.map_size = *options.map_size;
  storage::record_store::create(folder.records(),
                                {.folder_id = crypto::make_random_id(random),
                                 .signature_size = static_cast<std::uint32_t>(
                                     crypto::signature_size(options.curve))},
                                store);
  return made;
}

/// Says more than what is in the folder.
void refuse_beside_service(const data_folder& folder) {
  if (!is_there(folder.status_path()))
    return;
  const auto owner = storage::lock_file::holder(folder.lock_path());
  if (owner && folder.is_service(*owner))
    folder.lock();
}

} // namespace

made_data_folder make_data_folder(const data_folder& folder,
                                  const new_data_folder& options) {
  const ledger_folder ledger(folder.root());
  refuse_beside_service(folder);
  require_free(folder, ledger);
  make_root(folder.root());
  const auto lock = folder.lock();
  const auto node_lock = ledger.lock(); // a first start stores a passphrase too
  require_free(folder, ledger);         // again, now under the locks
  clear_unfinished(folder, ledger);
  auto secret = options.secret;
  if (ledger.has_keys())
    secret = passphrase_of(ledger, folder, secret);
  make_mark(folder.unfinished_path());
  try {
    auto made = fill(folder, options, std::move(secret));
    remove_file(folder.unfinished_path());
    return made;
  } catch (...) {
    give_up(folder, ledger);
    throw;
  }
}

} // namespace chancery::apps
