// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/standard_streams.hpp"

#include <cerrno>
#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace chancery::apps {

void open_standard_streams() {
  // open(2) returns the lowest free number: those below are open by then.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF &&
        ::open("/dev/null", O_RDWR) != stream)
      ::_exit(1);
}

} // namespace chancery::apps
