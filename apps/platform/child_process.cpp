// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/child_process.hpp"

#include "apps/platform/new_file.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace chancery::apps {

namespace {

constexpr auto exit_poll_period = std::chrono::milliseconds(10);

/// A file that is open while the process starts.
class opened_file {
 public:
  opened_file(const std::filesystem::path& path, int flags)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (number_ < 0)
      throw_file_error("open", path);
  }
  opened_file(const opened_file&) = delete;
  opened_file& operator=(const opened_file&) = delete;
  ~opened_file() { ::close(number_); }

  int number() const noexcept { return number_; }

 private:
  int number_;
};

/// The array for exec, which does not change the texts.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Without the user's data folder, certificate and passphrase.
std::vector<std::string> environment() {
  std::vector<std::string> kept;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!std::string_view(*variable).starts_with("CHANCERY_"))
      kept.emplace_back(*variable);
  return kept;
}

struct start {
  pid_t parent;
  int input;
  int answers;
  int words;
  char** arguments;
  char** variables;
};

/// Only async-signal-safe calls are allowed between fork and exec, as another
/// thread may have held any lock.
[[noreturn]] void become(const start& s) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != s.parent)
    ::_exit(127); // the parent ended before prctl
  ::setpgid(0, 0);
  if (::dup2(s.input, STDIN_FILENO) < 0 ||
      ::dup2(s.answers, STDOUT_FILENO) < 0 ||
      ::dup2(s.words, STDERR_FILENO) < 0)
    ::_exit(127);
  ::execve(s.arguments[0], s.arguments, s.variables);
  ::_exit(127);
}

} // namespace

child_process::child_process(const std::filesystem::path& program,
                             const std::vector<std::string>& arguments,
                             const child_output& output) {
  const opened_file input("/dev/null", O_RDONLY);
  const opened_file answers(output.answers, O_WRONLY | O_CREAT | O_TRUNC);
  const opened_file words(output.words, O_WRONLY | O_CREAT | O_APPEND);
  std::vector<std::string> texts{program.string()};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  auto variables = environment();
  auto argument_pointers = pointers_to(texts);
  auto variable_pointers = pointers_to(variables);
  const start s{
      ::getpid(),     input.number(),           answers.number(),
      words.number(), argument_pointers.data(), variable_pointers.data()};
  pid_ = ::fork();
  if (pid_ == 0)
    become(s);
  if (pid_ < 0)
    throw std::system_error(errno, std::generic_category(),
                            "cannot start a process");
}

child_process::~child_process() { kill(); }

void child_process::signal(int number) {
  // A process keeps its pid until it is reaped, so no other one is hit.
  if (!ended())
    ::kill(pid_, number);
}

std::optional<int> child_process::ended() {
  reap(WNOHANG);
  return code_;
}

std::optional<int> child_process::wait(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!ended() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(exit_poll_period);
  return code_;
}

void child_process::kill() {
  signal(SIGKILL);
  reap(0);
}

void child_process::reap(int options) {
  if (code_)
    return;
  int status = 0;
  pid_t found = 0;
  do
    found = ::waitpid(pid_, &status, options);
  while (found < 0 && errno == EINTR);
  if (found == pid_)
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace chancery::apps
