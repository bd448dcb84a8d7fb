// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/command_line.hpp"

int main(int argc, char** argv) { return chancery::apps::run(argc, argv); }
