// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files of `export --format jades --out DIR`, whatever they become: files
// of a folder, or of an archive. In the order in which they come:
//
//   000/000123.jws  a seal in compact serialization, without a line end, as
//                   evidence of its time covers the file's bytes; or in
//                   flattened JSON serialization, 000/000123.json. It has its
//                   record and its certificates inside
//   ca.pem          the roots that the certificates lead to, each once
//   index.tsv       a line per record, in the order of ids: the seal's file,
//                   the key's id, 123, and the record's name, which is empty
//                   when it has none; with tabs between them
//
// One thread.

#include "apps/answers/seal_text.hpp"
#include "apps/records/export_job.hpp"
#include "apps/records/file_target.hpp"

#include <cstdint>

namespace chancery::apps {

/// As put_der_files (der_files.hpp).
std::uint64_t put_seal_files(const export_job& job,
                             seal_serialization serialization,
                             file_target& target);

} // namespace chancery::apps
