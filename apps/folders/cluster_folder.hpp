// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folder that `chancery cluster issue` creates for one host, to be copied
// to that host:
//
//   ca.pem      the certificate of the cluster's authority, which this host
//               trusts
//   host.pem    this host's certificate, with its name and role
//   host.key    the certificate's key (PKCS#8, not encrypted), mode 0600
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

  /// Loads and checks the folder of a host with the role `wanted`. Throws
  /// std::runtime_error when a file is missing, the files do not match, or the
  /// certificate is not valid now or is for another role. Warns when other
  /// users can read the key.
  crypto::host_credentials load(crypto::host_role wanted) const;

  /// The content of the three files, unchecked. Throws when one is missing.
  crypto::host_credentials read() const;

  /// Throws when the path exists and is not an empty folder.
  void require_free() const;

  /// Creates or fills the folder (new_folder.hpp), mode 0700. Throws as
  /// require_free() does.
  void make(const crypto::host_credentials& host) const;

 private:
  std::filesystem::path root_;
};

} // namespace chancery::apps
