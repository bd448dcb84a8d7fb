// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_stream.hpp"

#include <exception>
#include <mutex>
#include <utility>

namespace chancery::apps {

/// No function of others is called while it is locked: they lock their own.
class http_stream_state {
 public:
  explicit http_stream_state(std::size_t unread_max)
      : unread_max_(unread_max) {}

  bool put(std::string_view piece) {
    std::unique_lock lock(mutex_);
    if (gone_ || ended_ || broken_)
      return false;
    broken_ = piece.size() > unread_max_ - taken_ - waiting_.size();
    if (broken_)
      waiting_.clear();
    else
      waiting_ += piece;
    const bool fits = !broken_;
    wake(lock);
    return fits;
  }

  void end() {
    std::unique_lock lock(mutex_);
    ended_ = true;
    wake(lock);
  }

  void break_off() {
    std::unique_lock lock(mutex_);
    if (ended_ || gone_)
      return;
    broken_ = true;
    wake(lock);
  }

  bool gone() const {
    const std::scoped_lock lock(mutex_);
    return gone_ || broken_;
  }

  void on_gone(std::function<void(std::uint64_t)> when_gone) {
    const std::scoped_lock lock(mutex_);
    when_gone_ = std::move(when_gone);
  }

  void on_more(std::function<void()> wake) {
    const std::scoped_lock lock(mutex_);
    wake_ = std::move(wake);
  }

  http_stream_reader::piece next() {
    const std::scoped_lock lock(mutex_);
    http_stream_reader::piece given{std::exchange(waiting_, {}), ended_};
    taken_ = given.octets.size();
    read_ += taken_;
    reader_waits_ = given.octets.empty() && !given.last;
    return given;
  }

  bool broken() const {
    const std::scoped_lock lock(mutex_);
    return broken_;
  }

  void leave() {
    std::unique_lock lock(mutex_);
    gone_ = true;
    waiting_ = {};
    const auto unused = std::exchange(wake_, nullptr);
    const auto when_gone = std::exchange(when_gone_, nullptr);
    const auto octets = read_;
    lock.unlock();
    if (when_gone)
      when_gone(octets);
  }

 private:
  void wake(std::unique_lock<std::mutex>& lock) {
    const bool wanted = std::exchange(reader_waits_, false) || broken_;
    const auto call = wanted ? wake_ : nullptr;
    lock.unlock();
    if (call)
      call();
  }

  const std::size_t unread_max_;
  mutable std::mutex mutex_;
  std::string waiting_;
  std::size_t taken_ = 0;  ///< of these octets the reader is not done
  std::uint64_t read_ = 0; ///< octets that were taken, in all
  bool reader_waits_ = false;
  bool ended_ = false;
  bool broken_ = false;
  bool gone_ = false;
  std::function<void()> wake_;
  std::function<void(std::uint64_t)> when_gone_;
};

http_stream::~http_stream() {
  try {
    if (state_)
      state_->break_off();
  } catch (const std::exception&) { // the peer reads no end, only later
  }
}

bool http_stream::put(std::string_view piece) { return state_->put(piece); }

void http_stream::end() { state_->end(); }

bool http_stream::gone() const { return state_->gone(); }

http_stream_reader::~http_stream_reader() {
  try {
    state_->leave();
  } catch (const std::exception&) { // without memory there is no notice
  }
}

void http_stream_reader::on_gone(
    std::function<void(std::uint64_t octets)> when_gone) {
  state_->on_gone(std::move(when_gone));
}

void http_stream_reader::on_more(std::function<void()> wake) {
  state_->on_more(std::move(wake));
}

http_stream_reader::piece http_stream_reader::next() { return state_->next(); }

bool http_stream_reader::broken() const { return state_->broken(); }

http_stream_ends make_http_stream(std::size_t unread_max) {
  const auto state = std::make_shared<http_stream_state>(unread_max);
  return {http_stream(state), std::make_shared<http_stream_reader>(state)};
}

} // namespace chancery::apps
