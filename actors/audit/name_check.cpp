// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/name_check.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/jose/json_text.hpp"
#include "storage/record_name.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace chancery::actors {

namespace {

/// What is wrong with a record's name, which leads to `named`; empty when
/// nothing is.
std::string fault_of(const storage::snapshot& view, std::uint64_t id,
                     std::string_view name, std::optional<std::uint64_t> named,
                     const std::optional<std::string>& member) {
  const auto record = view.record(id);
  if (!record)
    return "has a name but is missing";
  if (const auto fault = storage::name_fault(name); !fault.empty())
    return fmt::format("has a name that {}", fault);
  if (!named)
    return "has a name that leads to no record";
  if (*named != id)
    return fmt::format("has a name that leads to record {}", *named);
  if (!member)
    return {};
  try {
    if (crypto::member_text(crypto::text_of(*record), *member) == name)
      return {};
    return fmt::format("has another name than its member \"{}\" says", *member);
  } catch (const std::invalid_argument& e) {
    return fmt::format("{}, which should be its name", e.what());
  }
}

} // namespace

std::uint64_t
check_names(const storage::snapshot& view,
            const std::optional<std::string>& member,
            const std::function<void(const std::string&)>& broken) {
  std::uint64_t leading_back = 0;
  view.each_name([&](std::uint64_t id, std::string_view name) {
    const auto named = view.id_of(name);
    if (named == id)
      ++leading_back;
    const auto fault = fault_of(view, id, name, named, member);
    if (!fault.empty())
      broken(fmt::format("record {} {}", id, fault));
  });
  // Two records cannot share a name that leads back, so every name that is left
  // belongs to none.
  for (auto n = leading_back; n < view.name_count(); ++n)
    broken("a name leads to a record that does not have it");
  return view.name_count();
}

} // namespace chancery::actors
