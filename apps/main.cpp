// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/command_line.hpp"

#include <csignal>

int main(int argc, char** argv) {
  // A write beyond `ulimit -f` fails with an error instead (setrlimit(2)).
  std::signal(SIGXFSZ, SIG_IGN);
  return chancery::apps::run(argc, argv);
}
