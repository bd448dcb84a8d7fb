// SPDX-License-Identifier: Apache-2.0
#include "apps/records/export_state.hpp"

#include "apps/platform/new_file.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/jose/strict_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

namespace chancery::apps {

namespace {

constexpr int export_state_format = 1;
constexpr std::size_t export_state_size_max = 4'096;

/// Whether the store has come as far as the state says.
bool reaches(const storage::snapshot& view, const export_position& end) {
  return end.next <= view.record_count() && end.events <= view.event_count();
}

} // namespace

std::string to_json_text(const export_state& state) {
  const auto id = std::as_bytes(std::span(state.folder_id));
  return nlohmann::ordered_json{
      {"format", export_state_format}, {"folder", crypto::base64url_encode(id)},
      {"next", state.end.next},        {"events", state.end.events},
      {"previous", state.begin.next},  {"previous_events", state.begin.events}}
      .dump();
}

export_state export_state_from_json(std::string_view text) {
  const auto object = crypto::parse_strict_json(text);
  const auto number = [&](const char* name) {
    const auto& value = object.at(name);
    if (!value.is_number_unsigned())
      throw std::invalid_argument(fmt::format("{} is not a number", name));
    return value.get<std::uint64_t>();
  };
  try {
    if (object.at("format") != export_state_format)
      throw std::invalid_argument("it has the format of a newer version");
    export_state state{
        .end = {.next = number("next"), .events = number("events")},
        .begin = {.next = number("previous"),
                  .events = number("previous_events")}};
    if (!crypto::base64url_decode(
            object.at("folder").get<std::string>(),
            std::as_writable_bytes(std::span(state.folder_id))))
      throw std::invalid_argument("folder is not an id");
    if (state.begin.next > state.end.next ||
        state.begin.events > state.end.events)
      throw std::invalid_argument("its last run ends before it begins");
    return state;
  } catch (const nlohmann::json::exception&) {
    throw std::invalid_argument("a member is missing or of the wrong type");
  }
}

std::optional<export_state>
read_export_state(const std::filesystem::path& file,
                  const storage::record_store& store) {
  if (std::error_code error; !std::filesystem::exists(file, error) && !error)
    return std::nullopt;
  const auto text = read_file(file, export_state_size_max);
  export_state state;
  try {
    state = export_state_from_json(text);
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("{} is not the state of an export, or is damaged ({}): "
                    "name another file, or remove it to export all again",
                    file.string(), e.what()));
  }
  if (state.folder_id != store.info().folder_id)
    throw std::runtime_error(fmt::format(
        "{} is the state of another data folder's exports: each needs a file "
        "of its own",
        file.string()));
  if (!reaches(store.read(), state.end))
    throw std::runtime_error(
        fmt::format("{} is ahead of the data folder, which seems to be an "
                    "older copy: remove the file to export all again",
                    file.string()));
  return state;
}

} // namespace chancery::apps
