// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/signal_watch.hpp"

#include "actors/base/threads.hpp"
#include "apps/platform/early_signals.hpp"
#include "apps/terminal/console.hpp"

#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace chancery::apps {

signal_watch::signal_watch(std::function<void()> hangup)
    : hangup_(std::move(hangup)) {
  sigset_t set = stopping_signals();
  if (hangup_) // it stops nothing then, so that nohup need not keep it away
    sigaddset(&set, SIGHUP);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
  over_ = ::eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || over_ < 0)
    throw std::system_error(errno, std::generic_category(),
                            "cannot watch for signals");
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
  const auto held = take_held_signals();
  was_holding_ = held.holding;
  if (held.stopped)
    stop_at_signal();
  thread_ = actors::start_thread([this] { run(); });
}

signal_watch::~signal_watch() {
  const std::uint64_t one = 1;
  if (::write(over_, &one, sizeof one) == sizeof one)
    thread_.join();
  else
    thread_.detach(); // cannot happen; a join would block forever
  if (was_holding_)
    hold_signals();
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  ::close(signals_);
  ::close(over_);
}

void signal_watch::stop_at_signal() {
  if (stop_.exchange(true)) {
    // Safe, as LMDB and all our files are consistent at any moment.
    note("stopped at once");
    ::_exit(1);
  }
  note("stopping; repeat the signal to stop at once");
}

void signal_watch::run() {
  pollfd waits[] = {{signals_, POLLIN, 0}, {over_, POLLIN, 0}};
  for (;;) {
    if (::poll(waits, 2, -1) < 0)
      continue; // EINTR
    if ((waits[1].revents & POLLIN) != 0)
      return;
    signalfd_siginfo info{};
    if ((waits[0].revents & POLLIN) == 0 ||
        ::read(signals_, &info, sizeof info) != sizeof info)
      continue;
    if (info.ssi_signo == SIGHUP && hangup_)
      hangup_();
    else
      stop_at_signal();
  }
}

} // namespace chancery::apps
