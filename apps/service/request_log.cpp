// SPDX-License-Identifier: Apache-2.0
#include "apps/service/request_log.hpp"

#include "apps/service/gathering_sink.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/safe_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/logger.h>

#include <cstdio>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t octets_waiting_max = std::size_t{1} << 20;

void write_to_stderr(std::string_view lines) {
  std::fwrite(lines.data(), 1, lines.size(), stderr);
  std::fflush(stderr);
}

std::string dashed(const std::string& text) {
  return text.empty() ? "-" : text;
}

json members_of(const answered_request& line) {
  return {{"request_id", line.id},
          {"method", line.method},
          {"route", line.pattern},
          {"status", line.status},
          {"seconds", line.seconds},
          {"bytes", line.bytes},
          {"token", line.caller.empty() ? json() : json(line.caller)}};
}

std::string text_of(const answered_request& line) {
  return fmt::format("{} {} {} {} {:.6f} s {} bytes {}", line.id, line.method,
                     dashed(line.pattern), line.status, line.seconds,
                     line.bytes, dashed(line.caller));
}

} // namespace

request_log::request_log(log_format format)
    : format_(format), sink_(std::make_shared<gathering_sink>(
                           write_to_stderr, octets_waiting_max)),
      logger_(std::make_shared<spdlog::logger>("chancery", sink_)) {
  logger_->set_pattern("%v");
}

request_log::~request_log() = default;

void request_log::request(const answered_request& line) {
  if (format_ == log_format::text) {
    logger_->info("{} info request {}", time_text(now_ms()), text_of(line));
    return;
  }
  json object{{"time", time_text(now_ms())},
              {"level", "info"},
              {"event", "request"},
              {"message", "a request was answered"}};
  object.update(members_of(line));
  logger_->info("{}", object.dump());
}

void request_log::failure(const std::string& id, const std::string& why) {
  if (format_ == log_format::text) {
    logger_->error("{} error {} {}", time_text(now_ms()), id, one_line(why));
    return;
  }
  const json object{{"time", time_text(now_ms())},
                    {"level", "error"},
                    {"event", "failure"},
                    {"message", one_line(why)},
                    {"request_id", id}};
  logger_->error("{}",
                 object.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::uint64_t request_log::dropped() const { return sink_->dropped(); }

} // namespace chancery::apps
