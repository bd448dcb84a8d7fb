// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/keyring_opening.hpp"

#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace fs = std::filesystem;

passphrase_sources sources_for(const crypto::keyring_path& path,
                               const fs::path& file, const fs::path& stored) {
  return {.file = file,
          .stored = stored,
          .prompt =
              fmt::format("Passphrase of {}", path.private_file().string())};
}

passphrase require_passphrase(const passphrase_sources& sources) {
  auto secret = find_passphrase(sources);
  if (!secret)
    throw std::runtime_error(
        "no passphrase for the keyring: give --passphrase-file FILE, set "
        "CHANCERY_PASSPHRASE, or run this at a terminal");
  return std::move(*secret);
}

void require_private_file(const crypto::keyring_path& path) {
  const auto file = path.private_file();
  if (std::error_code error; !fs::exists(file, error))
    throw std::runtime_error(
        fmt::format("the keyring {} is missing: restore it from a backup; "
                    "its keys cannot be recreated",
                    file.string()));
}

crypto::keyring open_under(const crypto::keyring_path& path,
                           const passphrase& secret, bool repair) {
  try {
    auto ring = crypto::open_keyring(path, secret.text, repair);
    for (const auto& warning : ring.warnings)
      warn(warning);
    return std::move(ring.keys);
  } catch (const crypto::wrong_passphrase& e) {
    throw crypto::wrong_passphrase(
        fmt::format("{} (tried: {})", one_line(e.what()), secret.source));
  }
}

opened_keyring open_keyring_at(const crypto::keyring_path& path,
                               const fs::path& file, const fs::path& stored,
                               bool repair) {
  require_private_file(path);
  auto secret = require_passphrase(sources_for(path, file, stored));
  auto keys = open_under(path, secret, repair);
  return {std::move(keys), std::move(secret)};
}

passphrase passphrase_for_new_keys(const passphrase_sources& sources,
                                   const crypto::random_source& random) {
  auto silent = sources;
  silent.prompt.clear();
  if (auto secret = find_passphrase(silent))
    return std::move(*secret);
  passphrase made{
      random_passphrase(random),
      fmt::format("the passphrase from {}", sources.stored.string())};
  write_file(sources.stored, std::string_view(made.text), 0600,
             new_file::existing::keep);
  return made;
}

} // namespace chancery::apps
