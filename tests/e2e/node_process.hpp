// SPDX-License-Identifier: Apache-2.0
#pragma once

// The real binary as a child process with pipes as stdin and stdout, for tests
// that exchange lines with it and kill it. One thread.

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace chancery::tests {

class node_process {
 public:
  /// `arguments` begin with the binary's path. stderr goes to the end of a
  /// file.
  explicit node_process(const std::vector<std::string>& arguments,
                        const std::string& errors = "/dev/null") {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
      throw std::runtime_error("cannot make a pipe");
    std::vector<char*> argv;
    for (const auto& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      const int log = ::open(errors.c_str(),
                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
      ::dup2(log, STDERR_FILENO);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = out[0];
  }
  node_process(const node_process&) = delete;
  node_process& operator=(const node_process&) = delete;
  ~node_process() {
    kill();
    ::close(output_);
  }

  /// Returns false when the process no longer reads its input.
  bool write_line(const std::string& line) {
    const auto text = line + '\n';
    std::string_view rest(text);
    while (!rest.empty()) {
      const auto n = ::write(input_, rest.data(), rest.size());
      if (n < 0 && errno != EINTR)
        return false;
      if (n > 0)
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// Returns the next whole line, or nothing after `wait` or at the end of the
  /// output.
  std::optional<std::string> read_line(std::chrono::microseconds wait) {
    const auto end = std::chrono::steady_clock::now() + wait;
    for (;;) {
      if (const auto at = buffer_.find('\n'); at != std::string::npos) {
        auto line = buffer_.substr(0, at);
        buffer_.erase(0, at + 1);
        return line;
      }
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      pollfd waits{output_, POLLIN, 0};
      if (left.count() < 0 ||
          ::poll(&waits, 1, static_cast<int>(left.count())) == 0)
        return std::nullopt;
      char part[4096];
      const auto n = ::read(output_, part, sizeof part);
      if (n <= 0)
        return std::nullopt;
      buffer_.append(part, static_cast<std::size_t>(n));
    }
  }

  void close_input() {
    if (input_ >= 0)
      ::close(input_);
    input_ = -1;
  }

  bool running() const {
    siginfo_t ended{};
    return pid_ > 0 &&
           ::waitid(P_PID, static_cast<id_t>(pid_), &ended,
                    WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid == 0;
  }

  pid_t id() const { return pid_; }

  /// While it runs, or has ended without being waited for.
  void signal(int number) const {
    if (pid_ > 0)
      ::kill(pid_, number);
  }

  /// Output written before the kill can still be read.
  void kill() {
    if (pid_ > 0)
      ::kill(pid_, SIGKILL);
    wait();
  }

  /// Returns the exit code, or 128 plus the number of the signal that ended it.
  int wait() {
    if (pid_ > 0) {
      close_input();
      int status = 0;
      ::waitpid(pid_, &status, 0);
      code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      pid_ = -1;
    }
    return code_;
  }

 private:
  pid_t pid_ = -1;
  int code_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
};

} // namespace chancery::tests
