// SPDX-License-Identifier: Apache-2.0
#pragma once

// The authority for trials in a data folder (crypto/certificates/
// trial_authority.hpp):
//
//   ca.jwe   the key, encrypted as the keyring is, under the same passphrase;
//            ca.pub.json beside it
//   ca.pem   its certificate, written last
//
// The key is on the curve of the folder's keyring, and open only while it
// signs. Its lists of revocations are in the store. Call these on the main
// thread, as they may prompt for the passphrase.

#include "apps/terminal/command_context.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/trial_authority.hpp"
#include "crypto/keyring/keyring_file.hpp"

#include <cstddef>
#include <filesystem>
#include <span>

namespace chancery::apps {

class trial_ca {
 public:
  explicit trial_ca(std::filesystem::path root);

  std::filesystem::path certificate_path() const { return root_ / "ca.pem"; }
  crypto::keyring_path keyring_path() const { return {root_, "ca"}; }
  bool has_keys() const;

  /// Creates the authority, whose name is given in DER. Throws when there is
  /// one already; completes one whose creation was interrupted. The caller
  /// holds the folder's lock.
  crypto::certificate make(const command_context& context,
                           std::span<const std::byte> name) const;

  /// Its certificate, without the key. Throws std::runtime_error when there is
  /// none.
  crypto::certificate own() const;

  /// Throws as own(), and crypto::wrong_passphrase.
  crypto::trial_authority open(const command_context& context) const;

 private:
  std::filesystem::path root_;
};

} // namespace chancery::apps
