// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/record_intake.hpp"

#include "actors/base/quiet.hpp"

#include <utility>

namespace chancery::actors {

namespace {

std::size_t size_of(const record_request& request) {
  std::size_t bytes = 0;
  for (const auto& record : request.records)
    bytes += record.name.size() + record.bytes.size();
  return bytes;
}

} // namespace

void record_intake_state::start(record_intake_config config,
                                record_writer_actor writer) {
  config_ = std::move(config);
  writer_ = std::move(writer);
}

void record_intake_state::take_in(record_submission submission) {
  const auto& request = *submission.request;
  const auto refuse = [&submission](record_refusal why, std::string reason) {
    submission.reply(refused_answer(why, std::move(reason)));
  };
  if (closed_)
    return refuse(record_refusal::stopping, "the service is stopping");
  if (request.mark && marks_.contains(request.mark->key))
    return refuse(record_refusal::in_progress,
                  "the same request is under way: wait for its answer");
  const auto bytes = size_of(request);
  if (records_ + request.records.size() > waiting_records_max ||
      bytes_ + bytes > waiting_bytes_max)
    return refuse(record_refusal::busy, "too many records wait to be stored");
  if (config_.room && config_.room() < config_.reserve)
    return refuse(record_refusal::disk_full,
                  "the disk is nearly full: nothing was stored");
  records_ += request.records.size();
  bytes_ += bytes;
  if (request.mark)
    marks_.insert(request.mark->key);
  waiting_.push_back({std::move(submission), bytes});
  send_group();
}

void record_intake_state::follow(dispatcher_actor dispatcher) {
  dispatcher_ = std::move(dispatcher);
}

// While a group is at the writer, the next one gathers: a commit takes all that
// came during the last one.
void record_intake_state::send_group() {
  if (!group_.empty() || waiting_.empty())
    return;
  intake_request group;
  std::size_t records = 0;
  std::size_t bytes = 0;
  while (!waiting_.empty()) {
    const auto& next = waiting_.front();
    records += next.submission.request->records.size();
    bytes += next.bytes;
    if (!group_.empty() &&
        (records > group_records_max || bytes > group_bytes_max))
      break;
    group.requests.push_back(next.submission.request);
    group_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  self_->request(writer_, caf::infinite, store_atom_v, std::move(group))
      .then([this](intake_result& result) { stored(result); },
            [this](const caf::error& why) { failed(why); });
}

void record_intake_state::stored(intake_result& result) {
  const auto group = std::exchange(group_, {});
  for (std::size_t i = 0; i < group.size(); ++i)
    settle(group[i], std::move(result.answers.at(i)));
  if (result.records > 0 && dispatcher_)
    self_->send(dispatcher_, look_atom_v);
  send_group();
  end_if_done();
}

// The writer commits no more, so what waits will not be stored, either.
void record_intake_state::failed(const caf::error& why) {
  auto all = std::exchange(group_, {});
  for (auto& request : std::exchange(waiting_, {}))
    all.push_back(std::move(request));
  for (const auto& request : all)
    settle(request, refused_answer(record_refusal::internal, sentence(why)));
  end_if_done();
}

void record_intake_state::settle(const waiting_request& of,
                                 record_answer answer) {
  const auto& request = *of.submission.request;
  records_ -= request.records.size();
  bytes_ -= of.bytes;
  if (request.mark)
    marks_.erase(request.mark->key);
  of.submission.reply(std::move(answer));
}

caf::typed_response_promise<std::uint64_t> record_intake_state::close() {
  auto promise = self_->make_response_promise<std::uint64_t>();
  closed_ = true;
  closing_.push_back(promise);
  end_if_done();
  return promise;
}

void record_intake_state::end_if_done() {
  if (!group_.empty() || !waiting_.empty())
    return;
  for (auto& promise : std::exchange(closing_, {}))
    promise.deliver(std::uint64_t{0});
}

record_intake_actor::behavior_type
record_intake(record_intake_state::pointer self, record_intake_config config,
              record_writer_actor writer) {
  keep_quiet(self);
  self->state.start(std::move(config), std::move(writer));
  return {
      [self](take_in_atom, record_submission& submission) {
        self->state.take_in(std::move(submission));
      },
      [self](look_atom, const dispatcher_actor& dispatcher) {
        self->state.follow(dispatcher);
      },
      [self](close_atom) { return self->state.close(); },
  };
}

} // namespace chancery::actors
