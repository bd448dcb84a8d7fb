// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by the tests of storage: made-up records and signatures that differ by
// id, and work in a child process.

#include "storage/record_store.hpp"
#include "tests/temp_folder.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace chancery::tests {

using bytes = std::vector<std::byte>;

inline constexpr std::uint32_t signature_size = 64;

inline std::span<const std::byte> as_bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

inline bool same(std::span<const std::byte> a, std::span<const std::byte> b) {
  return std::ranges::equal(a, b);
}

inline bytes record_of(std::uint64_t id) {
  const std::string text = "record " + std::to_string(id);
  const auto span = as_bytes(text);
  return {span.begin(), span.end()};
}

/// Made-up signatures by `signer` of `count` records, from id `first`.
inline bytes signatures_of(std::uint64_t first, std::uint32_t count,
                           unsigned signer = 1) {
  bytes out;
  for (std::uint64_t id = first; id < first + count; ++id)
    for (std::uint32_t i = 0; i < signature_size; ++i)
      out.push_back(
          static_cast<std::byte>(i < 8 ? id >> (8 * i) & 0xff : signer));
  return out;
}

inline storage::batch_row row_of(std::uint64_t first, std::uint32_t count,
                                 std::uint64_t fence = 1) {
  storage::batch_row row;
  row.first = first;
  row.count = count;
  row.fence = fence;
  return row;
}

inline storage::store_info info_of_tests() {
  storage::store_info info;
  info.folder_id.fill(7);
  info.signature_size = signature_size;
  return info;
}

/// Not synced: killing a test loses no data, only a power cut would.
inline storage::store_options options_of_tests() {
  storage::store_options options;
  options.sync = false;
  return options;
}

inline storage::store_options reading() {
  auto options = options_of_tests();
  options.read_only = true;
  return options;
}

inline storage::record_store
new_store(const std::filesystem::path& folder,
          const storage::store_options& options = options_of_tests()) {
  storage::record_store::create(folder, info_of_tests(), options);
  return storage::record_store(folder, options);
}

inline void add_records(storage::record_store& store, std::uint64_t count) {
  auto txn = store.write();
  for (std::uint64_t i = 0; i < count; ++i)
    txn.append_record(record_of(txn.record_count()));
  txn.commit();
}

inline bool sign(storage::record_store& store, std::uint64_t first,
                 std::uint32_t count, unsigned signer = 1) {
  auto txn = store.write();
  const bool stored = txn.put_batch(row_of(first, count, signer),
                                    signatures_of(first, count, signer));
  txn.commit();
  return stored;
}

/// The text of the E that `work` throws; empty if it throws none.
template <class E>
std::string text_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const E& error) {
    return error.what();
  }
  return {};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Starts `work` in a child process, which exits with 0 when `work` returns and
/// with 1 when it throws.
inline pid_t start_child(const std::function<void()>& work) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child != 0)
    return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a failed test leaves no child behind
  // Boost.Test's handlers would turn a signal into a failed test of the parent.
  for (const int number : {SIGABRT, SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGTERM})
    ::signal(number, SIG_DFL);
  try {
    work();
    ::_exit(0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child: %s\n", error.what());
    ::_exit(1);
  }
}

/// Waits for the child; returns waitpid's status.
inline int end_of(pid_t child) {
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

} // namespace chancery::tests
