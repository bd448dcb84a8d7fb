// SPDX-License-Identifier: Apache-2.0
#pragma once

// A worker's greeting as its coordinator sees it: what the worker has sent so
// far, and what is wrong with it. A certificate alone admits nobody: the worker
// has to prove that it holds the keyring of the data folder.
//
//   start ──hello──► greeted ──challenge──► challenged ──proof──► admitted
//     └────────────────┴─────── wrong, or out of order ───┴──► refused
//
// Without actors. One object per connection; one thread at a time.

#include "actors/base/defences.hpp"
#include "actors/cluster/cluster_messages.hpp"
#include "actors/transport/secure_channel.hpp"
#include "crypto/base/random.hpp"
#include "crypto/keyring/greeting_proof.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chancery::actors {

/// The terms that the two first messages hold; the others are left empty.
crypto::greeting_terms terms_in(const hello& h, const welcome& w);

/// What a coordinator compares a worker's greeting with.
struct worker_greeting_config {
  welcome ours;            ///< the answer to its hello
  std::string fingerprint; ///< 32 bytes: of the keyring that it must have
  secure_channel channel;  ///< to the worker
  std::optional<crypto::greeting_prover> prover;          ///< must be set
  crypto::random_source random = crypto::system_random(); ///< for nonces
  defences defended{};
};

class worker_greeting {
 public:
  explicit worker_greeting(worker_greeting_config config)
      : config_(std::move(config)) {}

  /// The worker's next step. A sentence when it is wrong, else nothing; after
  /// one that is wrong, each is.
  std::optional<std::string> take(const hello& h);
  std::optional<std::string> take(const challenge& c);
  std::optional<std::string> take(const proof& p);

  /// The coordinator's nonce and proof, once a challenge is taken.
  const challenge_answer& answer() const { return answer_; }

  /// What the worker has to do before it is served; nothing once admitted.
  std::optional<std::string> missing() const;
  bool admitted() const { return stage_ == stage::admitted; }

  /// The worker's vault; empty before its hello.
  const std::string& instance() const { return terms_.worker_instance; }

 private:
  enum class stage : std::uint8_t {
    start,
    greeted,
    challenged,
    admitted,
    refused
  };

  std::optional<std::string> wrong_with(const hello& h) const;
  std::optional<std::string> advance(stage from, stage to,
                                     std::optional<std::string> wrong);

  worker_greeting_config config_;
  stage stage_ = stage::start;
  crypto::greeting_terms terms_;
  challenge_answer answer_;
};

} // namespace chancery::actors
