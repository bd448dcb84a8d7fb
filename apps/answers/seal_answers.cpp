// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/seal_answers.hpp"

#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <span>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

json time_json(const std::optional<std::int64_t>& time) {
  return time ? json(seconds_text(*time)) : json();
}

json signer_json(const crypto::certificate& signer) {
  return {{"subject", signer.subject()},
          {"issuer", signer.issuer()},
          {"serial", signer.serial()},
          {"thumbprint",
           crypto::base64url_encode(std::as_bytes(std::span(signer.id())))},
          {"valid_from", seconds_text(signer.not_before())},
          {"valid_until", seconds_text(signer.not_after())}};
}

/// What the certificate's time of judging follows from.
std::string judged_text(const crypto::seal_report& report) {
  const auto time = seconds_text(report.judged_at);
  return report.proven_at == report.judged_at ? time + ", the time of the token"
                                              : time;
}

} // namespace

std::string seconds_text(std::int64_t since_1970) {
  using namespace std::chrono;
  const sys_seconds time{seconds(since_1970)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format(
      "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

json seal_json(const crypto::seal_report& report) {
  auto failures = json::array();
  for (const auto& failure : report.failures)
    failures.push_back(
        {{"rule", failure.rule}, {"sentence", failure.sentence}});
  return {{"verdict", to_text(report.verdict)},
          {"signature", to_text(report.signature)},
          {"level", to_text(report.level)},
          {"certificate", to_text(report.certificate)},
          {"signer", report.signer ? signer_json(*report.signer) : json()},
          {"signed_at", time_json(report.signed_at)},
          {"proven_at", time_json(report.proven_at)},
          {"judged_at", seconds_text(report.judged_at)},
          {"record_size",
           report.record.empty() ? json() : json(report.record.size())},
          {"failures", failures},
          {"warnings", report.warnings}};
}

std::string seal_lines(const std::string& name,
                       const crypto::seal_report& report) {
  auto lines = fmt::format("{}: {}", name, to_text(report.verdict));
  const auto add = [&lines](std::string_view row, std::string_view value) {
    lines += fmt::format("\n  {:<12} {}", row, value);
  };
  add("signature", to_text(report.signature));
  add("level", to_text(report.level));
  add("certificate", to_text(report.certificate));
  if (const auto& signer = report.signer) {
    add("subject", signer->subject());
    add("issuer", signer->issuer());
    add("valid", seconds_text(signer->not_before()) + " to " +
                     seconds_text(signer->not_after()));
  }
  if (report.signed_at)
    add("signed at",
        seconds_text(*report.signed_at) + ", as the signer claims");
  if (report.proven_at)
    add("proven at", seconds_text(*report.proven_at) + ", by a token");
  add("judged at", judged_text(report));
  if (!report.record.empty())
    add("record", fmt::format("{} bytes", grouped(report.record.size())));
  for (const auto& failure : report.failures)
    add(fmt::format("rule {}", failure.rule), failure.sentence);
  for (const auto& warning : report.warnings)
    add("warning", warning);
  return lines;
}

} // namespace chancery::apps
