// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/node.hpp"

#include "actors/base/quiet.hpp"
#include "actors/ledger/ledger_queries.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/ledger/message.hpp"

#include <algorithm>
#include <utility>

namespace chancery::actors {

namespace {

/// Unanswered messages per validator: with two it never waits for work.
constexpr std::size_t outstanding_max = 2;

/// Arrivals that are worth a second message to a validator that is at work.
/// Fewer wait for its answer: what comes together costs less.
constexpr std::size_t worth_waiting_for = 16;

/// What a commit may need for each byte that was sent (a receipt, copies of
/// pages), and for itself.
constexpr std::uint64_t growth_factor = 4;
constexpr std::uint64_t commit_bytes = std::uint64_t{1} << 20;

} // namespace

void node_state::start(node_config config, ledger_writer_actor writer,
                       const std::vector<validator_actor>& validators) {
  config_ = std::move(config);
  usage_ = client_usage(config_.limits);
  writer_ = std::move(writer);
  for (const auto& handle : validators)
    validators_.push_back({handle, 0});
  self_->set_exit_handler(
      [this](caf::exit_msg& e) { stop(std::move(e.reason)); });
}

caf::typed_response_promise<acknowledgement>
node_state::submit(std::string text) {
  auto answer = self_->make_response_promise<acknowledgement>();
  if (failure_) {
    answer.deliver(failure_);
    return answer;
  }
  ++unanswered_;
  if (text.size() > crypto::wire_size_max) {
    refuse(answer, crypto::refusal::too_large,
           "the message exceeds the size limit");
  } else if (unanswered_ > arrivals_max ||
             bytes_ + text.size() > arrival_bytes_max) {
    refuse(answer, crypto::refusal::busy,
           "too many messages are queued: send it again later");
  } else {
    bytes_ += text.size();
    arrivals_.push_back({answer, text.size()});
    unsent_.push_back({verdicts_.open(), std::move(text), {}});
    dispatch();
  }
  return answer;
}

void node_state::refuse(promise& answer, crypto::refusal code,
                        std::string why) {
  --unanswered_;
  ++config_.tally->refused.at(static_cast<std::size_t>(code));
  answer.deliver(make_refusal(code, std::move(why)));
}

void node_state::confirm(promise& answer, acknowledgement what) {
  --unanswered_;
  answer.deliver(std::move(what));
}

// A few arrivals are spread, so that every validator has work. Many go out
// together, as a validator shares work between them.
void node_state::dispatch() {
  while (!unsent_.empty()) {
    auto& v = *std::ranges::min_element(validators_, {},
                                        &validator_slot::outstanding);
    const bool idle = v.outstanding == 0;
    if (!idle && (v.outstanding == outstanding_max ||
                  unsent_.size() < worth_waiting_for))
      return;
    const auto alike = static_cast<std::size_t>(std::ranges::count(
        validators_, v.outstanding, &validator_slot::outstanding));
    const auto share = (unsent_.size() + alike - 1) / alike;
    const auto count =
        std::min(idle ? share : std::max(share, worth_waiting_for),
                 validation_items_max);
    const auto end = unsent_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<arrival> items(std::make_move_iterator(unsent_.begin()),
                               std::make_move_iterator(end));
    unsent_.erase(unsent_.begin(), end);
    send_work(v, std::move(items));
  }
}

void node_state::send_work(validator_slot& v, std::vector<arrival> items) {
  ++v.outstanding;
  self_
      ->request(v.handle, caf::infinite, validate_atom_v,
                validation_work{std::move(items)})
      .then(
          [this, &v](validation_result& result) {
            --v.outstanding;
            take(result);
          },
          [this](const caf::error& e) {
            fail(make_fault(fault::internal,
                            "a validator ended: " + sentence(e)));
          });
}

void node_state::take(validation_result& result) {
  if (failure_)
    return;
  try {
    for (auto& item : result.items) {
      const auto number = item.number;
      verdicts_.close(number, std::move(item));
    }
    judge_all();
    dispatch();
  } catch (...) {
    fail(make_fault(fault::internal, caught_sentence()));
  }
}

void node_state::judge_all() {
  if (verdicts_.front() == nullptr)
    return;
  has_room_ = config_.disk_reserve == 0 ||
              config_.store->room() >=
                  config_.disk_reserve + commit_bytes + growth_factor * bytes_;
  {
    const auto view = config_.store->read();
    while (auto* v = verdicts_.front()) {
      if (!judge(*v, view))
        break;
      verdicts_.pop();
      bytes_ -= arrivals_.front().bytes;
      arrivals_.pop_front();
    }
  }
  if (!accepted_.items.empty())
    append(std::exchange(accepted_, {}));
}

// False when the oldest arrival was sent to a validator again.
bool node_state::judge(verdict& v, const storage::ledger_snapshot& view) {
  if (auto* refused = std::get_if<refused_arrival>(&v.found)) {
    if (refused->code == crypto::refusal::unknown_client &&
        validate_again(v.number, *refused, view))
      return false;
    refuse(arrivals_.front().answer, refused->code, std::move(refused->why));
  } else if (auto* message = std::get_if<valid_message>(&v.found)) {
    if (may_write(message->client))
      judge_message(*message, view);
  } else {
    auto& registration = std::get<valid_registration>(v.found);
    if (may_write(registration.client))
      judge_registration(registration, view);
  }
  return true;
}

// Refuses the oldest arrival if its client is not on the node's list.
bool node_state::may_write(const crypto::key_id& client) {
  if (!config_.allowed || config_.allowed->contains(client))
    return true;
  refuse(arrivals_.front().answer, crypto::refusal::not_allowed,
         "this client is not on the node's list");
  return false;
}

// Refuses the oldest arrival if the disk, or the client's share, has no room.
bool node_state::may_grow(const crypto::key_id& client, std::size_t bytes) {
  auto& answer = arrivals_.front().answer;
  if (!has_room_) {
    refuse(answer, crypto::refusal::disk_full,
           "the node's disk is nearly full: send it again later");
    return false;
  }
  auto why = usage_.add(client, bytes, config_.clock_ms());
  if (why.empty())
    return true;
  refuse(answer, crypto::refusal::over_limit, std::move(why));
  return false;
}

// The validator may have read the store before an earlier registration was on
// disk. By now all earlier arrivals are judged, so the client's key is known if
// it registered.
bool node_state::validate_again(std::uint64_t number, refused_arrival& refused,
                                const storage::ledger_snapshot& view) {
  if (std::exchange(arrivals_.front().again, true))
    return false;
  arrival item{number, std::move(refused.jwe), {}};
  if (const auto known = new_clients_.find(refused.client);
      known != new_clients_.end())
    item.key = known->second;
  else if (const auto point = view.client(refused.client))
    item.key = crypto::text_of(*point);
  else
    return false;
  verdicts_.reopen_front();
  std::vector<arrival> items;
  items.push_back(std::move(item));
  send_work(validators_.front(), std::move(items));
  return true;
}

void node_state::judge_message(valid_message& message,
                               const storage::ledger_snapshot& view) {
  const auto client = message.client;
  const auto sequence = message.sequence;
  auto& answer = arrivals_.front().answer;
  judged_sequence judged{sequence_ruling::accept, 0};
  if (config_.defended.sequences())
    judged = sequences_.judge(client, sequence, message.compact, view);
  switch (judged.ruling) {
  case sequence_ruling::accept:
    if (!may_grow(client, message.compact.size()))
      return;
    if (config_.defended.sequences())
      sequences_.expect(client, sequence, message.compact);
    accept(client, sequence, std::move(message));
    return;
  case sequence_ruling::repeat_pending:
    ++config_.tally->repeated;
    repeats_[{client, sequence}].push_back(answer);
    return;
  case sequence_ruling::repeat_stored:
    if (const auto first = view.receipt(judged.stored_index)) {
      ++config_.tally->repeated;
      confirm(answer, {std::string(crypto::text_of(*first)), {}});
      return;
    }
    refuse(answer, crypto::refusal::internal, "its first receipt is missing");
    return;
  case sequence_ruling::stale:
    refuse(answer, crypto::refusal::stale_sequence,
           "the client already used this sequence number or a higher one");
    return;
  }
}

void node_state::judge_registration(valid_registration& registration,
                                    const storage::ledger_snapshot& view) {
  const auto client = registration.client;
  if (view.client(client)) {
    ++config_.tally->registered;
    confirm(arrivals_.front().answer, {{}, crypto::to_text(client)});
    return;
  }
  if (!may_grow(client, registration.point.size()))
    return;
  new_clients_[client] = registration.point;
  accept(client, 0, std::move(registration));
}

void node_state::accept(const crypto::key_id& client, std::uint64_t sequence,
                        append_item item) {
  auto& arrived = arrivals_.front();
  accepted_.items.push_back(
      {client, sequence, std::exchange(arrived.bytes, 0), arrived.answer});
  accepted_.request.items.push_back(std::move(item));
}

void node_state::append(accepted_group accepted) {
  accepted.request.more = !arrivals_.empty();
  storing_.push_back(std::move(accepted.items));
  self_
      ->request(writer_, caf::infinite, append_atom_v,
                std::move(accepted.request))
      .then([this](append_result& result) { stored(result); },
            [this](caf::error& e) { fail(std::move(e)); });
}

// The writer answers in the order of the requests.
void node_state::stored(append_result& result) {
  if (failure_)
    return;
  auto items = std::move(storing_.front());
  storing_.pop_front();
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto& item = items[i];
    bytes_ -= item.bytes;
    if (item.sequence == 0) {
      new_clients_.erase(item.client);
      ++config_.tally->registered;
      confirm(item.answer, {{}, crypto::to_text(item.client)});
      continue;
    }
    if (config_.defended.sequences())
      sequences_.confirm(item.client);
    ++config_.tally->accepted;
    const acknowledgement receipt{std::move(result.receipts[i]), {}};
    const auto waiting = repeats_.extract({item.client, item.sequence});
    confirm(item.answer, receipt);
    if (waiting)
      for (auto again : waiting.mapped())
        confirm(again, receipt);
  }
}

// The owner asked the actor to end.
void node_state::stop(caf::error reason) {
  answer_all(reason == caf::exit_reason::user_shutdown
                 ? make_fault(fault::closing, "the node is stopping")
                 : reason);
  self_->quit(std::move(reason));
}

// It does not quit, so that later requests get the reason.
void node_state::fail(caf::error reason) {
  if (failure_)
    return;
  failure_ = std::move(reason);
  if (config_.failed)
    config_.failed(failure_);
  answer_all(failure_);
}

void node_state::answer_all(const caf::error& why) {
  for (auto& arrived : arrivals_)
    arrived.answer.deliver(why);
  storing_.push_back(std::move(accepted_.items));
  for (auto& group : storing_)
    for (auto& item : group)
      item.answer.deliver(why);
  for (auto& [key, waiting] : repeats_)
    for (auto& answer : waiting)
      answer.deliver(why);
  arrivals_.clear();
  unsent_.clear();
  storing_.clear();
  repeats_.clear();
}

namespace {

/// The answer to a question; an exception becomes fault::internal.
template <class Question>
auto answered(const Question& question) -> caf::result<decltype(question())> {
  try {
    return question();
  } catch (...) {
    return make_fault(fault::internal, caught_sentence());
  }
}

} // namespace

node_actor::behavior_type node(node_state::pointer self, node_config config,
                               ledger_writer_actor writer,
                               const std::vector<validator_actor>& validators) {
  keep_quiet(self);
  self->state.start(std::move(config), std::move(writer), validators);
  const auto* store = &self->state.store();
  return {
      [self](submit_atom, std::string& text) {
        return self->state.submit(std::move(text));
      },
      [store](count_atom) {
        return answered([&] { return ask_count(*store); });
      },
      [store](block_atom, std::uint64_t index) {
        return answered([&] { return ask_block(*store, index); });
      },
      [store](block_atom, const std::string& hash) {
        return answered([&] { return ask_block(*store, hash); });
      },
      [store](head_atom) { return answered([&] { return ask_head(*store); }); },
      [store](previous_atom, const std::string& hash) {
        return answered([&] { return ask_previous(*store, hash); });
      },
      [store](message_atom, std::uint64_t index) {
        return answered([&] { return ask_message(*store, index); });
      },
      [store](proof_atom, std::uint64_t index) {
        return answered([&] { return ask_proof(*store, index); });
      },
      [self](keys_atom) { return self->state.keys(); },
  };
}

} // namespace chancery::actors
