// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/worker_keyring.hpp"

#include "apps/folders/folder_root.hpp"
#include "apps/folders/passphrase.hpp"
#include "apps/platform/new_file.hpp"
#include "crypto/keyring/keyring_json.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

namespace {

// As for a keyring: room for about 200,000 keys.
constexpr std::size_t bundle_size_max = std::size_t{64} << 20;

[[noreturn]] void refuse(const std::filesystem::path& file,
                         std::string_view what, std::string_view what_to_do) {
  throw std::runtime_error(
      fmt::format("{}: {}; {}", file.string(), what, what_to_do));
}

} // namespace

std::filesystem::path
bundle_passphrase_path(const std::filesystem::path& bundle) {
  auto path = bundle;
  return path += ".passphrase";
}

crypto::opened_bundle
open_worker_keyring(const std::filesystem::path& file,
                    const std::filesystem::path& passphrase_file) {
  const auto text = read_file(file, bundle_size_max);
  warn_of_readers(file, "keys");
  const auto beside = bundle_passphrase_path(file);
  const auto secret = find_passphrase(
      {.file = passphrase_file,
       .stored = beside,
       .prompt = fmt::format("Passphrase of {}", file.string())});
  if (!secret)
    refuse(file, "no passphrase",
           fmt::format("copy {} from the host that made the bundle, give "
                       "--passphrase-file FILE, or set CHANCERY_PASSPHRASE",
                       beside.filename().string()));
  try {
    return crypto::open_bundle(text, secret->text);
  } catch (const crypto::wrong_passphrase& e) {
    throw crypto::wrong_passphrase(fmt::format(
        "{}: {} (tried: {})", file.string(), e.what(), secret->source));
  } catch (const crypto::newer_format& e) {
    refuse(file, e.what(), "use that version");
  } catch (const std::invalid_argument& e) {
    refuse(file, e.what(),
           "make one with `chancery keys bundle` on the host with the data "
           "folder");
  }
}

} // namespace chancery::apps
