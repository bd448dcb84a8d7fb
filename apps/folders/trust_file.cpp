// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/trust_file.hpp"

#include "apps/folders/listed_lines.hpp"
#include "apps/platform/new_file.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

namespace {

constexpr std::size_t trust_size_max = 16 * 1024 * 1024;
} // namespace

std::vector<crypto::key_id> parse_trust(std::string_view text) {
  std::vector<crypto::key_id> ids;
  each_listed_line(text, [&](std::size_t number, std::string_view line) {
    try {
      ids.push_back(crypto::key_id_from_text(line));
    } catch (const std::invalid_argument&) {
      throw std::invalid_argument(fmt::format(
          "line {} is not a key id of 43 characters: `chancery keys list` and "
          "`chancery client status` show key ids",
          number));
    }
  });
  if (ids.empty())
    throw std::invalid_argument("it contains no key id");
  return ids;
}

std::vector<crypto::key_id> read_trust_file(const std::filesystem::path& path) {
  const auto text = read_file(path, trust_size_max);
  try {
    return parse_trust(text);
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("cannot use {}: {}", path.string(), e.what()));
  }
}

} // namespace chancery::apps
