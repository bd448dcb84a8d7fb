// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api.hpp"

#include "apps/api/json_answer.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/request_check.hpp"
#include "apps/api/request_id.hpp"
#include "apps/api/request_work.hpp"
#include "apps/api/wrong_tokens.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <utility>

namespace chancery::apps {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::seconds unknown_token_delay{1};

/// One request between its arrival and its answer.
struct exchange {
  answered_request line;
  steady::time_point begin = steady::now();
  std::optional<std::string> origin; ///< that may read the answer
  bool by_origin = false; ///< whether the answer depends on the origin
};

} // namespace

class api::state : public std::enable_shared_from_this<api::state> {
 public:
  state(route_table routes, api_options options)
      : routes_(std::move(routes)), options_(std::move(options)),
        rules_(
            std::make_shared<const caller_rules>(std::move(options_.callers))),
        work_(std::make_shared<request_work>(options_.failed,
                                             options_.between_attempts)) {}

  http_admission admit(const http_request& head) {
    http_admission admission;
    if (is_preflight(head)) {
      admission.refusal = preflight(head);
      return admission;
    }
    try {
      auto checked = check_request(head, routes_, *rules(), stopping_);
      admission.body_max = checked.body_max;
      admission.serve = [this, checked = std::move(checked)](
                            http_request sent,
                            const http_responder& respond) mutable {
        serve(std::move(checked), std::move(sent), respond);
      };
    } catch (const problem& why) {
      admission.refusal = refused(&head, why);
      if (slowed(head, why))
        admission.delay = unknown_token_delay;
    }
    return admission;
  }

  void serve(checked_request checked, http_request sent,
             const http_responder& respond) {
    auto under_way = begin(sent);
    under_way.line.caller = checked.caller ? checked.caller->name : "";
    under_way.line.pattern = checked.wanted->pattern;
    api_request request{.http = std::move(sent),
                        .values = std::move(checked.values),
                        .id = under_way.line.id,
                        .type = std::move(checked.type),
                        .caller = std::move(checked.caller),
                        .open = checked.open};
    const auto answer = answering(std::move(under_way), respond);
    if (stopping_) // since its header was looked at
      return answer(to_response(stopping_problem(), request.id));
    const auto& wanted = *checked.wanted;
    if (const auto* goes_on = std::get_if<answered_by_stream>(&wanted.work))
      stream(*goes_on, std::move(request), answer);
    else
      work_->answer(wanted, std::move(request), answer);
  }

  /// Counts an unknown token; whether its refusal has to be slowed.
  bool slowed(const http_request& head, const problem& why) {
    if (why.kind().code != std::string_view("token_unknown"))
      return false;
    const bool slow =
        wrong_tokens_.to_be_slowed(head.peer.address, steady::now());
    wrong_tokens_.add(head.peer.address, steady::now());
    return slow;
  }

  http_response refuse(http_fault fault, const http_request* head) {
    return refused(head, to_problem(fault));
  }

  const route_table& routes() const noexcept { return routes_; }

  void set_tokens(std::shared_ptr<const token_book> tokens) {
    const std::scoped_lock lock(mutex_);
    auto changed = *rules_;
    changed.tokens = std::move(tokens);
    rules_ = std::make_shared<const caller_rules>(std::move(changed));
  }

  void wake() { work_->wake(); }

  void end_waits() { work_->end_waits(); }

  void stop() {
    stopping_ = true;
    work_->stop();
  }

 private:
  std::shared_ptr<const caller_rules> rules() const {
    const std::scoped_lock lock(mutex_);
    return rules_;
  }

  // CORS, as the Fetch standard has it: a browser asks before it sends.
  bool is_preflight(const http_request& head) const {
    return head.method == "OPTIONS" &&
           find_field(head.fields, "Access-Control-Request-Method") &&
           listed_origin(head, *rules());
  }

  http_response preflight(const http_request& head) const {
    auto under_way = begin(head);
    http_response response;
    response.status = 204;
    response.fields = {
        {"Access-Control-Allow-Methods", "GET, HEAD, POST"},
        {"Access-Control-Allow-Headers",
         "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, "
         "Request-Id"},
        {"Access-Control-Max-Age", "600"}};
    return finished(under_way, std::move(response));
  }

  exchange begin(const http_request& head) const {
    exchange e;
    e.line.id = request_id_of(head);
    e.line.method = known_method(head.method);
    const auto held = rules();
    e.origin = listed_origin(head, *held);
    e.by_origin = !held->origins.empty();
    return e;
  }

  static std::string known_method(const std::string& method) {
    return method == "GET" || method == "HEAD" || method == "POST" ||
                   method == "OPTIONS"
               ? method
               : "other";
  }

  http_response refused(const http_request* head, const problem& why) const {
    exchange e;
    std::string allow;
    if (head != nullptr) {
      e = begin(*head);
      auto match = routes_.find(head->method, head->target.segments);
      e.line.pattern = match.found == nullptr ? "" : match.found->pattern;
      allow = std::move(match.allow);
    } else {
      e.line.id = new_request_id();
      e.line.method = "other";
    }
    auto response = to_response(why, e.line.id);
    if (why.kind().status == 405)
      response.fields.push_back({"Allow", std::move(allow)});
    return finished(e, std::move(response));
  }

  /// Adds what every answer has, and logs.
  http_response finished(exchange& e, http_response response) const {
    response.fields.push_back({"Request-Id", e.line.id});
    response.fields.push_back({"X-Content-Type-Options", "nosniff"});
    if (e.origin) {
      response.fields.push_back({"Access-Control-Allow-Origin", *e.origin});
      response.fields.push_back({"Access-Control-Expose-Headers",
                                 "ETag, Idempotent-Replay, Link, Location, "
                                 "Request-Id, Retry-After"});
    }
    // Else a page of a listed origin could get from a cache what was answered
    // to one of ours, without these fields.
    if (e.by_origin)
      response.fields.push_back({"Vary", "Origin"});
    e.line.status = response.status;
    e.line.bytes = response.body.size();
    if (response.stream)
      response.stream->on_gone(
          [self = shared_from_this(), e](std::uint64_t octets) mutable {
            e.line.bytes += octets;
            e.line.stream = true;
            self->log(e);
          });
    else
      log(e);
    return response;
  }

  void log(exchange& e) const {
    e.line.seconds =
        std::chrono::duration<double>(steady::now() - e.begin).count();
    if (options_.log)
      options_.log(e.line);
  }

  http_responder answering(exchange under_way, const http_responder& respond) {
    const auto self = shared_from_this();
    const auto e = std::make_shared<exchange>(std::move(under_way));
    return {
        [self, e, respond](http_response response) {
          respond(self->finished(*e, std::move(response)));
        },
        [self, e, respond] {
          if (self->options_.failed)
            self->options_.failed(e->line.id, "nobody answered");
          respond(self->finished(
              *e, to_response({"internal", "the server failed"}, e->line.id)));
        }};
  }

  void stream(const answered_by_stream& wanted, api_request request,
              const http_responder& respond) {
    const auto held = std::make_shared<const api_request>(std::move(request));
    try {
      auto made = make_http_stream(wanted.unread_max);
      auto response = text_response("", wanted.type);
      response.stream = std::move(made.reader);
      if (held->http.method != "HEAD")
        wanted.begin(*held, std::move(made.owner),
                     [weak = weak_from_this(), held] {
                       const auto self = weak.lock();
                       return self && self->admits(held->http);
                     });
      respond(std::move(response));
    } catch (const problem& why) {
      respond(to_response(why, held->id));
    }
  }

  bool admits(const http_request& head) const {
    try {
      check_request(head, routes_, *rules(), stopping_);
      return true;
    } catch (const problem&) {
      return false;
    }
  }

  const route_table routes_;
  api_options options_;
  mutable std::mutex mutex_; ///< of rules_
  std::shared_ptr<const caller_rules> rules_;
  std::atomic<bool> stopping_{false};
  wrong_tokens wrong_tokens_;
  // What others call back may outlive this class.
  const std::shared_ptr<request_work> work_;
};

api::api(route_table routes, api_options options)
    : state_(std::make_shared<state>(std::move(routes), std::move(options))) {}

api::~api() { state_->stop(); }

http_handler api::handler() {
  state* s = state_.get();
  return {.admit = [s](const http_request& head) { return s->admit(head); },
          .refuse = [s](http_fault fault, const http_request* head,
                        const http_peer&) { return s->refuse(fault, head); }};
}

const route_table& api::routes() const noexcept { return state_->routes(); }

void api::set_tokens(std::shared_ptr<const token_book> tokens) {
  state_->set_tokens(std::move(tokens));
}

void api::wake() { state_->wake(); }

void api::end_waits() { state_->end_waits(); }

void api::stop() { state_->stop(); }

} // namespace chancery::apps
