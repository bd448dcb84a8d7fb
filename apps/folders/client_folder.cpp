// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/client_folder.hpp"

#include "apps/folders/folder_root.hpp"
#include "apps/platform/new_file.hpp"
#include "crypto/jose/strict_json.hpp"
#include "storage/errors.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>

namespace chancery::apps {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

constexpr int state_format = 1;
/// Room for the unconfirmed message and the node's keys.
constexpr std::size_t state_size_max = 1024 * 1024;

/// Room for a signed message and its receipt.
constexpr std::size_t line_size_max = 2 * crypto::wire_size_max;

constexpr auto lock_wait = std::chrono::seconds(60);
constexpr auto lock_pause = std::chrono::milliseconds(10);

std::optional<crypto::block_ref> block_ref_from(const nlohmann::json& value) {
  if (value.is_null())
    return std::nullopt;
  return crypto::block_ref{
      .index = value.at("index").get<std::uint64_t>(),
      .hash = crypto::key_id_from_text(value.at("hash").get<std::string>())};
}

std::string receipt_line(std::string_view message, std::string_view compact,
                         const crypto::receipt& receipt) {
  return json{{"seq", receipt.sequence},
              {"index", receipt.index},
              {"message", message},
              {"receipt", compact}}
             .dump() +
         '\n';
}

struct last_line {
  std::uintmax_t end = 0; ///< where it ends in the file
  std::string text;       ///< with its newline; empty when there is none
};

/// The last complete line. Anything after it is an interrupted write, whose
/// receipt client.json does not confirm.
last_line last_line_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error)
    return {}; // not created yet
  const auto begin = size - std::min<std::uintmax_t>(size, 2 * line_size_max);
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(begin));
  const std::string tail(std::istreambuf_iterator<char>(file), {});
  const auto end = tail.rfind('\n');
  if (end == std::string::npos)
    return {};
  const auto before = end == 0 ? end : tail.rfind('\n', end - 1);
  const auto first = before == std::string::npos ? 0 : before + 1;
  return {begin + end + 1, tail.substr(first, end + 1 - first)};
}

} // namespace

std::string to_json_text(const client_state& state) {
  const auto& memory = state.memory;
  return json{
      {"format", state_format},
      {"node_keys", state.node_keys},
      {"sequence", memory.sequence},
      {"unconfirmed",
       memory.unconfirmed.empty() ? json() : json(memory.unconfirmed)},
      {"highest", memory.highest
                      ? json{{"index", memory.highest->index},
                             {"hash", crypto::to_text(memory.highest->hash)}}
                      : json()}}
      .dump();
}

client_state client_state_from_json(std::string_view text) {
  const auto object = crypto::parse_strict_json(text);
  try {
    if (object.at("format").get<int>() != state_format)
      throw std::invalid_argument("it has the format of a newer version");
    const auto& unconfirmed = object.at("unconfirmed");
    return {.node_keys = object.at("node_keys").get<std::string>(),
            .memory = {.sequence = object.at("sequence").get<std::uint64_t>(),
                       .unconfirmed = unconfirmed.is_null()
                                          ? std::string()
                                          : unconfirmed.get<std::string>(),
                       .highest = block_ref_from(object.at("highest"))}};
  } catch (const nlohmann::json::exception&) {
    throw std::invalid_argument("a member is missing or of the wrong type");
  }
}

client_folder::client_folder(fs::path root) : root_(std::move(root)) {}

client_folder client_folder::existing(const fs::path& root) {
  client_folder folder(root);
  if (std::error_code error; !fs::exists(folder.state_path(), error))
    throw std::runtime_error(fmt::format(
        "there is no client in {}: make one with `chancery client init "
        "--node-keys FILE`, or name its folder with --client",
        root.string()));
  return folder;
}

bool client_folder::make(const fs::path& passphrase_file,
                         const signed_node_keys& node) const {
  if (std::error_code error; fs::exists(state_path(), error))
    throw std::runtime_error(fmt::format(
        "{} is already a client's folder: name a new one with --client",
        root_.string()));
  if (const auto name = stranger_in(root_, {"client.jwe", "client.pub.json",
                                            "client.json", "passphrase"}))
    throw std::runtime_error(fmt::format(
        "{} is not empty ({} is in it): name a new folder with --client",
        root_.string(), *name));
  make_root(root_);
  const auto held = lock();
  remove_file(passphrase_path()); // unused, left by an interrupted init
  const auto random = crypto::system_random();
  const auto secret = passphrase_for_new_keys(
      sources_for(keyring_path(), passphrase_file, passphrase_path()), random);
  crypto::save_keyring(keyring_path(),
                       crypto::keyring(crypto::curve::p256, 1, random),
                       secret.text, random);
  save({.node_keys = node.compact, .memory = {}});
  return fs::exists(passphrase_path());
}

storage::lock_file client_folder::lock() const {
  const auto end = std::chrono::steady_clock::now() + lock_wait;
  for (;;) {
    try {
      return storage::lock_file(root_ / "lock");
    } catch (const storage::locked&) {
      if (std::chrono::steady_clock::now() >= end)
        throw;
      std::this_thread::sleep_for(lock_pause);
    }
  }
}

crypto::key_id client_folder::id() const {
  const auto keys = crypto::read_public_keyring(keyring_path()).keys;
  if (keys.size() != 1)
    throw std::runtime_error(
        fmt::format("{} must hold exactly one key: restore it from a backup",
                    keyring_path().public_file().string()));
  return keys.front().key.id();
}

crypto::private_key
client_folder::open_identity(const fs::path& passphrase_file) const {
  const auto opened =
      open_keyring_at(keyring_path(), passphrase_file, passphrase_path());
  if (opened.keys.keys().size() != 1)
    throw std::runtime_error(
        fmt::format("{} must hold exactly one key: restore it from a backup",
                    keyring_path().private_file().string()));
  return opened.keys.keys().front().key;
}

client_state client_folder::load() const {
  try {
    return client_state_from_json(read_file(state_path(), state_size_max));
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(fmt::format(
        "cannot use {}: {}; restore it from a backup, as a sequence number "
        "must not be used twice",
        state_path().string(), e.what()));
  }
}

void client_folder::save(const client_state& state) const {
  write_file(state_path(), to_json_text(state), 0600,
             new_file::existing::replace);
}

void client_folder::keep_receipt(std::string_view message,
                                 std::string_view compact,
                                 const crypto::receipt& receipt) const {
  const auto line = receipt_line(message, compact, receipt);
  const auto last = last_line_of(receipts_path());
  if (last.text != line)
    append_durably(receipts_path(), last.end, line);
}

bool client_folder::has_receipt(std::string_view compact) const {
  std::ifstream file(receipts_path(), std::ios::binary);
  const auto wanted = fmt::format("\"receipt\":\"{}\"", compact);
  for (std::string line; std::getline(file, line);)
    if (line.find(wanted) != std::string::npos)
      return true;
  return false;
}

std::uint64_t client_folder::receipt_count() const {
  std::ifstream file(receipts_path(), std::ios::binary);
  std::uint64_t count = 0;
  for (std::string line; std::getline(file, line) && !file.eof();)
    ++count;
  return count;
}

} // namespace chancery::apps
