// SPDX-License-Identifier: Apache-2.0
#include "apps/records/import_source.hpp"

#include "storage/record_name.hpp"

#include <fmt/format.h>

namespace chancery::apps {

void require_name(std::string_view text, const std::string& place) {
  if (const auto fault = storage::name_fault(text); !fault.empty())
    throw bad_input(fmt::format("{}: the name {}", place, fault));
}

} // namespace chancery::apps
