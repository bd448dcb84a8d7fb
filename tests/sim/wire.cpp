// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <utility>

namespace chancery::tests {

namespace {

using std::chrono::milliseconds;

void run_arrived(wire_lane& lane) {
  while (!lane.arrived.empty()) {
    const auto f = std::move(lane.arrived.front());
    lane.arrived.pop_front();
    f();
  }
}

// State shared by both ends.
struct ends {
  std::shared_ptr<actors::gateway_actor> gateway;
  wire::clock now;
  wire::delay travel;
  std::function<void(milliseconds)> answered;
  wire::tamper spoil;
  std::shared_ptr<wire_lane> there;
  std::shared_ptr<wire_lane> back;
};

void post(const ends& e, wire_lane& lane, std::function<void()> f) {
  if (lane.cut)
    return;
  auto due = e.now() + e.travel();
  if (!lane.letters.empty())
    due = std::max(due, lane.letters.back().due); // one stream, in order
  lane.letters.push_back({due, std::move(f)});
}

using far_pointer = far_end_actor::pointer;
using near_pointer = near_end_actor::pointer;

far_end_actor::behavior_type far_end(far_pointer self,
                                     std::shared_ptr<wire_lane> there,
                                     std::shared_ptr<far_pointer> itself) {
  *itself = self;
  return {
      [there](actors::step_atom) { run_arrived(*there); },
  };
}

// Sends a question to the far end, which asks the gateway, and returns the
// answer.
template <class Answer, class Atom, class Question>
caf::typed_response_promise<Answer> ask(near_pointer self, const ends& e,
                                        std::shared_ptr<far_pointer> far,
                                        Atom atom, Question question) {
  auto promise = self->make_response_promise<Answer>();
  post(e, *e.there, [=]() mutable {
    (*far)
        ->request(*e.gateway, caf::infinite, atom, std::move(question))
        .then(
            [=](const Answer& answer) {
              const auto sent = e.now();
              post(e, *e.back, [=]() mutable {
                e.answered(e.now() - sent);
                promise.deliver(answer);
              });
            },
            [=](const caf::error& error) {
              post(e, *e.back, [=]() mutable { promise.deliver(error); });
            });
  });
  return promise;
}

near_end_actor::behavior_type near_end(near_pointer self, ends e,
                                       std::shared_ptr<far_pointer> far) {
  return {
      [=](actors::hello_atom a, const actors::hello& h) {
        return ask<actors::welcome>(self, e, far, a, h);
      },
      [=](actors::prove_atom a, const actors::challenge& c) {
        return ask<actors::challenge_answer>(self, e, far, a, c);
      },
      [=](actors::prove_atom a, const actors::proof& p) {
        return ask<actors::admitted>(self, e, far, a, p);
      },
      [=](actors::work_atom a, actors::work_request r) {
        e.spoil(r);
        return ask<actors::work_answer>(self, e, far, a, r);
      },
      [=](actors::renew_atom a, const actors::renew_request& r) {
        return ask<actors::grant>(self, e, far, a, r);
      },
      [=](actors::bye_atom a) {
        post(e, *e.there, [=] { (*far)->send(*e.gateway, a); });
      },
      [=](actors::step_atom) { run_arrived(*e.back); },
  };
}

} // namespace

wire::wire(sim_host& worker, sim_host& coordinator,
           actors::gateway_actor gateway, clock now, delay travel,
           std::function<void(milliseconds)> answered, tamper spoil)
    : gateway_(std::make_shared<actors::gateway_actor>(std::move(gateway))),
      now_(now), there_(std::make_shared<wire_lane>()),
      back_(std::make_shared<wire_lane>()) {
  const auto far = std::make_shared<far_pointer>(nullptr);
  far_ = coordinator.system().spawn(far_end, there_, far);
  near_ = worker.system().spawn(near_end,
                                ends{gateway_, std::move(now),
                                     std::move(travel), std::move(answered),
                                     std::move(spoil), there_, back_},
                                far);
}

wire::~wire() {
  tell_worker();
  tell_coordinator();
}

bool wire::deliver() {
  bool any = false;
  const auto hand_over = [&](wire_lane& lane, const auto& to) {
    while (!lane.letters.empty() && lane.letters.front().due <= now_()) {
      lane.arrived.push_back(std::move(lane.letters.front().deliver));
      lane.letters.pop_front();
      caf::anon_send(to, actors::step_atom_v);
      any = true;
    }
  };
  hand_over(*there_, far_);
  hand_over(*back_, near_);
  return any;
}

void wire::cut() {
  for (const auto& lane : {there_, back_}) {
    lane->cut = true;
    lane->letters.clear();
    lane->arrived.clear();
  }
}

void wire::tell_worker() {
  cut();
  if (std::exchange(worker_told_, true))
    return;
  caf::anon_send_exit(near_, caf::exit_reason::remote_link_unreachable);
  near_ = nullptr;
}

void wire::tell_coordinator() {
  cut();
  if (std::exchange(coordinator_told_, true))
    return;
  caf::anon_send_exit(*gateway_, caf::exit_reason::remote_link_unreachable);
  caf::anon_send_exit(far_, caf::exit_reason::kill);
  *gateway_ = nullptr;
  far_ = nullptr;
}

} // namespace chancery::tests
