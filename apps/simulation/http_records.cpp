// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/http_records.hpp"

#include "actors/base/threads.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <iterator>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace chancery::apps {

namespace {

using steady = std::chrono::steady_clock;
using seconds_double = std::chrono::duration<double>;
using json = nlohmann::ordered_json;
using records_span = std::span<acknowledged_record>;

constexpr std::uint64_t lines_max = 100;     // of a request
constexpr std::uint64_t requests_aimed = 20; // of a client with few records
constexpr std::uint64_t single_each = 10;    // requests
constexpr std::uint64_t sent_twice_each = 5; // requests

struct record_run {
  const http_client_options& server;
  const record_load& load;
  const std::atomic<bool>& stop;
  std::atomic<std::uint64_t>& done;
  steady::time_point begin = steady::now();
};

json body_of(const acknowledged_record& record) {
  return {{"name", record.name}, {"text", record.bytes}};
}

acknowledged_record made_record(std::uint64_t number) {
  return {.name = fmt::format("simulated-{:08}", number),
          .bytes = fmt::format(
              R"({{"invoice":{},"amount":"{}.{:02}","note":"{:x<100}"}})",
              number, number % 9'973, number % 100, "")};
}

struct client_outcome {
  std::vector<acknowledged_record> records;
  std::vector<double> waits_ms;
  std::uint64_t signed_ones = 0;
  std::uint64_t requests = 0;
  std::uint64_t replayed = 0;
  std::uint64_t again = 0;
  std::string failure; ///< then the last request's records have no ids
};

/// A later attempt may be answered.
bool is_busy(const http_response& answer) {
  return answer.status == 503 ||
         answer.body.find("idempotency_in_progress") != std::string::npos;
}

/// One client; its thread calls run().
class record_sender {
 public:
  /// Its records are those from `first` up to `end`.
  record_sender(const record_run& run, std::uint64_t first, std::uint64_t end)
      : run_(run), http_(run.server), first_(first), end_(end) {}

  void run() noexcept {
    try {
      const auto share = end_ - first_;
      const auto lines =
          std::clamp<std::uint64_t>(share / requests_aimed, 1, lines_max);
      for (auto at = first_; at < end_ && wait_for_turn(at);) {
        const bool single = sum_.requests % single_each == single_each - 1;
        const auto count = single ? 1 : std::min(lines, end_ - at);
        send(at, count, single);
        at += count;
        run_.done += count;
      }
    } catch (const std::exception& e) {
      sum_.failure = e.what();
    }
  }

  const client_outcome& outcome() const noexcept { return sum_; }

 private:
  static constexpr int attempts_max = 5; // of one request
  static constexpr std::chrono::milliseconds nap{20};
  static constexpr std::chrono::milliseconds busy_pause{50};

  /// Requests are spread over the time of the run. False when it was stopped.
  bool wait_for_turn(std::uint64_t at) const {
    const auto part =
        static_cast<double>(at - first_) / static_cast<double>(end_ - first_);
    const auto due = run_.begin + std::chrono::duration_cast<steady::duration>(
                                      seconds_double(run_.load.seconds * part));
    while (!run_.stop && steady::now() < due)
      std::this_thread::sleep_until(std::min(due, steady::now() + nap));
    return !run_.stop;
  }

  void send(std::uint64_t first, std::uint64_t count, bool single) {
    const auto begin = steady::now();
    const auto from = sum_.records.size();
    std::string body;
    for (auto i = first; i < first + count; ++i) {
      sum_.records.push_back(made_record(i));
      body += body_of(sum_.records.back()).dump();
      body += single ? "" : "\n";
    }
    const records_span records = std::span(sum_.records).subspan(from);
    const bool twice = sum_.requests++ % sent_twice_each == 0;
    http_fields fields{
        {"Content-Type", single ? "application/json" : "application/x-ndjson"}};
    if (twice)
      fields.push_back(
          {"Idempotency-Key", fmt::format("request-{:08}", first)});
    const std::string target = single ? "/v1/records?wait=30" : "/v1/records";
    take(post(target, fields, body).body, records);
    if (single) {
      sum_.waits_ms.push_back(seconds_double(steady::now() - begin).count() *
                              1'000);
      sum_.signed_ones += records.front().signature.empty() ? 0 : 1;
    }
    if (twice)
      repeat(target, fields, body, records);
  }

  http_response post(const std::string& target, const http_fields& fields,
                     const std::string& body) {
    for (int attempt = 1;; ++attempt) {
      const auto answer = try_to_post(target, fields, body, attempt);
      if (answer &&
          (answer->status == 201 || (answer->status == 200 && attempt > 1)))
        return *answer;
      if (answer && !is_busy(*answer))
        throw std::runtime_error(fmt::format("records were answered with {}: "
                                             "{}",
                                             answer->status, answer->body));
      if (attempt == attempts_max)
        throw std::runtime_error("the server does not answer");
      ++sum_.again;
      std::this_thread::sleep_for(busy_pause);
    }
  }

  /// Nothing when the connection broke, which a later attempt opens again.
  std::optional<http_response> try_to_post(const std::string& target,
                                           const http_fields& fields,
                                           const std::string& body,
                                           int attempt) {
    try {
      return http_.send("POST", target, fields, body);
    } catch (const std::runtime_error&) {
      if (attempt == attempts_max)
        throw;
      return std::nullopt;
    }
  }

  /// The same request once more, which has to store nothing new.
  void repeat(const std::string& target, const http_fields& fields,
              const std::string& body, records_span records) {
    const auto answer = post(target, fields, body);
    if (find_field(answer.fields, "Idempotent-Replay") != "true")
      throw std::runtime_error("a request that was sent twice was not answered "
                               "as one that was there before");
    std::vector<acknowledged_record> second(records.begin(), records.end());
    take(answer.body, second);
    for (std::size_t i = 0; i < second.size(); ++i)
      if (second[i].id != records[i].id)
        throw std::runtime_error("a request that was sent twice was answered "
                                 "with other ids");
    ++sum_.replayed;
  }

  static void take(std::string_view body, records_span records) {
    for (auto& record : records) {
      const auto end = std::min(body.find('\n'), body.size());
      const auto line = json::parse(body.substr(0, end));
      body.remove_prefix(std::min(end + 1, body.size()));
      record.id = line.at("id");
      if (line.at("name") != record.name ||
          line.at("size") != record.bytes.size())
        throw std::runtime_error(fmt::format(
            "record {} was answered with another name or size", record.name));
      if (line.contains("signature"))
        record.signature = line.at("signature").at("value");
    }
    if (!body.empty())
      throw std::runtime_error("an answer has more lines than its request");
  }

  const record_run& run_;
  http_client http_;
  const std::uint64_t first_;
  const std::uint64_t end_;
  client_outcome sum_;
};

double at_share(const std::vector<double>& sorted, double share) {
  if (sorted.empty())
    return 0;
  return sorted[static_cast<std::size_t>(
      std::lround(share * static_cast<double>(sorted.size() - 1)))];
}

record_load_result sum_of(std::span<const std::unique_ptr<record_sender>> all) {
  record_load_result sum;
  std::vector<double> waits;
  for (const auto& sender : all) {
    const auto& one = sender->outcome();
    if (one.failure.empty())
      std::ranges::copy(one.records, std::back_inserter(sum.records));
    std::ranges::copy(one.waits_ms, std::back_inserter(waits));
    sum.requests += one.requests;
    sum.replayed += one.replayed;
    sum.again += one.again;
    sum.signed_ones += one.signed_ones;
    sum.failures += one.failure.empty() ? 0 : 1;
    if (sum.failure.empty())
      sum.failure = one.failure;
  }
  std::ranges::sort(sum.records, {}, &acknowledged_record::id);
  std::ranges::sort(waits);
  sum.waited = waits.size();
  sum.wait_ms_p50 = at_share(waits, 0.5);
  sum.wait_ms_p99 = at_share(waits, 0.99);
  return sum;
}

} // namespace

record_load_result post_over_http(const http_client_options& server,
                                  const record_load& load,
                                  const std::atomic<bool>& stop,
                                  std::atomic<std::uint64_t>& done) {
  const auto clients =
      std::clamp<std::size_t>(load.clients, 1, record_clients_max);
  const record_run run{server, load, stop, done};
  std::vector<std::unique_ptr<record_sender>> senders;
  for (std::size_t i = 0; i < clients; ++i)
    senders.push_back(std::make_unique<record_sender>(
        run, load.records * i / clients, load.records * (i + 1) / clients));
  {
    std::vector<std::jthread> threads;
    threads.reserve(senders.size());
    for (const auto& sender : senders)
      threads.push_back(actors::start_thread<std::jthread>(
          [one = sender.get()] { one->run(); }));
  }
  auto result = sum_of(senders);
  result.seconds = seconds_double(steady::now() - run.begin).count();
  return result;
}

} // namespace chancery::apps
