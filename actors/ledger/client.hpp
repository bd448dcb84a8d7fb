// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger client as an actor: it registers, sends messages at a steady rate,
// and checks each receipt. At most one message is unconfirmed; messages that
// become due meanwhile wait and then follow at once. The unconfirmed message is
// resent after a timeout, when the node is busy, and when an earlier run of
// this client left it unconfirmed. Due times count from the first message's
// time, so the pace does not drift.

#include "actors/ledger/client_session.hpp"
#include "actors/ledger/ledger_messages.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace chancery::actors {

struct ledger_progress;

struct client_config {
  std::shared_ptr<client_session> session;
  std::uint64_t messages = 0;           ///< to send in total
  std::chrono::nanoseconds interval{0}; ///< between two; 0: no pause
  std::chrono::nanoseconds first_after{0};
  std::chrono::milliseconds answer_timeout{10'000};
  std::chrono::milliseconds busy_pause{50};
  std::size_t body_size = 64;
  std::function<std::uint64_t()> wall_clock_ms;
  ledger_progress* progress = nullptr;
  /// Signs, encrypts and checks; unset: the client does it itself, which is
  /// faster for one.
  client_sealer_actor sealer{};
  /// For tests: called with each verified receipt and its JWS.
  std::function<void(const crypto::receipt&, const std::string&)> observe{};
};

class client_state {
 public:
  using pointer = client_actor::stateful_pointer<client_state>;
  static inline const char* name = "client";

  explicit client_state(pointer self) : self_(self) {}

  void start(client_config config, node_actor node);
  caf::typed_response_promise<client_report> run();
  void tick();
  void again();
  void drain();

 private:
  using time_point = caf::actor_clock::time_point;

  void enroll();
  void enrolled();
  void schedule_tick();
  void send_next();
  void send_left_over();
  void send(std::string jwe);
  void submit(std::string text);
  void confirmed(const acknowledgement& ack);
  void accepted(const crypto::receipt& receipt, const std::string& compact);
  void refused(const caf::error& e);
  void done_if_done();
  void fail(std::string why);
  std::string next_body() const;

  pointer self_;
  client_config config_;
  node_actor node_;
  client_report report_;
  caf::typed_response_promise<client_report> answer_;
  time_point begin_{};
  time_point sent_at_{};
  std::uint64_t due_ = 0; ///< messages due so far
  bool waiting_ = false;  ///< for an answer
  bool registered_ = false;
  bool over_ = false;
};

client_actor::behavior_type client(client_state::pointer self,
                                   client_config config, node_actor node);

} // namespace chancery::actors
