// SPDX-License-Identifier: Apache-2.0
#pragma once

// A coordinator's greeting as a worker sees it: what the worker sends, and what
// is wrong with the answers. The counterpart of worker_greeting.hpp. The worker
// sends its own proof only to a coordinator that has proved to hold the
// keyring.
//
// Without actors. One object per connection; call it in the order below.

#include "actors/cluster/cluster_messages.hpp"
#include "actors/transport/secure_channel.hpp"
#include "crypto/base/random.hpp"
#include "crypto/keyring/greeting_proof.hpp"

#include <optional>
#include <string>

namespace chancery::actors {

class coordinator_check {
 public:
  /// `greeting` is the hello that the worker sends over this channel. Draws the
  /// worker's nonce.
  coordinator_check(hello greeting, secure_channel channel,
                    crypto::greeting_prover prover,
                    const crypto::random_source& random);

  /// A sentence when the answer is wrong, else nothing.
  std::optional<std::string> take(const welcome& w);

  const challenge& question() const { return question_; }
  std::optional<std::string> take(const challenge_answer& a);

  /// The worker's proof.
  proof own_proof() const;

  const welcome& theirs() const { return theirs_; }

 private:
  hello greeting_;
  secure_channel channel_;
  crypto::greeting_prover prover_;
  challenge question_;
  welcome theirs_;
  crypto::greeting_terms terms_;
};

} // namespace chancery::actors
