// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/keyring_file.hpp"

#include "crypto/jose/password_jwe.hpp"
#include "crypto/keyring/keyring_file_io.hpp"
#include "crypto/keyring/keyring_iterations.hpp"
#include "crypto/keyring/keyring_json.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

namespace chancery::crypto {

namespace {

constexpr mode_t private_mode = 0600;
constexpr mode_t public_mode = 0644;

[[noreturn]] void refuse_file(const std::filesystem::path& file,
                              std::string_view what,
                              std::string_view what_to_do) {
  throw std::runtime_error(
      fmt::format("{}: {}; {}", file.string(), what, what_to_do));
}

constexpr std::string_view restore = "restore it from a backup";
constexpr std::string_view upgrade = "use the newer version";

keyring decrypt(const std::filesystem::path& file, std::string_view text,
                std::string_view passphrase) {
  const auto jwe = without_line_end(text);
  if (content_type_of(jwe) == bundle_content_type)
    refuse_file(
        file, "it is a keyring bundle for a worker, not a keyring",
        "pass it to `chancery worker --keyring`, and restore the keyring "
        "from a backup");
  std::optional<secret_string> json;
  try {
    json = open_under_passphrase(jwe, passphrase, keyring_content_type);
  } catch (const std::invalid_argument& e) {
    refuse_file(file, e.what(), restore);
  }
  if (!json)
    throw wrong_passphrase(fmt::format(
        "{}: the passphrase does not open it; check the passphrase, or restore "
        "the file from a backup if it was changed",
        file.string()));
  try {
    return keyring_from_json(*json);
  } catch (const newer_format& e) {
    refuse_file(file, e.what(), upgrade);
  } catch (const std::invalid_argument& e) {
    refuse_file(file, e.what(), restore);
  }
}

bool equal(const public_keyring& a, const public_keyring& b) {
  return a.curve == b.curve && a.purpose == b.purpose &&
         std::equal(a.keys.begin(), a.keys.end(), b.keys.begin(), b.keys.end(),
                    [](const auto& x, const auto& y) {
                      return x.key == y.key && x.state == y.state &&
                             x.use == y.use;
                    });
}

/// What is wrong with the public file; nullopt if nothing is. Refuses a newer
/// format, as a repair would destroy what a newer version wrote.
std::optional<std::string>
fault_of_public_file(const std::filesystem::path& file,
                     const public_keyring& wanted) {
  const auto content = read_file(file);
  if (!content)
    return "is missing";
  try {
    if (equal(public_keyring_from_json(content->text), wanted))
      return std::nullopt;
    return "does not have the same keys as the private file";
  } catch (const newer_format& e) {
    refuse_file(file, e.what(), upgrade);
  } catch (const std::invalid_argument&) {
    return "is damaged";
  }
}

} // namespace

std::filesystem::path keyring_path::private_file() const {
  return folder / (name + ".jwe");
}

std::filesystem::path keyring_path::public_file() const {
  return folder / (name + ".pub.json");
}

void save_keyring(const keyring_path& path, const keyring& keys,
                  std::string_view passphrase, const random_source& random) {
  const auto sealed =
      seal_under_passphrase(keyring_to_json(keys), passphrase,
                            keyring_content_type, random, keyring_iterations);
  replace_file(path.private_file(), sealed, private_mode);
  replace_file(path.public_file(), public_keyring_to_json(public_half(keys)),
               public_mode);
}

opened_keyring open_keyring(const keyring_path& path,
                            std::string_view passphrase, bool repair) {
  const auto file = path.private_file();
  const auto content = read_file(file);
  if (!content)
    refuse_file(
        file, "there is no such keyring",
        "create one with `chancery init`, or check the data folder's name");
  opened_keyring opened{decrypt(file, content->text, passphrase), {}};
  if ((content->mode & (S_IRWXG | S_IRWXO)) != 0)
    opened.warnings.push_back(fmt::format(
        "{} is open to other users (mode {:04o}); run `chmod 600` on it",
        file.string(), content->mode));

  const auto wanted = public_half(opened.keys);
  const auto fault = fault_of_public_file(path.public_file(), wanted);
  if (!fault)
    return opened;
  if (repair)
    replace_file(path.public_file(), public_keyring_to_json(wanted),
                 public_mode);
  opened.warnings.push_back(fmt::format(
      "{} {}{}", path.public_file().string(), *fault,
      repair ? "; it was rewritten" : "; verification may not know all keys"));
  return opened;
}

public_keyring read_public_keyring(const keyring_path& path) {
  const auto file = path.public_file();
  const auto content = read_file(file);
  if (!content)
    refuse_file(file, "there is no such file",
                "open the keyring with its passphrase once to rewrite it");
  try {
    return public_keyring_from_json(content->text);
  } catch (const newer_format& e) {
    refuse_file(file, e.what(), upgrade);
  } catch (const std::invalid_argument& e) {
    refuse_file(file, e.what(),
                "open the keyring with its passphrase once to rewrite it");
  }
}

} // namespace chancery::crypto
