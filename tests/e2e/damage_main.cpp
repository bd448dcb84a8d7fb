// SPDX-License-Identifier: Apache-2.0
// Changes a record store as no command does, for tests:
//
//   damage flip FOLDER ID...    flips a bit of these records' signatures
//   damage format FOLDER N      sets the format; below 2 without the table that
//                               came with 2
//
// FOLDER is the store's, in which no process works.
#include "storage/record_store.hpp"
#include "tests/storage/raw_entry.hpp"

#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>

namespace {

using namespace chancery;

std::string signature_of(const std::filesystem::path& folder,
                         std::uint64_t id) {
  const storage::record_store store(folder, {.read_only = true});
  const auto view = store.read();
  const auto bytes = view.signature(id).value();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void flip(const std::filesystem::path& folder, std::uint64_t id) {
  auto bytes = signature_of(folder, id);
  bytes[20] = static_cast<char>(bytes[20] ^ 4);
  tests::put_raw(folder, "signatures", tests::number_64(id), bytes);
}

void set_format(const std::filesystem::path& folder, std::uint32_t format) {
  if (format < 2)
    tests::drop_table(folder, "withdrawn");
  if (format < 4)
    for (const char* table : {"names", "record_names", "arrivals", "requests"})
      tests::drop_table(folder, table);
  if (format < 5)
    for (const char* table : {"certificates", "enrolments", "revocation_lists"})
      tests::drop_table(folder, table);
  tests::put_raw(folder, "meta", "format", tests::number(format));
}

void run(std::span<char*> arguments) {
  if (arguments.size() < 4)
    throw std::runtime_error("damage flip FOLDER ID..., format FOLDER N");
  const std::string command = arguments[1];
  for (const std::string number : arguments.subspan(3))
    if (command == "flip")
      flip(arguments[2], std::stoull(number));
    else if (command == "format")
      set_format(arguments[2], static_cast<std::uint32_t>(std::stoul(number)));
    else
      throw std::runtime_error("there is no " + command);
}

} // namespace

int main(int argc, char** argv) {
  try {
    run({argv, static_cast<std::size_t>(argc)});
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "damage: %s\n", e.what());
    return 1;
  }
}
