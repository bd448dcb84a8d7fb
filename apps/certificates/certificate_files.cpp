// SPDX-License-Identifier: Apache-2.0
#include "apps/certificates/certificate_files.hpp"

#include "apps/platform/new_file.hpp"

#include <fmt/format.h>
#include <iterator>
#include <stdexcept>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;

// Thousands of certificates in one file.
constexpr std::size_t certificates_size_max = 64 << 20;
constexpr std::size_t list_size_max = 64 << 20;

/// Reads the file, and has errors name it.
template <class Read>
auto reading(const fs::path& file, std::size_t size_max, const Read& read) {
  const auto content = read_file(file, size_max);
  try {
    return read(std::string_view(content));
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("cannot use {}: {}", file.string(), e.what()));
  }
}

} // namespace

std::vector<crypto::certificate>
read_certificate_files(std::span<const fs::path> files) {
  std::vector<crypto::certificate> all;
  for (const auto& file : files) {
    auto found =
        reading(file, certificates_size_max, crypto::read_certificates);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<crypto::certificate> read_root_file(const fs::path& file) {
  auto roots = read_certificate_files(std::span(&file, 1));
  for (const auto& root : roots)
    if (!root.is_authority() || !root.is_self_signed())
      throw std::runtime_error(fmt::format(
          "cannot use {}: the certificate '{}' is no root, as {}: name the "
          "file of the root alone",
          file.string(), root.subject(),
          root.is_authority() ? "another one signed it"
                              : "it is not an authority's"));
  return roots;
}

crypto::revocation_list read_list_file(const fs::path& file) {
  return reading(file, list_size_max, crypto::read_revocation_list);
}

} // namespace chancery::apps
