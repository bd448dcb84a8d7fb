// SPDX-License-Identifier: Apache-2.0
#pragma once

// The body of POST /v1/verify: a record's bytes or their digest, a signature,
// and the id of a key. Pure function; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace chancery::apps {

struct verify_question {
  std::string key;       ///< as it was sent
  std::string signature; ///< octets, raw or DER
  /// Exactly one of these is set: the record's bytes, from `data` or `text`, or
  /// their digest of any size.
  std::optional<std::string> record;
  std::optional<std::string> digest;
};

/// Throws `problem` bad_parameter that says what the body may be.
verify_question read_verify_question(std::string_view body);

} // namespace chancery::apps
