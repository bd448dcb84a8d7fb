// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks that tests switch off to show what they prevent. They are on; only the
// tests' defence_switch can switch it off.

namespace chancery::tests {
struct defence_switch;
}

namespace chancery::crypto {

class defences {
 public:
  /// When off, a vault without `paranoid` verifies none of its signatures.
  bool sample() const noexcept { return sample_; }

  /// When off, a vault signs under a lease for another purpose than its keys
  /// have.
  bool purpose() const noexcept { return purpose_; }

 private:
  friend struct tests::defence_switch;

  bool sample_ = true;
  bool purpose_ = true;
};

} // namespace chancery::crypto
