// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/status_file.hpp"

#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>
#include <utility>

namespace chancery::apps {

namespace {

/// Room for a thousand workers with a few hundred bytes each.
constexpr std::size_t status_size_max = 1024 * 1024;

} // namespace

status_file::status_file(std::filesystem::path path,
                         std::function<nlohmann::ordered_json()> content)
    : path_(std::move(path)), content_(std::move(content)) {
  write();
  try {
    ticker_.emplace(std::chrono::seconds(1), [this] { write(); });
  } catch (...) {
    ::unlink(path_.c_str());
    throw;
  }
}

status_file::~status_file() {
  ticker_.reset();
  try {
    ::unlink(crypto::link_target(path_).c_str());
  } catch (const std::exception&) {
    // Links in a circle: it was never written.
  }
}

void status_file::write() {
  // Signing does not depend on this file: a full disk is only a warning.
  try {
    auto content = content_();
    content["pid"] = ::getpid();
    new_file file(path_, 0600, new_file::existing::replace);
    file.write(content.dump());
    file.commit(false);
  } catch (const std::exception& e) {
    if (!std::exchange(warned_, true))
      warn(fmt::format("`chancery status` cannot show this run: {}", e.what()));
  }
}

std::optional<nlohmann::ordered_json>
read_status_file(const std::filesystem::path& path, pid_t owner) {
  try {
    auto content = nlohmann::ordered_json::parse(
        std::string_view(read_file(path, status_size_max)));
    if (content.at("pid").get<pid_t>() == owner)
      return content;
  } catch (const std::exception&) {
    // Missing or another owner's: the run has just begun, or is another
    // command.
  }
  return std::nullopt;
}

} // namespace chancery::apps
