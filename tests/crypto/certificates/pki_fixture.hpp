// SPDX-License-Identifier: Apache-2.0
#pragma once

// Certificates of other programs: those of the vectors' folder, and what the
// openssl command line signs in a temporary folder.

#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/revocation_list.hpp"
#include "tests/crypto/fixture.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto::test {

/// The moment that the vectors are made for: 2026-11-28T00:00:00Z.
inline constexpr std::int64_t vectors_time = 1795824000;

/// None, with a message on stdout, if CHANCERY_VECTORS is not set.
std::optional<std::filesystem::path> jades_vectors();

/// The first certificate of a file.
certificate read_certificate(const std::filesystem::path& file);

/// One certificate that openssl shall sign. A name of a test, such as "root",
/// is also the subject's common name, unless `subject` states another.
struct openssl_request {
  std::string name = {};
  std::string issuer = {};  ///< the name of another; empty: itself
  std::string subject = {}; ///< as "/CN=root"
  std::string key = "EC -pkeyopt ec_paramgen_curve:P-256";
  std::string key_of = {}; ///< the name of another whose key it gets
  std::string extensions =
      "basicConstraints=critical,CA:TRUE\n"
      "keyUsage=critical,keyCertSign,cRLSign\n"
      "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
  std::string options = "-sha256 -days 100"; ///< of openssl x509
};

inline constexpr const char* leaf_extensions =
    "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,nonRepudiation\n"
    "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

class openssl_pki {
 public:
  certificate issue(const openssl_request& wanted);

  /// A leaf by `issuer`.
  certificate issue_leaf(const std::string& name, const std::string& issuer,
                         const std::string& extensions = leaf_extensions);

  /// A list of `issuer` with these certificates, by their names; `extensions`
  /// are lines of openssl.cnf.
  revocation_list list(const std::string& issuer,
                       const std::vector<std::string>& revoked,
                       const std::string& extensions = "",
                       const std::string& number = "01");

  /// A file of the folder.
  std::filesystem::path file(const std::string& name) const;

  /// Runs openssl in the folder.
  std::string openssl(const std::string& command) const;

 private:
  temp_folder folder_;
};

} // namespace chancery::crypto::test
