// SPDX-License-Identifier: Apache-2.0
#include "apps/api/request_work.hpp"

#include "apps/api/parameters.hpp"
#include "apps/api/problem.hpp"
#include "storage/errors.hpp"

#include <utility>
#include <variant>

namespace chancery::apps {

namespace {

constexpr std::size_t pool_threads = 2;
constexpr std::size_t pool_waiting_max = 256;
constexpr std::size_t waits_max = 512;
/// Of a body that is taken apart on an I/O thread.
constexpr std::size_t small_body_max = std::size_t{16} << 10;

void refuse_as_busy(const api_request& request, const http_responder& respond) {
  respond(to_response({"busy", "too many requests wait"}, request.id));
}

bool is_there(const stored_answer& owed) {
  try {
    return owed.there();
  } catch (const std::exception&) {
    return false; // such as too many readers: looked at again
  }
}

} // namespace

request_work::request_work(
    std::function<void(const std::string&, const std::string&)> failed,
    std::chrono::milliseconds between_attempts)
    : failed_(std::move(failed)), pool_(pool_threads, pool_waiting_max),
      waits_(waits_max, between_attempts) {}

void request_work::stop() {
  pool_.stop();
  waits_.stop();
}

void request_work::answer(const route& wanted, api_request request,
                          const http_responder& respond) {
  if (const auto* now = std::get_if<answered_now>(&wanted.work))
    return respond(made(*now, request));
  const auto held = std::make_shared<const api_request>(std::move(request));
  try {
    if (const auto* later = std::get_if<answered_later>(&wanted.work))
      return (*later)(*held, respond);
    if (const auto* there = std::get_if<answered_when_there>(&wanted.work))
      return wait_for(*there, held, respond);
    if (const auto* stored = std::get_if<answered_once_stored>(&wanted.work))
      return store(*stored, held, respond);
  } catch (...) {
    return respond(thrown(held->id));
  }
  const auto& slowly = std::get<answered_slowly>(wanted.work).work;
  in_pool(*held, respond,
          [this, &slowly, held, respond] { respond(made(slowly, *held)); });
}

void request_work::wait_for(const answered_when_there& there,
                            const held_request& request,
                            const http_responder& respond) {
  const auto wait = wait_parameter(*request);
  const auto until = clock::now() + wait;
  const auto attempt = [this, &there, request, respond](bool last) {
    auto response = tried(there, *request, last);
    const bool answered = response.has_value();
    if (answered)
      respond(*std::move(response));
    return answered;
  };
  const auto begin = [this, attempt, request, respond, until,
                      at_once = wait.count() == 0] {
    const auto wakes = waits_.wakes();
    if (!attempt(at_once) && !waits_.add(until, wakes, attempt))
      refuse_as_busy(*request, respond);
  };
  if (there.slowly)
    in_pool(*request, respond, begin);
  else
    begin();
}

std::optional<http_response>
request_work::tried(const answered_when_there& there,
                    const api_request& request, bool last) {
  bool there_yet = true;
  auto response = made(
      [&] {
        auto work = there.work(request, last);
        there_yet = work.has_value();
        return work ? *std::move(work) : http_response{};
      },
      request.id);
  return there_yet ? std::optional(std::move(response)) : std::nullopt;
}

void request_work::store(const answered_once_stored& stored,
                         const held_request& request,
                         const http_responder& respond) {
  const auto wait = wait_parameter(*request);
  const auto until =
      wait.count() == 0 ? std::nullopt : std::optional(clock::now() + wait);
  const auto then = [self = shared_from_this(), id = request->id, respond,
                     until](stored_answer a) {
    const auto owed = std::make_shared<const stored_answer>(std::move(a));
    self->rest_in_pool([self, id, respond, owed, until] {
      self->answer_stored(id, respond, owed, until);
    });
  };
  const auto begin = [this, &stored, request, respond, then] {
    try {
      stored.begin(*request, then);
    } catch (...) {
      respond(thrown(request->id));
    }
  };
  if (request->http.body.size() > small_body_max)
    in_pool(*request, respond, begin);
  else
    begin();
}

void request_work::answer_stored(
    const std::string& id, const http_responder& respond,
    const std::shared_ptr<const stored_answer>& owed,
    std::optional<clock::time_point> until) {
  const auto make = [this, id, respond, owed] {
    respond(made([&] { return owed->make(); }, id));
  };
  const auto attempt = [this, owed, make](bool last) {
    if (!last && !is_there(*owed))
      return false;
    rest_in_pool(make); // the list's thread has others to look after
    return true;
  };
  const auto wakes = waits_.wakes();
  if (!until || is_there(*owed) || !waits_.add(*until, wakes, attempt))
    make();
}

void request_work::in_pool(const api_request& request,
                           const http_responder& respond,
                           std::function<void()> work) {
  if (!pool_.add(std::move(work)))
    refuse_as_busy(request, respond);
}

void request_work::rest_in_pool(const std::function<void()>& work) {
  if (!pool_.add_rest(work))
    work();
}

http_response request_work::made(const std::function<http_response()>& work,
                                 const std::string& id) const {
  try {
    return work();
  } catch (...) {
    return thrown(id);
  }
}

http_response request_work::made(const answered_now& work,
                                 const api_request& request) const {
  return made([&] { return work(request); }, request.id);
}

http_response request_work::thrown(const std::string& id) const {
  try {
    throw;
  } catch (const problem& why) {
    return to_response(why, id);
  } catch (const storage::busy&) {
    return to_response({"busy", "too many others read the database"}, id);
  } catch (const std::exception& e) {
    if (failed_)
      failed_(id, e.what());
    return to_response({"internal", "the server failed"}, id);
  }
}

} // namespace chancery::apps
