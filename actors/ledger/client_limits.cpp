// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/client_limits.hpp"

#include <fmt/format.h>

#include <utility>

namespace chancery::actors {

std::string client_usage::add(const crypto::key_id& client, std::uint64_t bytes,
                              std::uint64_t now_ms) {
  constexpr std::uint64_t second_ms = 1'000;
  constexpr std::uint64_t day_ms = 86'400'000;
  if (std::exchange(second_, now_ms / second_ms) != second_)
    messages_.clear();
  if (std::exchange(day_, now_ms / day_ms) != day_)
    bytes_.clear();
  if (limits_.messages_a_second &&
      messages_[client] >= *limits_.messages_a_second)
    return fmt::format("this client may send {} messages a second: send it "
                       "again later",
                       *limits_.messages_a_second);
  if (limits_.bytes_a_day && bytes_[client] + bytes > *limits_.bytes_a_day)
    return fmt::format("this client may send {} bytes a day: send it again "
                       "after midnight (UTC)",
                       *limits_.bytes_a_day);
  if (limits_.messages_a_second)
    ++messages_[client];
  if (limits_.bytes_a_day)
    bytes_[client] += bytes;
  return {};
}

} // namespace chancery::actors
