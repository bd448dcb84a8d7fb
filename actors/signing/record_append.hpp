// SPDX-License-Identifier: Apache-2.0
#pragma once

// Appends what requests bring to one write transaction: records, their names,
// one arrival for all of them, and the requests' marks. A request is appended
// whole or refused whole, and refused ones change nothing. No actors; the
// transaction's thread.

#include "actors/base/defences.hpp"
#include "actors/signing/record_submission.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <string>

namespace chancery::actors {

/// Why the request is refused whatever is stored: a limit, a name that is none;
/// empty when it is not.
std::string request_fault(const record_request& request,
                          bool refuses_empty = false);

class record_append {
 public:
  /// `now_ms`: since 1970, when the records come. `refuses_empty`: records
  /// without bytes, as they are to be sealed.
  record_append(storage::write_transaction& transaction, std::uint64_t now_ms,
                const defences& defended = {}, bool refuses_empty = false);

  /// What is to be answered once the transaction is on disk.
  record_answer append(const record_request& request);

  /// After the last request: when the records came. Returns how many are new.
  std::uint32_t finish();

 private:
  bool taken(const record_request& request, record_answer& answer) const;
  record_answer again(const record_request& request,
                      const storage::request_row& row) const;

  storage::write_transaction& transaction_;
  std::uint64_t now_ms_;
  defences defended_;
  bool refuses_empty_;
  std::uint64_t first_; ///< of the records of all requests
};

} // namespace chancery::actors
