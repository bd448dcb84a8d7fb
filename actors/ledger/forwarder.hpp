// SPDX-License-Identifier: Apache-2.0
#pragma once

// Forwards requests to another actor as requests of the owning actor, so that
// neither side gets a handle to the other. Requests under way, and requests
// that wait here, are limited in number and in bytes; above both limits the
// answer is the refusal `busy`. Every requester gets exactly one answer, at the
// latest from fail_all. The owner calls it when the other side is lost and when
// it ends itself: otherwise requests to a lost host, or to an actor that died
// while it handled them, would wait for their timeout.
//
// Part of an actor's state: use it on the actor's thread only, and keep it as
// long as the actor handles messages.

#include "actors/ledger/ledger_messages.hpp"

#include <caf/duration.hpp>
#include <caf/typed_response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace chancery::actors {

struct forward_limits {
  std::size_t requests = 0;
  std::size_t bytes = 0;
};

struct forwarder_options {
  forward_limits under_way{256, std::size_t{16} << 20};
  forward_limits waiting{}; ///< default: none may wait
  caf::duration timeout = caf::infinite;
  /// Maps an error of the other side to the requester's answer.
  std::function<caf::error(const caf::error&)> translate;
};

template <class Self>
class forwarder {
 public:
  forwarder(Self* self, forwarder_options options)
      : self_(self), options_(std::move(options)) {}

  template <class Answer, class Handle, class... Ts>
  caf::typed_response_promise<Answer> forward(const Handle& to, Ts... xs) {
    auto answer = self_->template make_response_promise<Answer>();
    const auto bytes = (std::size_t{0} + ... + size_of(xs));
    const bool at_once =
        queue_.empty() && has_room(under_way_, options_.under_way, bytes);
    if (!at_once && !has_room(waiting_, options_.waiting, bytes)) {
      answer.deliver(
          make_refusal(crypto::refusal::busy,
                       "too many requests are queued: ask again later"));
      return answer;
    }
    const auto number = ++last_;
    auto& entry = open_[number];
    entry.bytes = bytes;
    entry.fail = [answer](const caf::error& e) mutable { answer.deliver(e); };
    entry.send = [this, number, answer, to, ... xs = std::move(xs)]() mutable {
      self_->request(to, options_.timeout, std::move(xs)...)
          .then(
              [this, number, answer](Answer& value) mutable {
                if (close(number))
                  answer.deliver(std::move(value));
              },
              [this, number, answer](const caf::error& e) mutable {
                if (close(number))
                  answer.deliver(options_.translate(e));
              });
    };
    add(waiting_, bytes);
    queue_.push_back(number);
    send_waiting();
    return answer;
  }

  /// Answers every open request with this error.
  void fail_all(const caf::error& e) {
    auto open = std::exchange(open_, {});
    queue_.clear();
    under_way_ = {};
    waiting_ = {};
    for (auto& [number, entry] : open)
      entry.fail(e);
  }

 private:
  struct open_request {
    std::size_t bytes = 0;
    std::function<void()> send; ///< empty once it is under way
    std::function<void(const caf::error&)> fail;
  };

  static std::size_t size_of(const std::string& text) { return text.size(); }
  template <class T>
  static std::size_t size_of(const T&) {
    return sizeof(T);
  }

  static bool has_room(const forward_limits& used, const forward_limits& max,
                       std::size_t bytes) {
    return used.requests < max.requests && bytes <= max.bytes &&
           used.bytes <= max.bytes - bytes;
  }

  static void add(forward_limits& used, std::size_t bytes) {
    ++used.requests;
    used.bytes += bytes;
  }

  static void take(forward_limits& used, std::size_t bytes) {
    --used.requests;
    used.bytes -= bytes;
  }

  /// False when fail_all already answered it.
  bool close(std::uint64_t number) {
    const auto entry = open_.extract(number);
    if (!entry)
      return false;
    take(under_way_, entry.mapped().bytes);
    send_waiting();
    return true;
  }

  void send_waiting() {
    while (!queue_.empty()) {
      auto& entry = open_.at(queue_.front());
      if (!has_room(under_way_, options_.under_way, entry.bytes))
        return;
      queue_.pop_front();
      take(waiting_, entry.bytes);
      add(under_way_, entry.bytes);
      std::exchange(entry.send, nullptr)();
    }
  }

  Self* self_;
  forwarder_options options_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, open_request> open_;
  std::deque<std::uint64_t> queue_; ///< waiting requests, oldest first
  forward_limits under_way_;
  forward_limits waiting_;
};

/// The handlers of node_actor's interface, in its order, for a state that
/// forwards each question with state.template ask<Answer>(question...).
template <class State>
auto forwarding_handlers(State* state) {
  return std::make_tuple(
      [state](submit_atom a, std::string& text) {
        return state->template ask<acknowledgement>(a, std::move(text));
      },
      [state](count_atom a) { return state->template ask<std::uint64_t>(a); },
      [state](block_atom a, std::uint64_t index) {
        return state->template ask<block_answer>(a, index);
      },
      [state](block_atom a, std::string& hash) {
        return state->template ask<block_answer>(a, std::move(hash));
      },
      [state](head_atom a) { return state->template ask<block_answer>(a); },
      [state](previous_atom a, std::string& hash) {
        return state->template ask<block_answer>(a, std::move(hash));
      },
      [state](message_atom a, std::uint64_t index) {
        return state->template ask<message_answer>(a, index);
      },
      [state](proof_atom a, std::uint64_t index) {
        return state->template ask<proof_answer>(a, index);
      },
      [state](keys_atom a) { return state->template ask<std::string>(a); });
}

} // namespace chancery::actors
