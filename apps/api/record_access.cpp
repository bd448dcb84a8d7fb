// SPDX-License-Identifier: Apache-2.0
#include "apps/api/record_access.hpp"

#include "apps/api/parameters.hpp"
#include "apps/api/problem.hpp"

#include <string>
#include <utility>

namespace chancery::apps {

namespace {

[[noreturn]] void refuse_as_unknown(std::uint64_t records) {
  throw problem("not_found", "there are fewer records, with ids from 0",
                {{"records", records}});
}

} // namespace

bool may_access_all(const api_request& request) {
  return !request.caller || request.caller->prefix.empty();
}

bool may_access(const api_request& request,
                std::optional<std::string_view> name) {
  return may_access_all(request) ||
         (name && name->starts_with(request.caller->prefix));
}

void require_access(const api_request& request,
                    std::optional<std::string_view> name) {
  if (!may_access(request, name))
    throw problem("not_allowed", std::string(access_rule));
}

found_record find_record(const signed_folder& folder,
                         const api_request& request) {
  const auto id = number_value("id", request.values.at(0));
  auto store = folder.records();
  if (!store)
    refuse_as_unknown(0);
  auto view = store->read();
  if (const auto count = view.record_count(); id >= count)
    refuse_as_unknown(count);
  require_access(request, view.name_of(id));
  return {std::move(store), std::move(view), id};
}

} // namespace chancery::apps
