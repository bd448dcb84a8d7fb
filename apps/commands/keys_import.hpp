// SPDX-License-Identifier: Apache-2.0
#pragma once

// What `chancery keys import` is given, and its two ways: a PEM file with a key
// (keys_pem.cpp), or a PKCS#12 file with a key and its certificates
// (keys_p12.cpp). Main thread.

#include "apps/folders/data_folder.hpp"
#include "apps/terminal/command_context.hpp"

#include <filesystem>

namespace chancery::apps {

struct key_import_options {
  std::filesystem::path pem; ///< empty: `p12` is given
  std::filesystem::path p12;
  std::filesystem::path p12_passphrase_file;
  std::filesystem::path roots; ///< empty: none
};

int import_p12(const command_context& context,
               const key_import_options& options);

/// Opens the keyring, adds the key, and saves it; what it is then. Throws
/// std::runtime_error that names the file when the key does not fit.
crypto::keyring add_imported(const command_context& context,
                             const data_folder& folder,
                             const crypto::private_key& key,
                             const std::filesystem::path& file);

/// In a folder for seals: that nobody here can see what else the key signs.
void warn_of_other_uses();

} // namespace chancery::apps
