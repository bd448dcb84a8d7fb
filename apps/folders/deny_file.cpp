// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/deny_file.hpp"

#include "apps/folders/listed_lines.hpp"
#include "apps/platform/file_version.hpp"
#include "apps/platform/new_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::size_t deny_size_max = 1024 * 1024;
/// RFC 5280 4.1.2.2: 20 octets at most.
constexpr std::size_t serial_digits_max = 40;

bool is_host_name(std::string_view text) {
  try {
    crypto::check_host_name(text);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

/// The one spelling of a serial: lower case, without colons and leading zeros.
/// Nothing if the text is none.
std::optional<std::string> serial_in(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ':')
      digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool valid =
      !digits.empty() && digits.size() <= serial_digits_max &&
      digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!valid)
    return std::nullopt;
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

} // namespace

deny_list::deny_list(std::string_view text) {
  each_listed_line(text, [this](std::size_t number, std::string_view line) {
    const bool name = is_host_name(line);
    const auto serial = serial_in(line);
    if (!name && !serial)
      throw std::invalid_argument(fmt::format(
          "line {} is neither a host's name nor a certificate's serial: "
          "`chancery cluster show` prints both",
          number));
    if (name)
      names_.emplace(line);
    if (serial)
      serials_.insert(*serial);
    ++size_;
  });
}

std::optional<std::string>
deny_list::why(const crypto::host_identity& host) const {
  if (names_.contains(host.name))
    return fmt::format("hosts of the name {} are denied here", host.name);
  const auto serial = serial_in(host.serial);
  if (serial && serials_.contains(*serial))
    return fmt::format("the certificate with the serial {} is denied here",
                       host.serial);
  return std::nullopt;
}

deny_file::deny_file(std::filesystem::path path, note tell)
    : path_(std::move(path)), tell_(std::move(tell)) {
  seen_ = file_version(path_);
  const auto text = read_file(path_, deny_size_max);
  try {
    list_ = deny_list(text);
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("cannot use {}: {}", path_.string(), e.what()));
  }
}

std::optional<std::string> deny_file::why(const crypto::host_identity& host) {
  const std::lock_guard lock(mutex_);
  look();
  return list_.why(host);
}

std::function<std::optional<std::string>(const crypto::host_identity&)>
denied_by(const std::filesystem::path& path, const deny_file::note& tell) {
  if (path.empty())
    return {};
  return [file = std::make_shared<deny_file>(path, tell)](
             const crypto::host_identity& host) { return file->why(host); };
}

void deny_file::look() {
  auto now = file_version(path_);
  if (now == seen_)
    return;
  seen_ = std::move(now);
  try {
    list_ = deny_list(read_file(path_, deny_size_max));
    tell_(fmt::format("{} has changed: {} names and serials are denied",
                      path_.string(), list_.size()));
  } catch (const std::exception& e) {
    tell_(fmt::format("cannot use the changed {}: {}; what it said before "
                      "still holds",
                      path_.string(), e.what()));
  }
}

} // namespace chancery::apps
