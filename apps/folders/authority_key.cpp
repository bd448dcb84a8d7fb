// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/authority_key.hpp"

#include "apps/folders/data_paths.hpp"
#include "apps/folders/keyring_opening.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

namespace {

crypto::private_key only_key(const crypto::keyring& keys,
                             const crypto::keyring_path& path) {
  if (keys.keys().size() != 1 ||
      keys.keys().front().state != crypto::key_state::active ||
      keys.keys().front().use != crypto::key_purpose::signing)
    throw std::runtime_error(
        fmt::format("{} must hold exactly one key for certificates; restore it "
                    "from a backup",
                    path.private_file().string()));
  return keys.keys().front().key;
}

} // namespace

crypto::private_key open_authority_key(const command_context& context,
                                       const crypto::keyring_path& path) {
  return only_key(open_keyring_at(path, context.passphrase_file,
                                  data_paths(path.folder).passphrase_path())
                      .keys,
                  path);
}

crypto::private_key make_authority_key(const command_context& context,
                                       const crypto::keyring_path& path,
                                       const crypto::keyring_path& neighbours,
                                       crypto::curve c) {
  const auto opened =
      open_keyring_at(neighbours, context.passphrase_file,
                      data_paths(path.folder).passphrase_path());
  const auto random = crypto::system_random();
  const crypto::keyring keys(c, 1, random);
  crypto::save_keyring(path, keys, opened.used.text, random);
  return only_key(keys, path);
}

} // namespace chancery::apps
