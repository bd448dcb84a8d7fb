// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files of `export --format der`, whatever they become: files of a folder,
// or of an archive. In the order in which they come:
//
//   000/000123.bin  a record's bytes; its id has six digits at least, and its
//                   folder is named by the thousands, with three at least
//   000/000123.sig  its signature, DER
//   key-KEYID.pem   the public key, at its first use; an id alone could begin
//                   with a hyphen, and openssl would read the name as an option
//   index.tsv       a line per record, in the order of ids: "000/000123", the
//                   key's file, 123, and the record's name, which is empty when
//                   it has none; with tabs between them
//
// One thread.

#include "apps/records/export_job.hpp"
#include "apps/records/file_target.hpp"

#include <cstdint>

namespace chancery::apps {

/// Gives all files of the job to the target, a few megabytes between calls of
/// verified(), which is the last one. Returns and throws as the export formats
/// do (export_job.hpp).
std::uint64_t put_der_files(const export_job& job, file_target& target);

} // namespace chancery::apps
