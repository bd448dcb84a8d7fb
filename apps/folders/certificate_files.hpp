// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files with certificates of others and their lists of revocations, PEM or DER,
// as options name them. At most 16 MiB a file. Throws std::runtime_error that
// names the file when it cannot be read. Any thread.

#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/revocation_list.hpp"

#include <filesystem>
#include <span>
#include <vector>

namespace chancery::apps {

/// All certificates of all files, in their order.
std::vector<crypto::certificate>
read_certificate_files(std::span<const std::filesystem::path> files);

/// One list a file.
std::vector<crypto::revocation_list>
read_revocation_files(std::span<const std::filesystem::path> files);

} // namespace chancery::apps
