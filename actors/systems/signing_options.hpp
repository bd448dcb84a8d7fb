// SPDX-License-Identifier: Apache-2.0
#pragma once

// Options and result of a signing run. Plain values.

#include "actors/cluster/coordinator_options.hpp"
#include "actors/signing/refused_workers.hpp"
#include "crypto/providers/provider.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace chancery::actors {

inline constexpr std::uint32_t batch_size_max = 100'000;
inline constexpr std::size_t signers_max = 1'024;

/// What makes a run a service, which signs records as they come.
struct service_terms {
  std::uint32_t max_wait_ms = 250; ///< of a record for others of its batch
  std::function<std::uint64_t()> clock_ms; ///< since 1970; never goes back
  std::function<bool()> has_room;          ///< for signatures, on the disk
};

/// How a keyring for seals signs.
struct seal_terms {
  std::string content_type{}; ///< as of crypto::jades_content_type, or empty
  /// An epoch ends so long before the first of its certificates does.
  std::chrono::seconds margin{std::chrono::hours{1}};
  /// Which keys are left out of an epoch; may be empty. Any thread.
  std::function<void(const std::string&)> note{};
};

struct signing_options {
  std::uint32_t batch_size = 100; ///< 1 .. batch_size_max
  /// 1 .. signers_max, or 0 for a coordinator; more signers than keys wait
  std::size_t signers = 1;
  crypto::provider provider = crypto::single_signatures;
  bool paranoid = false; ///< signatures are verified before they are handed in
  std::optional<coordinator_options> cluster{}; ///< set: takes workers
  std::optional<service_terms> service{};
  seal_terms seals{}; ///< when the keyring is for seals
};

struct signing_summary {
  std::uint32_t epoch = 0;
  std::uint64_t stored = 0; ///< records signed and on disk by this run
  std::uint64_t left = 0;   ///< records still unsigned
  std::uint64_t batches = 0;
  std::uint64_t commits = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t late_results = 0;
  std::uint64_t signers_lost = 0; ///< signers that died and were replaced
  std::uint64_t verified = 0;     ///< signatures of other hosts
  std::vector<refused_worker> refused{}; ///< other hosts; the caller verifies
                                         ///< what they had stored before
  bool stopped = false;                  ///< by `stop`, before all was signed
  bool certificates_end = false; ///< a certificate ends, before all was signed
  double seconds = 0;            ///< from epoch opened to epoch closed
  double cpu_seconds = 0;        ///< of this process in that time
};

/// The run ended early with a fault; what is stored is consistent and correct.
class signing_failed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

} // namespace chancery::actors
