// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/host_clock.hpp"

#include "actors/base/wall_clock.hpp"
#include "crypto/base/timestamp.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

void require_plausible_clock() {
  const auto now = actors::wall_clock_ms();
  if (!crypto::is_plausible_time(now))
    throw std::runtime_error(
        fmt::format("this host's clock shows {}: set it first, as what is made "
                    "now would bear that time",
                    crypto::time_in_words(now)));
}

} // namespace chancery::apps
