// SPDX-License-Identifier: Apache-2.0
#pragma once

// Does what a route has to do for a request: at once, in the pool, once what
// the request waits for is there, or once another part of the program has
// stored something. Each request is answered once, exceptions included. Any
// thread.
//
// Held by a shared pointer: what another part of the program calls back keeps
// it.

#include "apps/api/route_table.hpp"
#include "apps/api/wait_list.hpp"
#include "apps/api/work_pool.hpp"
#include "apps/http/http_message.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace chancery::apps {

class request_work : public std::enable_shared_from_this<request_work> {
 public:
  /// `failed` and `between_attempts` are those of api_options.
  request_work(
      std::function<void(const std::string& id, const std::string& why)> failed,
      std::chrono::milliseconds between_attempts);

  /// The route is not planned, and lives as long as the request is not
  /// answered.
  void answer(const route& wanted, api_request request,
              const http_responder& respond);

  /// What requests wait for may have come.
  void wake() { waits_.wake(); }

  /// No request waits from now on for something to come.
  void end_waits() { waits_.end(); }

  /// What waits in the pool is dropped. One thread at a time, and none of the
  /// pool's or the list's.
  void stop();

 private:
  using held_request = std::shared_ptr<const api_request>;
  using clock = wait_list::clock;

  void wait_for(const answered_when_there& there, const held_request& request,
                const http_responder& respond);
  std::optional<http_response> tried(const answered_when_there& there,
                                     const api_request& request, bool last);

  void store(const answered_once_stored& stored, const held_request& request,
             const http_responder& respond);
  /// `id`: of the request, whose body is not needed any longer. `until`: how
  /// long it may wait; unset: not at all.
  void answer_stored(const std::string& id, const http_responder& respond,
                     const std::shared_ptr<const stored_answer>& owed,
                     std::optional<clock::time_point> until);

  void in_pool(const api_request& request, const http_responder& respond,
               std::function<void()> work);
  /// Of work that was let in; once the pool has stopped, on this thread.
  void rest_in_pool(const std::function<void()>& work);

  /// What `work` returns, or the answer to its exception.
  http_response made(const std::function<http_response()>& work,
                     const std::string& id) const;
  http_response made(const answered_now& work,
                     const api_request& request) const;
  /// The answer to the exception that is being handled.
  http_response thrown(const std::string& id) const;

  std::function<void(const std::string& id, const std::string& why)> failed_;
  work_pool pool_;
  wait_list waits_; // its thread uses what stands above
};

} // namespace chancery::apps
