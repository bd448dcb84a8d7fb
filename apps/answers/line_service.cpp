// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/line_service.hpp"

#include "actors/base/threads.hpp"
#include "apps/answers/answer_line.hpp"
#include "apps/answers/bounded_queue.hpp"
#include "apps/platform/input_lines.hpp"
#include "crypto/ledger/message.hpp"

#include <atomic>
#include <cerrno>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace chancery::apps {

namespace {

using answer_future = std::future<actors::ledger_answer>;
using answer_queue = bounded_queue<answer_future>;

/// Turns a fault of the node into an answer, so that every line has one.
actors::ledger_answer answer_of(answer_future& future) {
  try {
    return future.get();
  } catch (const std::exception& e) {
    return {.receipt = {},
            .registered = {},
            .refused = crypto::refusal::internal,
            .reason = e.what()};
  }
}

/// Returns 0 or errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno != EINTR)
      return errno;
    if (n > 0)
      text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

/// Closes the queue however reading ends, so that the printer ends too.
struct closing {
  answer_queue& queue;
  ~closing() { queue.close(); }
};

/// Windows ends lines with CR LF; no JWS or JWE has a CR.
std::string_view without_return(std::string_view line) {
  return line.substr(0, line.size() - (line.ends_with('\r') ? 1 : 0));
}

std::uint64_t read_all(input_lines& lines, const line_service& service,
                       const std::function<bool()>& over,
                       answer_queue& waiting) {
  std::uint64_t count = 0;
  for (; !over(); ++count) {
    try {
      const auto line = lines.next();
      if (!line)
        break;
      waiting.push(service.submit(std::string(without_return(*line))));
    } catch (const line_too_long&) {
      lines.skip();
      // The node refuses and counts an oversized line without reading it, so
      // any text over the limit will do.
      waiting.push(service.submit(std::string(crypto::wire_size_max + 1, '-')));
    }
  }
  return count;
}

} // namespace

lines_served serve(const line_service& service) {
  lines_served served;
  answer_queue waiting(lines_waiting_max);
  std::atomic<int> write_error{0};
  auto printer = actors::start_thread<std::jthread>([&] {
    while (auto future = waiting.pop()) {
      const auto answer = answer_of(*future);
      if (write_error == 0)
        write_error = write_all(service.output, to_line(answer) + '\n');
    }
  });
  const auto over = [&] { return write_error != 0 || service.stop(); };
  {
    const closing at_end{waiting};
    input_lines lines(service.input, crypto::wire_size_max + 1, over);
    served.lines = read_all(lines, service, over, waiting);
  }
  printer.join();
  served.write_error = write_error;
  return served;
}

} // namespace chancery::apps
