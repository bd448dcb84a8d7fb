// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/transport/pending_places.hpp"

#include <algorithm>

namespace chancery::actors {

namespace {

/// In front of an IPv4 address: 64:ff9b::/64 (RFC 6052) is no host's.
constexpr std::array<std::uint8_t, 4> v4_mark{0x00, 0x64, 0xff, 0x9b};

} // namespace

pending_places::origin pending_places::origin_of(const address& a) {
  origin from{};
  const bool mapped = a.is_v6() && a.to_v6().is_v4_mapped();
  if (a.is_v4() || mapped) {
    const auto v4 = mapped ? boost::asio::ip::make_address_v4(
                                 boost::asio::ip::v4_mapped, a.to_v6())
                           : a.to_v4();
    std::ranges::copy(v4_mark, from.begin());
    std::ranges::copy(v4.to_bytes(), from.begin() + v4_mark.size());
  } else {
    const auto bytes = a.to_v6().to_bytes();
    std::copy_n(bytes.begin(), from.size(), from.begin());
  }
  return from;
}

std::size_t pending_places::places_of(const origin& from) const {
  return static_cast<std::size_t>(
      std::ranges::count(places_, from, &place::from));
}

std::optional<pending_places::number>
pending_places::in_the_way(const address& from,
                           const std::function<bool(number)>& silent) const {
  const auto own = origin_of(from);
  const bool share_taken =
      defended_.places_per_address() && places_of(own) >= limits_.per_address;
  if (!share_taken && places_.size() < limits_.all)
    return std::nullopt;
  if (!defended_.places_per_address())
    return places_.front().holder;
  std::vector<std::pair<std::size_t, number>> candidates;
  for (const auto& p : places_)
    if (!share_taken || p.from == own)
      candidates.emplace_back(places_of(p.from), p.holder);
  std::ranges::stable_sort(candidates, std::greater<>{},
                           &std::pair<std::size_t, number>::first);
  const auto found = std::ranges::find_if(
      candidates, silent, &std::pair<std::size_t, number>::second);
  return (found == candidates.end() ? candidates.front() : *found).second;
}

void pending_places::add(number n, const address& from) {
  places_.push_back({n, origin_of(from)});
}

void pending_places::remove(number n) {
  std::erase_if(places_, [n](const place& p) { return p.holder == n; });
}

} // namespace chancery::actors
