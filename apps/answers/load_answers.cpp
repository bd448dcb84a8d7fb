// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/load_answers.hpp"

#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

namespace chancery::apps {

nlohmann::ordered_json load_json(const crypto::key_id& node,
                                 const actors::client_load_result& r) {
  return {{"node", crypto::to_text(node)},
          {"sent", r.sent},
          {"accepted", r.accepted},
          {"refused", r.refused},
          {"unconfirmed", r.unconfirmed()},
          {"unsent", r.unsent},
          {"again", r.again},
          {"failures", r.failures},
          {"latency_ms_p50", r.latency_ms_p50},
          {"latency_ms_p99", r.latency_ms_p99},
          {"latency_ms_max", r.latency_ms_max},
          {"messages_per_second", per_second(r.accepted, r.seconds)},
          {"seconds", r.seconds},
          {"stopped", r.stopped},
          {"given_up", r.given_up}};
}

std::string load_text(std::uint64_t clients, const crypto::key_id& node,
                      const actors::client_load_result& r) {
  auto text = fmt::format(
      "{} clients sent {} messages to node {} in {:.1f} s:", grouped(clients),
      grouped(r.sent), crypto::to_text(node), r.seconds);
  const auto row = [&text](std::string_view name, const std::string& value) {
    text += "\n" + report_row(name, value);
  };
  row("accepted, with receipt", grouped(r.accepted));
  row("refused", grouped(r.refused));
  if (r.unconfirmed() + r.unsent > 0)
    row("without an answer",
        fmt::format("{}, and {} not sent", grouped(r.unconfirmed()),
                    grouped(r.unsent)));
  row("resent", grouped(r.again));
  row("clients that failed", grouped(r.failures));
  row("latency p50", fmt::format("{:.1f} ms", r.latency_ms_p50));
  row("latency p99", fmt::format("{:.1f} ms", r.latency_ms_p99));
  row("latency max", fmt::format("{:.1f} ms", r.latency_ms_max));
  row("messages per second",
      fmt::format("{:.1f}", per_second(r.accepted, r.seconds)));
  return text;
}

} // namespace chancery::apps
