// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stored signature as a row of CSV (RFC 4180, but with LF) for databases and
// spreadsheets. Pure functions; any thread.
//
//   name       of the record, in quotes when it has a comma or a quote; empty,
//              without quotes, when it has none, which databases read as NULL
//   record     its id
//   key        the key's thumbprint
//   alg        ES256 or ES384
//   signature  base64url of raw r||s
//   time       RFC 3339

#include "apps/answers/signature_line.hpp"

#include <string>
#include <string_view>

namespace chancery::apps {

/// The columns' names, without a newline.
inline constexpr std::string_view signature_row_header =
    "name,record,key,alg,signature,time";

/// Without a newline.
std::string signature_row(const stored_signature& signature,
                          std::string_view algorithm);

} // namespace chancery::apps
