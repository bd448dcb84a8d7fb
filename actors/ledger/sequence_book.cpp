// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/sequence_book.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/jose/jws.hpp"

#include <algorithm>
#include <stdexcept>

namespace chancery::actors {

namespace {

// ECDSA signatures differ each time, and the header's members may change their
// order: only the payload identifies the message.
bool same_payload(std::string_view a, std::string_view b) {
  return crypto::payload_part(a) == crypto::payload_part(b);
}

std::array<std::uint8_t, 32> payload_hash(std::string_view compact) {
  return crypto::sha256(crypto::bytes_of(crypto::payload_part(compact)));
}

judged_sequence judge_stored(const crypto::key_id& client,
                             std::uint64_t sequence, std::string_view compact,
                             const storage::ledger_snapshot& view) {
  const auto index = view.message_of(client, sequence);
  const auto first = index ? view.message(*index) : std::nullopt;
  if (first && same_payload(crypto::text_of(*first), compact))
    return {sequence_ruling::repeat_stored, *index};
  return {};
}

} // namespace

judged_sequence
sequence_book::judge(const crypto::key_id& client, std::uint64_t sequence,
                     std::string_view compact,
                     const storage::ledger_snapshot& view) const {
  const auto entry = pending_.find(client);
  const auto last = entry != pending_.end()
                        ? std::optional(entry->second.back().sequence)
                        : view.last_sequence(client);
  if (!last || sequence > *last)
    return {sequence_ruling::accept, 0};
  if (entry != pending_.end()) {
    const auto& queue = entry->second;
    const auto first =
        std::find_if(queue.begin(), queue.end(), [sequence](const auto& p) {
          return p.sequence == sequence;
        });
    if (first != queue.end())
      return {first->payload == payload_hash(compact)
                  ? sequence_ruling::repeat_pending
                  : sequence_ruling::stale,
              0};
  }
  return judge_stored(client, sequence, compact, view);
}

void sequence_book::expect(const crypto::key_id& client, std::uint64_t sequence,
                           std::string_view compact) {
  pending_[client].push_back({sequence, payload_hash(compact)});
}

void sequence_book::confirm(const crypto::key_id& client) {
  const auto entry = pending_.find(client);
  if (entry == pending_.end())
    throw std::logic_error("a message was stored that was not expected");
  entry->second.pop_front();
  if (entry->second.empty())
    pending_.erase(entry);
}

std::size_t sequence_book::pending() const noexcept {
  std::size_t count = 0;
  for (const auto& [client, queue] : pending_)
    count += queue.size();
  return count;
}

} // namespace chancery::actors
