// SPDX-License-Identifier: Apache-2.0
#pragma once

// One I/O thread, which owns its connections, calls them and destroys them.
// Others reach a connection by its number through the thread's gate, which is
// shut before the thread's context goes: what comes later is dropped.
//
// For the one file with Asio and Beast.

#include <utility>

#include "actors/base/answer_clock.hpp"
#include "actors/base/threads.hpp"
#include "apps/http/http_parts.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

namespace chancery::apps {

/// A connection, for the thread that it lives on.
class http_resident {
 public:
  http_resident() = default;
  http_resident(const http_resident&) = delete;
  http_resident& operator=(const http_resident&) = delete;
  virtual ~http_resident() = default;

  virtual void give_way() noexcept = 0;
  /// Nothing: the request was lost.
  virtual void take_answer(std::uint64_t request,
                           std::optional<http_response> answer) noexcept = 0;
  /// There is more of a stream, or it is broken off.
  virtual void hear_stream() noexcept = 0;
  /// The server ends; a stream would not.
  virtual void end_stream() noexcept = 0;
};

class http_thread {
 public:
  class gate {
   public:
    explicit gate(http_thread& thread) : thread_(&thread) {}

    void shut() {
      const std::scoped_lock lock(mutex_);
      thread_ = nullptr;
    }

    /// Calls `function` with the connection, on its thread, if it is there.
    template <class Function>
    void pass(std::uint64_t connection, Function function) {
      const std::scoped_lock lock(mutex_);
      if (thread_ != nullptr)
        thread_->call(connection, std::move(function));
    }

   private:
    std::mutex mutex_;
    http_thread* thread_;
  };

  explicit http_thread(const http_parts& parts)
      : parts_(parts), gate_(std::make_shared<gate>(*this)),
        scratch_(scratch_octets) {}
  http_thread(const http_thread&) = delete;
  http_thread& operator=(const http_thread&) = delete;
  ~http_thread() { stop(); }

  void start() {
    thread_ = actors::start_thread([this] { context_.run(); });
  }

  /// Nothing runs on it any more when it returns.
  void stop() {
    gate_->shut();
    context_.stop();
    if (thread_.joinable())
      thread_.join();
  }

  // From any thread, until it is stopped.

  boost::asio::io_context& context() noexcept { return context_; }
  const http_parts& parts() const noexcept { return parts_; }

  /// Calls `function` with the connection, on this thread, if it is there:
  /// before it returns when that one is being served here, else later.
  template <class Function>
  void call(std::uint64_t connection, Function function) {
    auto visit = [this, connection, function = std::move(function)]() mutable {
      const auto found = residents_.find(connection);
      if (found == residents_.end())
        return;
      const auto alive = found->second; // it may leave meanwhile
      function(*alive);
    };
    if (std::this_thread::get_id() == thread_.get_id() && serves(connection))
      visit();
    else
      boost::asio::post(context_, std::move(visit));
  }

  /// Later, on this thread.
  void end_streams() {
    boost::asio::post(context_, [this] {
      std::vector<std::shared_ptr<http_resident>> all; // some leave meanwhile
      for (const auto& [id, resident] : residents_)
        all.push_back(resident);
      for (const auto& resident : all)
        resident->end_stream();
    });
  }

  /// How long it has not answered; asks it anew where it has.
  actors::answer_clock::steady::duration silence() {
    const auto silence = clock_.silence();
    if (!clock_.owes()) {
      clock_.asked();
      boost::asio::post(context_, [this] { clock_.answered(); });
    }
    return silence;
  }

  // From its connections alone.

  /// While it lives, this connection's handler runs on the thread.
  class serving {
   public:
    serving(http_thread& thread, std::uint64_t connection) : thread_(thread) {
      thread_.serving_ = connection;
    }
    serving(const serving&) = delete;
    serving& operator=(const serving&) = delete;
    ~serving() { thread_.serving_ = 0; }

   private:
    http_thread& thread_;
  };
  bool serves(std::uint64_t connection) const noexcept {
    return serving_ == connection;
  }

  void admit(std::uint64_t id, std::shared_ptr<http_resident> resident) {
    residents_.emplace(id, std::move(resident));
  }
  void forget(std::uint64_t id) { residents_.erase(id); }
  const std::shared_ptr<gate>& way_in() const noexcept { return gate_; }
  /// Tells a connection, from any thread, to look at its stream.
  std::function<void()> waker_of(std::uint64_t connection) const {
    return [gate = gate_, connection] {
      gate->pass(connection, [](http_resident& at) { at.hear_stream(); });
    };
  }
  /// What a connection reads into.
  std::vector<char>& scratch() noexcept { return scratch_; }

 private:
  static constexpr std::size_t scratch_octets = std::size_t{64} << 10;

  const http_parts& parts_;
  boost::asio::io_context context_{1}; // for one thread
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      busy_{context_.get_executor()};
  std::shared_ptr<gate> gate_;
  std::unordered_map<std::uint64_t, std::shared_ptr<http_resident>> residents_;
  std::vector<char> scratch_;
  actors::answer_clock clock_;
  std::uint64_t serving_ = 0; ///< the connection whose handler runs; 0: none
  std::thread thread_;
};

} // namespace chancery::apps
