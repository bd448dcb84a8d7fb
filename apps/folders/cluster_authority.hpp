// SPDX-License-Identifier: Apache-2.0
#pragma once

// A cluster's certificate authority, in the data folder of its coordinator or
// node:
//
//   cluster.jwe   the key, encrypted as the keyring is, under the same
//                 passphrase; cluster.pub.json beside it
//   cluster.pem   its certificate, written last
//
// The key signs only certificates, and is open only while one is issued. Call
// these on the main thread, as they may prompt for the passphrase.

#include "apps/terminal/command_context.hpp"
#include "crypto/certificates/host_certificate.hpp"
#include "crypto/keyring/keyring_file.hpp"
#include "crypto/keys/key.hpp"

#include <chrono>
#include <filesystem>
#include <string>

namespace chancery::apps {

class cluster_authority {
 public:
  explicit cluster_authority(std::filesystem::path root);

  std::filesystem::path certificate_path() const {
    return root_ / "cluster.pem";
  }
  crypto::keyring_path keyring_path() const { return {root_, "cluster"}; }
  bool has_keys() const;

  /// Creates the authority in a folder that holds a keyring or a ledger, and
  /// returns its key's id. Throws when there is one already; completes one
  /// whose creation was interrupted. Takes the folder's lock.
  crypto::key_id make(const command_context& context) const;

  /// Throws std::runtime_error when there is no authority or no passphrase;
  /// crypto::wrong_passphrase; std::invalid_argument as
  /// crypto::issue_host_certificate does.
  crypto::host_credentials issue(const command_context& context,
                                 const std::string& name,
                                 crypto::host_role role,
                                 std::chrono::days valid) const;

 private:
  crypto::private_key open_key(const command_context& context) const;
  crypto::private_key make_key(const command_context& context) const;

  std::filesystem::path root_;
};

} // namespace chancery::apps
