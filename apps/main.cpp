// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/command_line.hpp"
#include "apps/platform/early_signals.hpp"
#include "apps/platform/last_resort.hpp"
#include "apps/platform/standard_streams.hpp"

#include <csignal>

int main(int argc, char** argv) {
  chancery::apps::hold_signals();
  chancery::apps::open_standard_streams();
  // A write beyond `ulimit -f` fails with an error instead (setrlimit(2)).
  std::signal(SIGXFSZ, SIG_IGN);
  chancery::apps::end_in_words();
  return chancery::apps::run(argc, argv);
}
