// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/early_signals.hpp"

#include <atomic>
#include <initializer_list>
#include <string_view>
#include <unistd.h>

namespace chancery::apps {

namespace {

constexpr unsigned patience_s = 10;

constexpr std::string_view last_word =
    "chancery: stopped at once; what is stored is consistent\n";

/// The first signal that came, or 0. Handlers may use lock-free atomics only.
std::atomic<int> kept{0};
static_assert(std::atomic<int>::is_always_lock_free);

bool holding = false;

void end_at_once(int /*number*/) {
  [[maybe_unused]] const auto written =
      ::write(STDERR_FILENO, last_word.data(), last_word.size());
  ::_exit(1);
}

void keep(int number) {
  if (kept.exchange(number) != 0)
    end_at_once(number);
  ::alarm(patience_s);
}

bool ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 &&
         action.sa_handler == SIG_IGN;
}

/// Signals that the parent wants ignored stay so.
void handle(int number, void (*handler)(int)) {
  if (ignored(number))
    return;
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(number, &action, nullptr);
}

void handle_all(void (*stopping)(int), void (*late)(int)) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP})
    handle(number, stopping);
  handle(SIGALRM, late);
}

} // namespace

sigset_t stopping_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  // Linux delivers an ignored signal to a signalfd if it is blocked.
  if (!ignored(SIGHUP))
    sigaddset(&set, SIGHUP);
  return set;
}

void hold_signals() {
  handle_all(keep, end_at_once);
  holding = true;
}

void release_signals() {
  const int number = kept;
  if (take_held_signals().stopped)
    ::raise(number);
}

held_signals take_held_signals() {
  if (!holding)
    return {};
  ::alarm(0);
  handle_all(SIG_DFL, SIG_DFL);
  holding = false;
  return {true, kept.exchange(0) != 0};
}

} // namespace chancery::apps
