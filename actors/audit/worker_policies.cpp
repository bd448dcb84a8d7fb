// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/worker_policies.hpp"

#include <fmt/format.h>

namespace chancery::actors {

namespace {

constexpr std::size_t ranges_max = 10;

/// "epochs 1, 3-7": ascending numbers, added one by one.
class epoch_ranges {
 public:
  void add(std::uint32_t epoch) {
    if (!ranges_.empty() && ranges_.back().second + 1 == epoch)
      ranges_.back().second = epoch;
    else
      ranges_.emplace_back(epoch, epoch);
  }

  bool empty() const { return ranges_.empty(); }

  std::string text() const {
    std::string list;
    for (std::size_t i = 0; i < ranges_.size() && i < ranges_max; ++i) {
      const auto [first, last] = ranges_[i];
      list += fmt::format("{}{}", i == 0 ? "" : ", ", first);
      if (last > first)
        list += fmt::format("-{}", last);
    }
    if (ranges_.size() > ranges_max)
      list += " and others";
    const bool one =
        ranges_.size() == 1 && ranges_[0].first == ranges_[0].second;
    return fmt::format("epoch{} {}", one ? "" : "s", list);
  }

 private:
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges_;
};

std::string policy_sentence(const std::string& epochs) {
  return "that a wrong signature from another host was stored for a time: " +
         epochs + " before it was stored; what is stored today is verified";
}

} // namespace

std::vector<std::string> unverified_epochs(
    const std::map<std::uint32_t, lease_index::epoch_terms>& epochs) {
  epoch_ranges none;
  std::map<std::uint32_t, epoch_ranges> shares; // by one in how many
  for (const auto& [epoch, terms] : epochs) {
    if (!terms.lent_away)
      continue;
    if (!terms.verified)
      none.add(epoch);
    else if (terms.verified->share > 1)
      shares[terms.verified->share].add(epoch);
  }
  std::vector<std::string> sentences;
  if (!none.empty())
    sentences.push_back(policy_sentence(
        none.text() + " verified nothing that other hosts handed in"));
  std::string listed;
  for (const auto& [share, of] : shares)
    listed += fmt::format("{}{} verified one in {}", listed.empty() ? "" : ", ",
                          of.text(), share);
  if (!listed.empty())
    sentences.push_back(policy_sentence(
        listed + " of the signatures that other hosts handed in"));
  return sentences;
}

} // namespace chancery::actors
