// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/certificate_files.hpp"

#include "apps/platform/input_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>

namespace chancery::apps {

namespace {

constexpr std::size_t certificate_file_size_max = std::size_t{16} << 20;

/// What `read` makes of a file's content; its errors then name the file.
template <class Read>
auto content_of(const std::filesystem::path& file, Read read) {
  const auto text = read_input(file, certificate_file_size_max);
  try {
    return read(text);
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("cannot read {}: {}", file.string(), e.what()));
  }
}

} // namespace

std::vector<crypto::certificate>
read_certificate_files(std::span<const std::filesystem::path> files) {
  std::vector<crypto::certificate> all;
  for (const auto& file : files)
    std::ranges::move(content_of(file, crypto::read_certificates),
                      std::back_inserter(all));
  return all;
}

std::vector<crypto::revocation_list>
read_revocation_files(std::span<const std::filesystem::path> files) {
  std::vector<crypto::revocation_list> all;
  for (const auto& file : files)
    all.push_back(content_of(file, crypto::read_revocation_list));
  return all;
}

} // namespace chancery::apps
