// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a host with a faulty core or with other intentions does to the units
// that it hands in, after its own checks: for a time nothing, then in every
// third unit or so wrong signatures of one kind or another. Header only.

#include "actors/cluster/cluster_messages.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace chancery::tests {

class liar {
 public:
  static constexpr std::size_t signature_size = 64;

  /// `below(n)` is a random number below n.
  explicit liar(std::function<std::uint64_t(std::uint64_t)> below)
      : below_(std::move(below)), honest_(below_(6)) {}

  /// True when the signatures are wrong now.
  bool operator()(actors::work_request& request) {
    auto& signatures = request.signatures;
    const auto right = signatures;
    if (!right.empty() && honest_ > 0)
      --honest_;
    else if (!right.empty() && below_(3) == 0)
      spoil(signatures);
    if (right.size() == last_.size() || last_.empty())
      last_ = right;
    return signatures != right;
  }

 private:
  void spoil(std::string& signatures) {
    switch (below_(4)) {
    case 0: // garbage
      for (auto& c : signatures)
        c = static_cast<char>(below_(256));
      break;
    case 1: { // a flipped bit
      auto& c = signatures[below_(signatures.size())];
      c = static_cast<char>(c ^ (1 << below_(8)));
      break;
    }
    case 2: // right signatures of other digests
      std::rotate(signatures.begin(), signatures.begin() + signature_size,
                  signatures.end());
      break;
    default: // those of an earlier unit
      if (last_.size() == signatures.size())
        signatures = last_;
      break;
    }
  }

  std::function<std::uint64_t(std::uint64_t)> below_;
  std::uint64_t honest_; // units before the first lie
  std::string last_;
};

} // namespace chancery::tests
