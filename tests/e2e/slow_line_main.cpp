// SPDX-License-Identifier: Apache-2.0
// slow_line as a program for scripts: slow_line PORT DELAY_MS BYTES_PER_SECOND
// prints its own port and runs until the end of its standard input. Each line
// on the input cuts all connections.
#include "slow_line.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 4)
    return 2;
  chancery::tests::slow_line line(
      {.to = static_cast<std::uint16_t>(std::atoi(argv[1])),
       .delay = std::chrono::milliseconds(std::atoi(argv[2])),
       .bytes_per_second = static_cast<std::size_t>(std::atoll(argv[3]))});
  std::printf("%u\n", line.port());
  std::fflush(stdout);
  for (std::string order; std::getline(std::cin, order);)
    line.cut();
  return 0;
}
