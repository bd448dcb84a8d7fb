// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/greeting.hpp"

#include "actors/base/plain_text.hpp"

#include <fmt/format.h>

namespace chancery::actors {

std::optional<std::string> version_mismatch(std::string_view they,
                                            std::string_view software,
                                            std::uint32_t protocol,
                                            std::string_view we) {
  if (protocol == protocol_version)
    return std::nullopt;
  return fmt::format("{} ({}) speaks version {} of the protocol, and {} speaks "
                     "version {}",
                     they, plain_text(software), protocol, we,
                     protocol_version);
}

} // namespace chancery::actors
