// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/signature_check.hpp"

#include "apps/platform/hardware_threads.hpp"
#include "apps/simulation/interruption.hpp"
#include "apps/terminal/progress_line.hpp"

#include <cstdint>

namespace chancery::apps {

checked_signatures check_signatures(const storage::record_store& store,
                                    const crypto::public_keyring& keys,
                                    const std::atomic<bool>& stop) {
  checked_signatures result;
  const auto total = store.read().signature_count();
  std::atomic<std::uint64_t> done{0};
  const auto sample = [&] {
    return progress_sample{.done = done, .total = total};
  };
  {
    const progress_line line("verifying", sample);
    result.verified = actors::verify_signatures(
        store, keys, {.threads = hardware_threads(), .sample = {}}, done, stop);
  }
  throw_if_stopped(stop);
  done = 0;
  const progress_line line("auditing", sample);
  actors::audit_options options;
  options.threads = hardware_threads();
  result.audit = actors::audit(store, keys, options, done);
  return result;
}

} // namespace chancery::apps
