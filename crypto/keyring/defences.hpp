// SPDX-License-Identifier: Apache-2.0
#pragma once

// A check that a test switches off to show what it prevents. It is on; only the
// tests' defence_switch can switch it off.

namespace chancery::tests {
struct defence_switch;
}

namespace chancery::crypto {

class defences {
 public:
  /// When off, a vault without `paranoid` verifies none of its signatures.
  bool sample() const noexcept { return sample_; }

 private:
  friend struct tests::defence_switch;

  bool sample_ = true;
};

} // namespace chancery::crypto
