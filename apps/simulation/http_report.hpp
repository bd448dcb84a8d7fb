// SPDX-License-Identifier: Apache-2.0
#pragma once

// The results of `simulate http` as JSON and as lines for people. Pure
// functions.

#include "actors/ledger/client_load.hpp"
#include "apps/simulation/http_check.hpp"
#include "apps/simulation/http_record_check.hpp"
#include "apps/simulation/http_records.hpp"
#include "apps/simulation/signature_check.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace chancery::apps {

struct http_record_report {
  std::uint64_t wanted = 0;
  record_load_result posted;
  http_signatures read;       ///< from the server
  checked_signatures checked; ///< in the folder, after its end

  /// Each record is acknowledged, and has one signature, which verifies.
  bool good() const;
};

struct http_report {
  std::uint64_t clients = 0;
  std::uint64_t block_size = 0;
  std::string url;
  actors::client_load_result run{};
  http_chain chain{};
  std::optional<http_record_report> records{}; ///< unless they were left out

  bool good() const;
};

nlohmann::ordered_json http_report_json(const http_report& report);

/// Several lines, without a newline at the end.
std::string http_report_text(const http_report& report);

} // namespace chancery::apps
