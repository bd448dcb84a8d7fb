// SPDX-License-Identifier: Apache-2.0
#pragma once

// Certificates and lists of revocations in files that the command line names.
// Errors name the file. Any thread.

#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/revocation_list.hpp"

#include <filesystem>
#include <span>
#include <vector>

namespace chancery::apps {

/// Of all these files, in order.
std::vector<crypto::certificate>
read_certificate_files(std::span<const std::filesystem::path> files);

/// The roots that the user trusts. Throws std::runtime_error unless each one is
/// an authority's, and signed itself.
std::vector<crypto::certificate>
read_root_file(const std::filesystem::path& file);

crypto::revocation_list read_list_file(const std::filesystem::path& file);

} // namespace chancery::apps
