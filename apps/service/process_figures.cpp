// SPDX-License-Identifier: Apache-2.0
#include "apps/service/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace chancery::apps {

namespace {

/// The fields of /proc/self/stat from the third on, which is the first behind
/// the command's name in brackets.
std::vector<std::string> stat_fields() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const auto end = line.rfind(')');
  if (end == std::string::npos)
    return {};
  std::istringstream rest(line.substr(end + 1));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;)
    fields.push_back(field);
  return fields;
}

/// When this machine started, in seconds since 1970.
double boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string name; file >> name;) {
    double value = 0;
    if (name == "btime" && file >> value)
      return value;
    std::getline(file, name);
  }
  return 0;
}

std::uint64_t open_descriptors() {
  std::error_code error;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end;
       !error && it != end; it.increment(error))
    ++count;
  return count;
}

} // namespace

std::optional<process_figures> read_process_figures() {
  const auto fields = stat_fields();
  // proc(5) counts fields from 1, and the first here is its third.
  const auto field = [&](std::size_t number) {
    return std::stoull(fields.at(number - 3));
  };
  process_figures figures;
  try {
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    figures.cpu_seconds = static_cast<double>(field(14) + field(15)) / ticks;
    figures.threads = field(20);
    figures.start = boot_time() + static_cast<double>(field(22)) / ticks;
    figures.virtual_bytes = field(23);
    figures.resident_bytes = field(24) * page;
  } catch (const std::exception&) {
    return std::nullopt;
  }
  figures.open_descriptors = open_descriptors();
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0)
    figures.descriptors_max = descriptors.rlim_cur;
  return figures;
}

} // namespace chancery::apps
