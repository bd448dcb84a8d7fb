// SPDX-License-Identifier: Apache-2.0
#include "apps/certificates/trial_ca.hpp"

#include "apps/certificates/certificate_files.hpp"
#include "apps/folders/authority_key.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/folders/folder_root.hpp"
#include "apps/platform/new_file.hpp"
#include "crypto/keys/pem.hpp"

#include <chrono>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace fs = std::filesystem;

trial_ca::trial_ca(fs::path root) : root_(std::move(root)) {}

bool trial_ca::has_keys() const {
  return is_there(keyring_path().private_file());
}

crypto::certificate trial_ca::make(const command_context& context,
                                   std::span<const std::byte> name) const {
  if (is_there(certificate_path()))
    throw std::runtime_error(
        has_keys() ? fmt::format("{} already has an authority: `chancery keys "
                                 "ca issue` issues certificates by it",
                                 root_.string())
                   : fmt::format("{} exists, but its key {} is missing: "
                                 "restore the key from a backup, or remove "
                                 "the certificate to make another authority",
                                 certificate_path().string(),
                                 keyring_path().private_file().string()));
  const data_folder folder(root_);
  const auto key = has_keys() ? open_authority_key(context, keyring_path())
                              : make_authority_key(context, keyring_path(),
                                                   folder.keyring_path(),
                                                   folder.public_keys().curve);
  auto own = crypto::trial_authority::make(
      key, name, std::chrono::system_clock::now(), crypto::system_random());
  write_file(certificate_path(), crypto::certificate_to_pem(own.der()), 0644,
             new_file::existing::keep);
  return own;
}

crypto::certificate trial_ca::own() const {
  if (!is_there(certificate_path()))
    throw std::runtime_error(
        fmt::format("there is no authority in {0}: make one for trials with "
                    "`chancery keys ca init --name 'O=Trial AS,CN=Trial CA' "
                    "--data {0}`",
                    root_.string()));
  return read_root_file(certificate_path()).front();
}

crypto::trial_authority trial_ca::open(const command_context& context) const {
  auto certificate = own();
  try {
    return {open_authority_key(context, keyring_path()),
            std::move(certificate)};
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(fmt::format("{}: {}: restore both from a backup",
                                         certificate_path().string(),
                                         e.what()));
  }
}

} // namespace chancery::apps
