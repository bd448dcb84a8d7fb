// SPDX-License-Identifier: Apache-2.0
#pragma once

// A certificate authority for tests, whose certificates name 127.0.0.1.

#include <filesystem>
#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace chancery::tests {

struct certificate_files {
  std::filesystem::path certificate; ///< PEM
  std::filesystem::path key;
  std::string key_hash; ///< as apps::http_peer::certificate_key
};

class http_authority {
 public:
  /// Writes all files into `folder`.
  explicit http_authority(std::filesystem::path folder);

  const std::filesystem::path& file() const noexcept { return file_; }

  /// Valid for a day. `name` is the subject and the stem of the files.
  certificate_files issue(const std::string& name) const;

 private:
  const std::filesystem::path folder_;
  const std::shared_ptr<evp_pkey_st> key_;
  const std::shared_ptr<x509_st> certificate_;
  const std::filesystem::path file_;
};

} // namespace chancery::tests
