// SPDX-License-Identifier: Apache-2.0
#pragma once

// The file in which `export --state` keeps how far it has come: a line of JSON.
//
//   format           1
//   folder           the data folder's id, base64url
//   next             the id of the first record that was not exported yet
//   events           the first event of the journal not looked at yet
//   previous         `next` and `events` before the last run that exported
//   previous_events  something
//
// One thread.

#include "apps/records/record_selection.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::apps {

struct export_state {
  std::array<std::uint8_t, 16> folder_id{};
  export_position end{};   ///< of the last run
  export_position begin{}; ///< of the same

  friend bool operator==(const export_state&, const export_state&) = default;
};

/// Without a newline.
std::string to_json_text(const export_state& state);

/// Throws std::invalid_argument for a text that the above does not write.
export_state export_state_from_json(std::string_view text);

/// Nullopt when there is no file. Throws std::runtime_error, with the file's
/// name, when it is damaged, of another data folder than the view's, or ahead
/// of it, as a restored copy of the folder is older.
std::optional<export_state>
read_export_state(const std::filesystem::path& file,
                  const storage::record_store& store);

} // namespace chancery::apps
