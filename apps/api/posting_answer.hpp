// SPDX-License-Identifier: Apache-2.0
#pragma once

// The answer to POST /v1/records, once its records are stored: each as the
// store shows it at that moment, with its signature when it is signed. A
// request whose records are stored is always answered so, also when the store
// cannot be read meanwhile: then with what is known without it. One thread at
// a time.

#include "actors/signing/record_submission.hpp"
#include "apps/api/record_posting.hpp"
#include "apps/folders/signed_folder.hpp"
#include "apps/http/http_message.hpp"

#include <cstddef>
#include <memory>

namespace chancery::apps {

class posting_answer {
 public:
  /// `posting` without its records.
  posting_answer(std::shared_ptr<const signed_folder> folder,
                 record_posting posting, actors::record_answer answer);

  /// Whether all records are signed, or there is nothing to wait for.
  bool all_signed();

  /// Throws `problem` for a refusal.
  http_response response() const;

 private:
  void throw_if_refused() const;
  /// Throws name_taken.
  [[noreturn]] void throw_taken() const;
  http_response line_response() const;
  http_response single_response() const;

  std::shared_ptr<const signed_folder> folder_;
  record_posting posting_;
  actors::record_answer answer_;
  std::size_t signed_ = 0; ///< so many of the first records are signed
};

} // namespace chancery::apps
