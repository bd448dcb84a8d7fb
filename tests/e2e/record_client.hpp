// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client that posts records of all kinds to a service that is killed, and
// remembers what it was answered. What it may send again, as it has names or an
// Idempotency-Key, it sends until it has an answer. No two records have the
// same bytes. One thread at a time; everything is drawn from the seed.

#include "apps/http/http_message.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace chancery::apps {
class http_client;
}

namespace chancery::tests {

struct sent_record {
  std::string name; ///< empty: it has none
  std::string bytes;
};

/// A request; sent again, it has the same octets.
struct record_posting {
  std::string target;
  apps::http_fields fields;
  std::string body;
  std::vector<sent_record> records;
  std::size_t fresh = 0; ///< the first ones; others were answered before
  bool keyed = false;
  bool named = false; ///< every record
  bool sent = false;
  std::vector<std::uint64_t> ids{}; ///< of the first answer

  bool may_be_repeated() const { return keyed || named; }
};

class record_client {
 public:
  record_client(std::string name, std::uint64_t seed);

  /// Posts until there is no answer any more, and counts answers.
  void post(std::uint16_t port, std::atomic<std::uint64_t>& answers);

  /// Posts what has no answer yet. Throws when there is none now.
  void settle(std::uint16_t port);

  /// By id, what was answered as stored.
  const std::map<std::uint64_t, sent_record>& stored() const { return stored_; }
  /// By id, signatures that answers had.
  const std::map<std::uint64_t, std::string>& signatures() const {
    return signatures_;
  }
  /// Without an answer, and not sent again: stored whole or not at all.
  const std::vector<record_posting>& lost() const { return lost_; }
  /// What was wrong with answers, in sentences.
  const std::vector<std::string>& faults() const { return faults_; }
  std::uint64_t replays() const { return replays_; }

 private:
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }
  sent_record new_record(bool named);
  record_posting new_posting();
  void write_single(record_posting& posting);
  void write_lines(record_posting& posting);
  void send(apps::http_client& client, record_posting& posting);
  void take(const record_posting& posting, const apps::http_response& answer,
            std::vector<std::uint64_t>& ids);
  void take_record(const record_posting& posting, std::size_t place,
                   const std::string& line, std::vector<std::uint64_t>& ids);
  void fault(const record_posting& posting, const std::string& what,
             const std::string& answer);

  const std::string name_;
  std::mt19937_64 random_;
  std::uint64_t drawn_ = 0;
  std::optional<record_posting> unanswered_;
  std::deque<record_posting> answered_; ///< the last ones that may be repeated
  std::map<std::uint64_t, sent_record> stored_;
  std::map<std::uint64_t, std::string> signatures_;
  std::vector<record_posting> lost_;
  std::vector<std::string> faults_;
  std::uint64_t replays_ = 0;
};

} // namespace chancery::tests
