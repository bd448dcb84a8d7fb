// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "actors/transport/link_loop.hpp"

#include "actors/base/threads.hpp"

#include <csignal>

namespace chancery::actors {

link_loop::link_loop(std::function<void()> on_tick)
    : on_tick_(std::move(on_tick)) {}

link_loop::~link_loop() { stop({}); }

void link_loop::start() {
  await_tick();
  // Other threads handle signals. OpenSSL may write to closed sockets: while
  // SIGPIPE is blocked, only that write fails.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = start_thread([this] { context_.run(); });
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void link_loop::stop(std::function<void()> last) {
  if (!thread_.joinable())
    return;
  bell_->silence();
  boost::asio::post(context_, [this, last = std::move(last)] {
    if (last)
      last();
    context_.stop();
  });
  thread_.join();
}

void link_loop::await_tick() {
  timer_.expires_after(link_tick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error)
      return;
    on_tick_();
    await_tick();
  });
}

} // namespace chancery::actors
