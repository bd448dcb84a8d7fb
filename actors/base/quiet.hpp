// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every actor of chancery sets first. CAF's own handlers print whatever
// they do not expect to stdout, text of peers included, as often as it comes.
// These drop it without a word: a request gets an error, an actor that throws
// ends with the exception's sentence as its reason, which reaches whoever
// monitors it. For function-based and class-based actors, on their own thread.

#include "actors/base/messages.hpp"

#include <caf/exit_reason.hpp>
#include <caf/scheduled_actor.hpp>

#include <exception>
#include <utility>

namespace chancery::actors {

/// `last` is called with the reason before the actor ends because of an exit
/// message or an exception: it answers what is still open. (Nothing is called
/// before exit_reason::kill.)
template <class Self, class Last>
void keep_quiet(Self* self, Last last) {
  self->set_default_handler(caf::drop);
  self->set_down_handler([](caf::down_msg&) {});
  self->set_exit_handler([self, last](caf::exit_msg& e) {
    if (!e.reason)
      return;
    last(e.reason);
    self->quit(std::move(e.reason));
  });
  self->set_exception_handler([last](std::exception_ptr& e) -> caf::error {
    auto reason = make_fault(fault::internal, sentence_of(e));
    last(reason);
    return reason;
  });
}

template <class Self>
void keep_quiet(Self* self) {
  keep_quiet(self, [](const caf::error&) {});
}

} // namespace chancery::actors
