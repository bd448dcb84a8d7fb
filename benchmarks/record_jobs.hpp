// SPDX-License-Identifier: Apache-2.0
#pragma once

// The measurements of records over HTTP, one function each. The CPU time is
// that of the whole process that is measured: `chancery serve`, `records
// import` or `sign`.

#include "benchmarks/http_asking.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chancery::benchmarks {

enum class record_names { none, ascending, random };

/// {"name":"...","text":"..."} and a newline, each; the text has 160
/// characters, a name 36. Ascending names go up from `first`.
std::vector<std::string>
make_record_lines(record_names names, std::uint64_t first, std::uint64_t count);

/// Runs a program to its end. `records` says for how many. Throws
/// std::runtime_error unless it ends with 0.
measure run_program(const std::filesystem::path& program,
                    const std::vector<std::string>& arguments,
                    const std::filesystem::path& folder, std::uint64_t records);

struct posted_records {
  measure stored;  ///< until all are acknowledged
  measure signed_; ///< until all are signed, from the same beginning
};

/// Posts the lines, `per_request` at a time, over as many connections. The
/// server has no unsigned record before.
posted_records post_records(const served_process& server,
                            const std::vector<std::string>& lines,
                            std::size_t per_request, std::size_t connections);

/// Posts one record a request, each connection the next one when the one before
/// is answered, with its signature.
measure post_single_records(const served_process& server, std::uint64_t records,
                            std::size_t connections);

/// The same at `rate` requests a second: from when one is due to its answer.
latency post_paced_records(const served_process& server, double rate,
                           std::uint64_t records, std::size_t connections);

/// As `/v1/signing` shows it.
std::uint64_t unsigned_records(apps::http_client& client);

} // namespace chancery::benchmarks
