// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/ledger_folder.hpp"

#include "apps/folders/data_paths.hpp"
#include "apps/folders/folder_root.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"
#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

storage::ledger_options options_for(std::optional<std::uint64_t> map_size) {
  storage::ledger_options options;
  if (map_size)
    options.map_size = *map_size;
  return options;
}

/// A new ledger goes into a new folder or beside the files of `init`.
void require_place(const ledger_folder& folder) {
  const data_paths data(folder.root());
  if (is_there(folder.unfinished_path()) || folder.has_keys() ||
      storage::ledger_store::exists(folder.ledger()) ||
      is_there(data.records()) || is_there(data.unfinished_path()))
    return;
  if (const auto name = stranger_in(folder.root()))
    throw std::runtime_error(
        fmt::format("{} is not a data folder and not empty ({} is in it): name "
                    "another with --data",
                    folder.root().string(), *name));
  make_root(folder.root());
}

} // namespace

ledger_folder::ledger_folder(fs::path root) : root_(std::move(root)) {}

ledger_folder ledger_folder::existing(const command_context& context) {
  ledger_folder folder(context.data);
  const auto name = folder.root_.string();
  std::error_code error;
  const auto status = fs::status(folder.ledger(), error);
  if (error && status.type() != fs::file_type::not_found)
    throw std::runtime_error(
        fmt::format("cannot read {}: {}", name, error.message()));
  if (is_there(folder.unfinished_path()))
    throw std::runtime_error(
        fmt::format("creation of the ledger in {} was interrupted: start "
                    "`chancery node --data {}` again",
                    name, name));
  if (!fs::is_directory(status))
    throw std::runtime_error(
        fmt::format("there is no ledger in {}: make one with `chancery node "
                    "--data {}`, or name another folder with --data",
                    name, name));
  return folder;
}

bool ledger_folder::has_keys() const {
  return is_there(keyring_path().private_file());
}

bool ledger_folder::complete() const {
  return has_keys() && is_there(ledger()) && !is_there(unfinished_path());
}

std::vector<std::string_view> ledger_folder::names() const {
  if (!is_there(unfinished_path()) && !has_keys())
    return {};
  return {"ledger",      "node.jwe",          "node.pub.json",
          "passphrase",  "ledger-unfinished", "cluster.jwe",
          "cluster.pem", "cluster.pub.json"};
}

storage::lock_file ledger_folder::lock() const {
  return storage::lock_file(lock_path());
}

opened_keyring ledger_folder::open_keys(const command_context& context,
                                        bool repair) const {
  return open_keyring_at(keyring_path(), context.passphrase_file,
                         data_paths(root_).passphrase_path(), repair);
}

crypto::node_identity
ledger_folder::open_identity(const command_context& context) const {
  return crypto::node_identity_from(open_keys(context, false).keys);
}

crypto::node_identity
ledger_folder::make_keys(const command_context& context) const {
  const data_paths data(root_);
  const auto random = crypto::system_random();
  const auto sources = sources_for(data.keyring_path(), context.passphrase_file,
                                   data.passphrase_path());
  // Beside a keyring with the user's own passphrase, a stored random one would
  // later be tried on that keyring.
  const bool shared = is_there(data.keyring_path().private_file()) &&
                      !is_there(data.unfinished_path());
  const auto secret = shared ? require_passphrase(sources)
                             : passphrase_for_new_keys(sources, random);
  if (shared)
    open_under(data.keyring_path(), secret, false);
  auto identity = crypto::make_node_identity(random);
  crypto::save_keyring(keyring_path(), crypto::to_keyring(identity, random),
                       secret.text, random);
  return identity;
}

crypto::node_identity ledger_folder::finish_first_start(
    const command_context& context, const storage::ledger_options& options,
    std::optional<std::uint32_t> block_size) const {
  make_mark(unfinished_path());
  auto identity =
      has_keys() ? crypto::node_identity_from(open_keys(context, true).keys)
                 : make_keys(context);
  make_folders(ledger());
  fs::permissions(ledger(), fs::perms::owner_all);
  if (!storage::ledger_store::exists(ledger()))
    storage::ledger_store::create(
        ledger(),
        {.node = identity.id(),
         .block_size = block_size.value_or(default_block_size)},
        options);
  remove_file(unfinished_path());
  return identity;
}

opened_ledger
ledger_folder::open_for_node(const command_context& context,
                             std::optional<std::uint32_t> block_size) const {
  require_place(*this);
  auto owned = lock();
  const auto options = options_for(context.map_size);
  const bool store_made = storage::ledger_store::exists(ledger());
  const bool first_start =
      is_there(unfinished_path()) || (!has_keys() && !store_made);
  if (!first_start && !store_made)
    throw std::runtime_error(fmt::format(
        "the ledger {} is missing, but its node's keys exist: restore it from "
        "a backup, as clients hold its receipts",
        ledger().string()));
  auto identity =
      first_start ? finish_first_start(context, options, block_size)
                  : crypto::node_identity_from(open_keys(context, true).keys);
  storage::ledger_store store(ledger(), options);
  check_chain(store.info(), identity.id(), block_size);
  return {std::move(owned), std::move(identity), std::move(store)};
}

storage::ledger_store
ledger_folder::open_to_read(std::optional<std::uint64_t> map_size) const {
  auto options = options_for(map_size);
  options.read_only = true;
  return storage::ledger_store(ledger(), options);
}

crypto::node_keys
ledger_folder::public_keys(const storage::ledger_store& store) const {
  auto keys = crypto::public_node_keys(
      crypto::read_public_keyring(keyring_path()), store.info().block_size);
  check_chain(store.info(), keys.signing.id(), std::nullopt);
  return keys;
}

void ledger_folder::check_chain(const storage::ledger_info& info,
                                const crypto::key_id& node,
                                std::optional<std::uint32_t> block_size) const {
  if (info.node != node)
    throw std::runtime_error(fmt::format(
        "the chain in {} belongs to the node {}, but the keys beside it belong "
        "to {}: restore the chain's own node.jwe and node.pub.json",
        ledger().string(), crypto::to_text(info.node), crypto::to_text(node)));
  if (block_size && *block_size != info.block_size)
    throw std::runtime_error(fmt::format(
        "the chain in {} has a fixed block size of {}: omit --block-size, or "
        "start another chain with another --data",
        ledger().string(), info.block_size));
}

} // namespace chancery::apps
