// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folder that `chancery cluster issue` makes for one host, and that is
// copied to it:
//
//   ca.pem      the cluster's authority, whom this host trusts
//   host.pem    this host's certificate, with its name and role
//   host.key    the key of that (PKCS#8, not encrypted), mode 0600
//
// Errors say what is wrong with the folder and what to do. One thread at a
// time.

#include "crypto/certificates/host_certificate.hpp"

#include <filesystem>

namespace chancery::apps {

class cluster_folder {
 public:
  explicit cluster_folder(std::filesystem::path root);

  const std::filesystem::path& root() const noexcept { return root_; }
  std::filesystem::path authority_path() const { return root_ / "ca.pem"; }
  std::filesystem::path certificate_path() const { return root_ / "host.pem"; }
  std::filesystem::path key_path() const { return root_ / "host.key"; }

  /// For a host that is to be a `wanted`. Throws std::runtime_error when
  /// something is missing, does not fit together, is not valid now, or is for
  /// another role; warns of a key that others may read.
  crypto::host_credentials load(crypto::host_role wanted) const;

  /// What the three files hold, not checked. Throws when one is missing.
  crypto::host_credentials read() const;

  /// Throws when there is such a folder with something in it.
  void require_free() const;

  /// Makes the folder, mode 0700, whole or not at all, where it is free.
  void make(const crypto::host_credentials& host) const;

 private:
  std::filesystem::path root_;
};

} // namespace chancery::apps
