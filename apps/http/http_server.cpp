// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_server.hpp"

#include "apps/http/http_book.hpp"
#include "apps/http/http_listener.hpp"
#include "apps/http/http_pool.hpp"
#include "apps/http/http_tls.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace chancery::apps {

namespace {

/// Connections for which there are descriptors.
http_limits within_descriptors(http_limits limits) {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0 ||
      descriptors.rlim_cur == RLIM_INFINITY)
    return limits;
  const std::size_t all = descriptors.rlim_cur;
  const std::size_t left = all - std::min(all, limits.descriptors_left);
  limits.connections_max = std::clamp<std::size_t>(
      left, 1, std::max<std::size_t>(limits.connections_max, 1));
  return limits;
}

} // namespace

class http_server::state {
 public:
  state(const http_server_options& options, http_handler handler)
      : tls_files_(options.tls), tls_(load_tls()),
        book_(std::make_shared<http_book>(within_descriptors(options.limits))),
        pool_({options.limits, std::move(handler), book_}, options.threads),
        listener_(options.address, options.port,
                  {[this](http_arrival one) { take(std::move(one)); },
                   [this] { make_room(book_->give_way()); }}) {}

  std::uint16_t port() const noexcept { return listener_.port(); }

  void reload_tls() {
    auto made = load_tls();
    const std::scoped_lock lock(tls_mutex_);
    tls_ = std::move(made);
  }

  bool drain(std::chrono::milliseconds patience) {
    const auto at_rest = book_->begin_drain();
    listener_.stop();
    for (const auto id : at_rest)
      pool_.ask_to_give_way(id);
    pool_.end_streams();
    return book_->await_work(patience);
  }

  std::chrono::steady_clock::duration silence() const {
    return pool_.silence();
  }

  http_counters counters() const {
    auto counters = book_->counters();
    if (const auto tls = present_tls())
      counters.certificate_end = certificate_end(tls);
    return counters;
  }

 private:
  tls_settings load_tls() const {
    return tls_files_ ? make_server_tls(*tls_files_) : nullptr;
  }

  tls_settings present_tls() const {
    const std::scoped_lock lock(tls_mutex_);
    return tls_;
  }

  void take(http_arrival one) {
    const auto [id, gives_way] =
        book_->enter(one.peer.address, one.peer.loopback);
    make_room(gives_way);
    if (id == 0)
      return;
    one.peer.tls = tls_files_.has_value();
    try {
      pool_.adopt(std::move(one), id, present_tls());
    } catch (const std::exception&) {
      book_->leave(id);
      throw;
    }
  }

  void make_room(std::optional<std::uint64_t> id) {
    if (id)
      pool_.ask_to_give_way(*id);
  }

  const std::optional<http_tls_files> tls_files_;
  mutable std::mutex tls_mutex_;
  tls_settings tls_;
  const std::shared_ptr<http_book> book_;
  http_pool pool_;
  http_listener listener_; // the first to go
};

http_server::http_server(const http_server_options& options,
                         http_handler handler)
    : state_(std::make_unique<state>(options, std::move(handler))) {}

http_server::~http_server() = default;

std::uint16_t http_server::port() const noexcept { return state_->port(); }

void http_server::reload_tls() { state_->reload_tls(); }

bool http_server::drain(std::chrono::milliseconds patience) {
  return state_->drain(patience);
}

http_counters http_server::counters() const { return state_->counters(); }

std::chrono::steady_clock::duration http_server::silence() const {
  return state_->silence();
}

} // namespace chancery::apps
