// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by the tests of crypto/: hexadecimal as the standards print it, a
// repeatable random source, and a shell, to run the openssl command line as an
// independent reader and writer.

#include "crypto/base/random.hpp"
#include "crypto/keys/key.hpp"
#include "tests/temp_folder.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto::test {

/// Skips white space, so that values can be wrapped as in the standards.
std::vector<std::byte> from_hex(std::string_view hex);
std::string to_hex(std::span<const std::byte> data);

template <class Octets>
std::string to_hex(const Octets& octets) {
  const std::span<const std::byte> data = std::as_bytes(std::span(octets));
  return to_hex(data);
}

std::span<const std::byte> bytes(std::string_view text);

/// Gives the same bytes for the same seed, so that a failure can be repeated.
random_source replayed_random(std::uint64_t seed);

using chancery::tests::temp_folder;

void write_file(const std::filesystem::path& file, std::string_view text);
std::string read_text(const std::filesystem::path& file);

/// Runs a shell command and returns its output; throws unless it exits with 0.
std::string run(const std::string& command);

/// The text of the exception that `action` throws; empty if it throws none.
template <class Action>
std::string complaint(Action&& action) {
  try {
    action();
  } catch (const std::exception& e) {
    return e.what();
  }
  return {};
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace chancery::crypto::test
