// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/keyring.hpp"

#include "actors/base/quiet.hpp"
#include "actors/signing/unit.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

namespace chancery::actors {

namespace {

crypto::random_id instance_of(const borrow_request& request) {
  crypto::random_id id{};
  if (request.instance.size() != id.size())
    throw std::invalid_argument("a vault's instance id must have 16 bytes");
  std::ranges::copy(request.instance, id.begin());
  return id;
}

} // namespace

void keyring_state::start(keyring_config config, record_writer_actor writer,
                          dispatcher_actor dispatcher) {
  config_ = std::move(config);
  writer_ = std::move(writer);
  dispatcher_ = std::move(dispatcher);
  book_.emplace(config_.epoch.epoch, config_.epoch.key_order,
                config_.defended.return_fences());
  config_.progress->keys = config_.epoch.key_order.size();
  lending_ = config_.quarantine.count() == 0;
  if (!lending_)
    self_->delayed_send(self_, config_.quarantine, lend_atom_v);
}

caf::typed_response_promise<grant>
keyring_state::borrow(borrow_request request) {
  return queue<grant>(std::move(request));
}

caf::typed_response_promise<unit> keyring_state::fetch(borrow_request request) {
  return queue<unit>(std::move(request));
}

template <class Answer>
caf::typed_response_promise<Answer>
keyring_state::queue(borrow_request request) {
  // The promise takes over the sender, so read it first.
  const auto sender = self_->current_sender();
  auto promise = self_->make_response_promise<Answer>();
  take_back(request.returned);
  if (closing_ || (draining_ && !request.remote)) {
    promise.deliver(make_fault(fault::closing, "the epoch is being closed"));
  } else if (waiting_.size() >= waiting_borrowers_max) {
    promise.deliver(make_fault(fault::busy, "too many borrowers are waiting"));
  } else if (request.count == 0 || request.instance.size() != 16) {
    promise.deliver(make_fault(fault::malformed, "malformed request for keys"));
  } else {
    const auto holder = sender ? sender->id() : caf::invalid_actor_id;
    const bool watch =
        !request.remote || !config_.defended.remote_leases_stay();
    if (watch && sender && watched_.insert(holder).second)
      self_->monitor(caf::actor_cast<caf::actor>(sender));
    const milliseconds wait{request.wait_ms};
    waiting_.push_back({holder, std::move(request), promise,
                        std::is_same_v<Answer, unit>,
                        wait.count() > 0 ? now() + wait : wait});
    serve();
    if (wait.count() > 0 && !waiting_.empty()) // if it still waits, it is last
      self_->delayed_send(self_, wait, expire_atom_v);
    return promise;
  }
  serve();
  return promise;
}

grant keyring_state::renew(const renew_request& request) {
  auto set = crypto::decode_leases(request.leases);
  // Only leases as they were lent get a new token: their holder may not choose
  // another vault or a longer time to live.
  if (closing_ || !config_.authority->check(set))
    return {};
  std::erase_if(set.leases, [this](const crypto::lease& lease) {
    if (const auto* old = book_->too_old(lease.fence, now()))
      pause(*old);
    return !book_->renew(lease.key, lease.fence, now());
  });
  if (set.leases.empty())
    return {};
  set.nonce = request.nonce;
  config_.authority->sign(set);
  self_->delayed_send(self_, lender_wait(set.ttl_ms), expire_atom_v);
  return {crypto::encode(set)};
}

// Long enough for the lease to end, and for others to take over its range. The
// leases of one unit are late together.
void keyring_state::pause(const lease_terms& kept) {
  auto& late = late_[kept.borrower];
  if (now() < late.paused_until)
    return;
  ++late.times;
  late.paused_until = now() + 2 * lender_wait(kept.ttl_ms);
}

bool keyring_state::is_paused(const borrow_request& request) const {
  const auto late = late_.find(request.borrower);
  return request.remote && late != late_.end() &&
         now() < late->second.paused_until;
}

milliseconds keyring_state::life_for(const borrow_request& request) const {
  if (!config_.defended.lease_lives())
    return milliseconds{0};
  const auto late = late_.find(request.borrower);
  const auto times = late == late_.end() ? 0 : late->second.times;
  return milliseconds{std::uint64_t{request.life_ms}
                      << std::min(times, life_doublings_max)};
}

void keyring_state::give_back(const std::string& leases) {
  take_back(leases);
  serve();
}

void keyring_state::take_back(const std::string& leases) {
  const bool scheduled = !releases_.empty();
  try {
    const auto set = crypto::decode_leases(leases);
    storage::leases_returned back;
    back.fences.reserve(set.leases.size());
    for (const auto& lease : set.leases) {
      if (book_->give_back(lease.key, lease.fence)) {
        back.fences.push_back(lease.fence);
        append_integer(lease.fence, releases_);
      } else {
        ++config_.progress->late_returns;
      }
    }
    if (!back.fences.empty())
      record(storage::event_of(std::move(back)));
  } catch (const std::invalid_argument&) {
    ++config_.progress->late_returns; // malformed: returns nothing
  }
  if (!scheduled && !releases_.empty())
    self_->delayed_send(self_, release_interval, expire_atom_v);
}

void keyring_state::send_releases() {
  if (!releases_.empty())
    self_->send(dispatcher_, release_atom_v, std::exchange(releases_, {}));
}

void keyring_state::expire() {
  send_releases();
  lose(book_->end_expired(now()));
  serve();
  end_waits();
}

// A borrower on another host must be answered in time: it treats a missing
// answer as a lost connection.
void keyring_state::end_waits() {
  std::erase_if(waiting_, [this](waiting_borrower& borrower) {
    if (borrower.until.count() == 0 || now() < borrower.until)
      return false;
    borrower.promise.deliver(grant{});
    return true;
  });
}

void keyring_state::lend() {
  lending_ = true;
  serve();
}

// Other hosts' borrowers wait for a limited time as it is.
void keyring_state::drain() {
  draining_ = true;
  std::erase_if(waiting_, [](waiting_borrower& borrower) {
    if (borrower.request.remote)
      return false;
    borrower.promise.deliver(
        make_fault(fault::closing, "the epoch is being closed"));
    return true;
  });
}

caf::typed_response_promise<std::uint64_t> keyring_state::close() {
  auto promise = self_->make_response_promise<std::uint64_t>();
  if (closing_) {
    promise.deliver(make_fault(fault::closing, "the epoch is closed already"));
    return promise;
  }
  for (auto& borrower : waiting_)
    borrower.promise.deliver(
        make_fault(fault::closing, "the epoch is being closed"));
  waiting_.clear();
  // An epoch that ends within its quarantine, or while other hosts hold keys,
  // is not closed: the next one must wait as long as this one.
  if (lending_ && !book_->next_expiry())
    record(storage::epoch_closed{config_.epoch.epoch, config_.wall_clock_ms()});
  send_events();
  closing_ = true;
  const auto out = std::uint64_t{book_->out()};
  self_->request(writer_, caf::infinite, sync_atom_v)
      .then(
          [promise, out](std::uint64_t) mutable { promise.deliver(out); },
          [promise](caf::error& e) mutable { promise.deliver(std::move(e)); });
  return promise;
}

void keyring_state::holder_ended(caf::actor_id holder) {
  watched_.erase(holder);
  std::erase_if(waiting_, [holder](const waiting_borrower& borrower) {
    return borrower.holder == holder && !borrower.request.remote;
  });
  lose(book_->end_holder(holder, !config_.defended.remote_leases_stay()));
  serve();
}

milliseconds keyring_state::now() const {
  return std::chrono::duration_cast<milliseconds>(
      self_->clock().now().time_since_epoch());
}

// Lends first come, first served, while there are idle keys. All events so far
// are sent to the writer.
void keyring_state::serve() {
  while (lending_ && !closing_ && book_->idle() > 0) {
    const auto next = std::ranges::find_if(
        waiting_, [this](const auto& w) { return !is_paused(w.request); });
    if (next == waiting_.end())
      break;
    auto borrower = std::move(*next);
    waiting_.erase(next);
    try {
      lend_to(borrower);
    } catch (...) {
      borrower.promise.deliver(make_fault(fault::internal, caught_sentence()));
    }
  }
  if (config_.defended.journal_first())
    send_events();
  count_keys_out();
}

void keyring_state::lend_to(waiting_borrower& borrower) {
  const auto& request = borrower.request;
  const auto ttl_ms =
      request.remote ? std::min(request.ttl_ms, config_.epoch.ttl_ms_max) : 0;
  crypto::lease_set set;
  set.remote = request.remote;
  set.purpose = config_.purpose;
  set.ttl_ms = ttl_ms;
  set.instance = instance_of(request);
  set.nonce = request.nonce;
  const auto lent = book_->lend(
      std::min(request.count, keys_per_borrow_max),
      {borrower.holder, request.remote, ttl_ms, now(),
       request.remote ? life_for(request) : milliseconds{0}, request.borrower});
  set.leases.reserve(lent.size());
  for (const auto& [fence, key] : lent)
    set.leases.push_back({key, fence});
  config_.authority->sign(set);
  record_lent(set, request.borrower);
  config_.progress->leases += lent.size();
  if (config_.defended.journal_first())
    send_events();
  if (borrower.fetches)
    borrower.promise.delegate(dispatcher_, next_atom_v, crypto::encode(set));
  else
    borrower.promise.deliver(grant{crypto::encode(set)});
  if (request.remote)
    self_->delayed_send(self_, lender_wait(ttl_ms), expire_atom_v);
}

// The book counts fences up from the first.
void keyring_state::record_lent(const crypto::lease_set& set,
                                const std::string& borrower) {
  storage::leases_lent e{
      set.leases.front().fence, set.remote, set.ttl_ms, {}, borrower};
  e.keys.reserve(set.leases.size());
  for (const auto& lease : set.leases)
    e.keys.push_back(lease.key);
  record(storage::event_of(std::move(e)));
}

void keyring_state::lose(const std::vector<std::uint64_t>& fences) {
  if (fences.empty())
    return;
  for (const auto fence : fences)
    record(storage::lease_lost{fence});
  config_.progress->leases_lost += fences.size();
  if (config_.defended.journal_first())
    send_events();
  self_->send(dispatcher_, drop_atom_v, encode_fences(fences));
}

// No event follows the end of an epoch: keys that are out then count as
// returned.
void keyring_state::record(const storage::event& e) {
  if (closing_)
    return;
  const auto bytes = storage::encode(e);
  append_integer(static_cast<std::uint32_t>(bytes.size()), events_);
  events_ += bytes;
}

void keyring_state::send_events() {
  if (!events_.empty())
    self_->send(writer_, journal_atom_v, std::exchange(events_, {}));
}

void keyring_state::count_keys_out() {
  config_.progress->keys_out = book_->out();
}

keyring_actor::behavior_type keyring(keyring_state::pointer self,
                                     keyring_config config,
                                     record_writer_actor writer,
                                     dispatcher_actor dispatcher) {
  keep_quiet(self);
  self->state.start(std::move(config), std::move(writer),
                    std::move(dispatcher));
  self->set_down_handler([self](caf::down_msg& down) {
    self->state.holder_ended(down.source.id());
  });
  return {
      [self](borrow_atom, borrow_request& request) {
        return self->state.borrow(std::move(request));
      },
      [self](fetch_atom, borrow_request& request) {
        return self->state.fetch(std::move(request));
      },
      [self](renew_atom, const renew_request& request) -> caf::result<grant> {
        try {
          return self->state.renew(request);
        } catch (const std::invalid_argument& e) {
          return make_fault(fault::malformed, e.what());
        } catch (...) {
          return make_fault(fault::internal, caught_sentence());
        }
      },
      [self](give_back_atom, const std::string& leases) {
        self->state.give_back(leases);
      },
      [self](expire_atom) { self->state.expire(); },
      [self](lend_atom) { self->state.lend(); },
      [self](drain_atom) { self->state.drain(); },
      [self](close_atom) { return self->state.close(); },
  };
}

} // namespace chancery::actors
