// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/pinned_node.hpp"

#include "actors/ledger/client_session.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/terminal/command_context.hpp"

#include <fmt/format.h>
#include <string_view>

namespace chancery::apps {

namespace {

constexpr std::size_t keys_size_max = 64 * 1024;

} // namespace

std::optional<crypto::key_id> pinned_node(const std::string& text) {
  if (text.empty())
    return std::nullopt;
  std::string_view id = text;
  if (id.starts_with("id:"))
    id.remove_prefix(3);
  try {
    return crypto::key_id_from_text(id);
  } catch (const std::invalid_argument&) {
    throw usage_error(fmt::format(
        "--node-id: \"{}\" is not a node's id of 43 characters", text));
  }
}

void require_pinned(const crypto::key_id& node,
                    const std::optional<crypto::key_id>& pinned) {
  if (pinned && *pinned != node)
    throw std::runtime_error(fmt::format("this is node {}, not {}",
                                         crypto::to_text(node),
                                         crypto::to_text(*pinned)));
}

signed_node_keys read_keys_file(const std::filesystem::path& path,
                                const std::optional<crypto::key_id>& pinned) {
  const auto text = read_file(path == "-" ? "/dev/stdin" : path, keys_size_max);
  std::string compact(text.substr(0, text.find_first_of("\r\n")));
  try {
    auto keys =
        actors::read_node_keys(compact, pinned, crypto::single_signatures);
    return {std::move(compact), std::move(keys)};
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(
        fmt::format("cannot use {}: {}", path.string(), e.what()));
  }
}

} // namespace chancery::apps
