// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests of records, as tests send them.

#include "actors/signing/record_submission.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

namespace chancery::tests {

inline actors::record_request
request_of(std::initializer_list<actors::submitted_record> records) {
  actors::record_request request;
  request.records = records;
  return request;
}

/// With a mark; the fingerprint is the last letter of `print`.
inline actors::record_request marked(actors::record_request request,
                                     const std::string& key, char print = 'f') {
  actors::request_mark mark;
  mark.key = key;
  mark.fingerprint.fill(static_cast<std::uint8_t>(print));
  request.mark = std::move(mark);
  return request;
}

inline storage::named_record added(std::uint64_t id) {
  return {id, storage::name_use::added};
}

inline storage::named_record existing(std::uint64_t id) {
  return {id, storage::name_use::existing};
}

inline storage::named_record taken(std::uint64_t id) {
  return {id, storage::name_use::taken};
}

} // namespace chancery::tests
