// SPDX-License-Identifier: Apache-2.0
#pragma once

// One sealed record for somebody who does not have chancery: a folder with
//
//   seal.jws     the seal, a JWS in compact serialization, with the record and
//                its certificates inside
//   record.bin   the record's bytes, as they are in the seal
//   ca.pem       the certificate of the authority that the seal's leads to
//   VERIFY.txt   what these are and the lines that check them, by OpenSSL and
//                by jose; a shell script, too
//
// The folder appears whole or not at all. One thread.

#include "apps/records/export_job.hpp"

#include <filesystem>

namespace chancery::apps {

/// The job's selection is one record. Throws as export_job.hpp says, and
/// std::runtime_error when its signature is no seal, or does not verify.
void export_for_customer(const export_job& job,
                         const std::filesystem::path& folder);

} // namespace chancery::apps
