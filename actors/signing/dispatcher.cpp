// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/dispatcher.hpp"

#include "actors/base/quiet.hpp"
#include "actors/signing/unit.hpp"
#include "crypto/keyring/lease.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace chancery::actors {

namespace {

/// How often it looks whether the disk has room again.
constexpr std::uint64_t room_interval_ms = 1'000;

// Ignores an incomplete item at the end.
std::vector<std::uint64_t> whole_fences(std::string_view bytes) {
  return decode_fences(bytes.substr(0, bytes.size() - bytes.size() % 8));
}

} // namespace

void dispatcher_state::start(dispatcher_config config,
                             record_writer_actor writer) {
  config_ = std::move(config);
  last_time_ms_ = config_.begins_ms;
  writer_ = std::move(writer);
  book_.emplace(config_.batch_size, config_.service,
                config_.defended.result_fences());
  parked_.emplace(config_.verify_share, config_.random);
}

caf::typed_response_promise<unit> dispatcher_state::next(std::string leases) {
  auto promise = self_->make_response_promise<unit>();
  if (failure_) {
    promise.deliver(failure_);
  } else if (waiting_.size() >= waiting_requests_max) {
    promise.deliver(make_fault(fault::busy, "too many signers are waiting"));
  } else if (auto usable = usable_leases(leases); usable.empty()) {
    promise.deliver(
        make_fault(fault::malformed, "none of the leases can be used"));
  } else {
    waiting_.push_back({std::move(leases), std::move(usable), promise});
    serve();
  }
  return promise;
}

std::vector<dispatcher_state::work_lease>
dispatcher_state::usable_leases(std::string_view leases) const {
  std::vector<work_lease> usable;
  try {
    const auto set = crypto::decode_leases(leases);
    usable.reserve(set.leases.size());
    for (const auto& lease : set.leases)
      if (book_->usable(lease.fence))
        usable.push_back({lease.fence, lease.key});
  } catch (const std::invalid_argument&) {
    usable.clear();
  }
  return usable;
}

void dispatcher_state::drop(const std::string& fences) {
  const auto ended = whole_fences(fences);
  for (const auto fence : ended)
    book_->drop(fence);
  forget_waiting(ended);
  serve();
}

void dispatcher_state::release(const std::string& fences) {
  const auto held = book_->held();
  const auto ended = whole_fences(fences);
  for (const auto fence : ended)
    book_->release(fence);
  forget_waiting(ended);
  if (book_->held() < held)
    serve();
}

// A request gets no work under a lease that ended while it waited.
void dispatcher_state::forget_waiting(
    const std::vector<std::uint64_t>& fences) {
  if (waiting_.empty())
    return;
  const std::set<std::uint64_t> ended(fences.begin(), fences.end());
  std::erase_if(waiting_, [&ended](waiting_request& request) {
    std::erase_if(request.leases, [&ended](const work_lease& lease) {
      return ended.contains(lease.fence);
    });
    if (!request.leases.empty())
      return false;
    request.promise.deliver(
        make_fault(fault::malformed, "these leases have ended"));
    return true;
  });
}

caf::typed_response_promise<std::uint32_t>
dispatcher_state::ready(std::uint32_t most, std::uint32_t wait_ms) {
  auto promise = self_->make_response_promise<std::uint32_t>();
  if (failure_) {
    promise.deliver(failure_);
  } else if (asking_.size() >= waiting_requests_max) {
    promise.deliver(make_fault(fault::busy, "too many signers are waiting"));
  } else {
    const milliseconds wait{wait_ms};
    asking_.push_back({most,
                       wait_ms == 0 ? caf::actor_clock::time_point::max()
                                    : self_->clock().now() + wait,
                       promise});
    serve();
    if (wait_ms > 0 && !asking_.empty()) // it may still wait
      self_->delayed_send(self_, wait, look_atom_v);
  }
  return promise;
}

void dispatcher_state::look() {
  if (look_at_ms_ <= batch_time())
    look_at_ms_ = 0;
  serve();
}

void dispatcher_state::drain() {
  draining_ = true;
  serve();
}

caf::typed_response_promise<std::uint64_t> dispatcher_state::finish() {
  auto promise = self_->make_response_promise<std::uint64_t>();
  finishing_.push_back(promise);
  serve();
  return promise;
}

// Ends a pass as a request for work would: there may be nobody left who sends
// one.
void dispatcher_state::approach_end() {
  if (failure_)
    return;
  try {
    at_end_ = false;
    if (!nothing_out())
      hurry();
    else if (!draining_ && !config_.service)
      at_end_ = !book_->more(config_.store->read()) && end_pass();
  } catch (...) {
    fail(make_fault(fault::internal, caught_sentence()));
    answer_waiting();
  }
}

caf::result<bool> dispatcher_state::over() const {
  if (failure_)
    return failure_;
  return nothing_out() && (draining_ || at_end_);
}

bool dispatcher_state::nothing_out() const {
  return book_->held() == 0 && uncommitted_ == 0;
}

void dispatcher_state::serve() {
  try {
    hand_out();
    if (config_.service)
      answer_asking();
  } catch (...) {
    fail(make_fault(fault::internal, caught_sentence()));
  }
  answer_waiting();
}

bool dispatcher_state::may_hand_out() const {
  return !failure_ && !draining_ && uncommitted_ < uncommitted_records_max;
}

// Hands out work, first come, first served, while there is some; then checks
// whether the run is over.
void dispatcher_state::hand_out() {
  while (may_hand_out() && !waiting_.empty()) {
    auto work = make_unit(waiting_.front());
    if (work.batches.empty() && !config_.service) {
      hurry();
      if (!nothing_out() || end_pass())
        break;
      continue; // another pass has begun
    }
    auto promise = waiting_.front().promise;
    waiting_.pop_front();
    promise.deliver(std::move(work));
  }
}

// Answers the signers that ask whether there is work, first come, first served.
// Nothing is kept for them: another may be faster, and they ask again.
void dispatcher_state::answer_asking() {
  const auto now = self_->clock().now();
  std::erase_if(asking_, [now](asking_signer& signer) {
    if (now < signer.until)
      return false;
    signer.promise.deliver(std::uint32_t{0});
    return true;
  });
  if (asking_.empty() || !may_hand_out())
    return;
  const auto time = batch_time();
  if (config_.has_room && !config_.has_room()) {
    look_again(time, time + room_interval_ms);
    return;
  }
  if (nothing_out())
    end_pass();
  const auto view = config_.store->read();
  answer_asking(book_->due_count(view, time, waiting_requests_max));
  if (const auto due = book_->due_ms(view); due && *due > time)
    look_again(time, *due);
}

void dispatcher_state::answer_asking(std::uint32_t batches) {
  while (batches > 0 && !asking_.empty()) {
    auto signer = std::move(asking_.front());
    asking_.pop_front();
    const auto its = std::min(batches, std::max(signer.most, 1u));
    batches -= its;
    signer.promise.deliver(its);
  }
}

void dispatcher_state::look_again(std::uint64_t now_ms, std::uint64_t at_ms) {
  if (look_at_ms_ != 0 && look_at_ms_ <= at_ms)
    return;
  look_at_ms_ = at_ms;
  self_->delayed_send(self_, milliseconds{at_ms - now_ms}, look_atom_v);
}

// At the end everyone only waits for the last commit, so it is made at once.
void dispatcher_state::hurry() {
  if (book_->held() == 0 && parked_->empty() && uncommitted_ > 0)
    self_->send(writer_, commit_atom_v);
}

// Records whose batch conflicted with a stored one get another pass, as long as
// each pass stores something. True after the last pass.
bool dispatcher_state::end_pass() {
  if (std::exchange(conflicts_in_pass_, 0) == 0)
    return true;
  if (std::exchange(stored_in_pass_, 0) == 0) {
    fail(make_fault(fault::stuck, "some records have a signature that belongs "
                                  "to no batch: run `chancery audit`"));
    return true;
  }
  book_->rewind();
  return false;
}

unit dispatcher_state::make_unit(const waiting_request& request) {
  unit work;
  work.leases = request.bytes;
  work.batches.reserve(request.leases.size() * unit_batch::wire_size);
  const auto view = config_.store->read();
  const auto time = batch_time();
  work.time_ms = time;
  if (config_.ends_ms && time >= *config_.ends_ms) {
    draining_ = true;
    return work;
  }
  std::uint32_t records = 0;
  for (const auto& lease : request.leases) {
    if (records >= unit_records_max)
      break;
    const auto range = book_->take(view, lease.fence, lease.key, time);
    if (!range)
      break;
    encode(unit_batch{lease.fence, range->first, range->count}, work.batches);
    records += range->count;
  }
  return work;
}

std::uint64_t dispatcher_state::batch_time() {
  last_time_ms_ = std::max(last_time_ms_, config_.wall_clock_ms());
  return last_time_ms_;
}

// Answers everyone who waits once nothing is outstanding and nothing is left.
// While the run drains, signers are answered at once, and finish requests at
// the end.
void dispatcher_state::answer_waiting() {
  if (failure_) {
    for (auto& request : waiting_)
      request.promise.deliver(failure_);
    for (auto& signer : asking_)
      signer.promise.deliver(failure_);
    for (auto& promise : finishing_)
      promise.deliver(failure_);
    for (auto& [ticket, promise] : verdicts_)
      promise.deliver(failure_);
    waiting_.clear();
    asking_.clear();
    finishing_.clear();
    verdicts_.clear();
    return;
  }
  const bool over = nothing_out();
  if (draining_) {
    for (auto& signer : asking_)
      signer.promise.deliver(std::uint32_t{0});
    asking_.clear();
  }
  if (draining_ || over) {
    for (auto& request : waiting_)
      request.promise.deliver(unit{std::move(request.bytes), {}, 0});
    waiting_.clear();
  }
  if (over) {
    for (auto& promise : finishing_)
      promise.deliver(stored_);
    finishing_.clear();
  }
}

void dispatcher_state::fail(caf::error reason) {
  if (!failure_)
    failure_ = std::move(reason);
}

dispatcher_actor::behavior_type dispatcher(dispatcher_state::pointer self,
                                           dispatcher_config config,
                                           record_writer_actor writer) {
  keep_quiet(self);
  self->state.start(std::move(config), std::move(writer));
  return {
      [self](ready_atom, std::uint32_t most, std::uint32_t wait_ms) {
        return self->state.ready(most, wait_ms);
      },
      [self](look_atom) { self->state.look(); },
      [self](next_atom, std::string& leases) {
        return self->state.next(std::move(leases));
      },
      [self](hand_in_atom, unit_result& result) {
        self->state.hand_in(std::move(result));
      },
      [self](hand_in_atom, remote_result& result) {
        return self->state.hand_in(std::move(result));
      },
      [self](drop_atom, const std::string& fences) {
        self->state.drop(fences);
      },
      [self](release_atom, const std::string& fences) {
        self->state.release(fences);
      },
      [self](drain_atom) { self->state.drain(); },
      [self](over_atom) {
        self->state.approach_end();
        return self->state.over();
      },
      [self](finish_atom) { return self->state.finish(); },
  };
}

} // namespace chancery::actors
