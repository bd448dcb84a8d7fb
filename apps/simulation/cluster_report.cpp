// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/cluster_report.hpp"

#include "apps/answers/rule_answers.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

constexpr const char* coordinator_itself = "coordinator";

std::string line(std::string_view name, const std::string& value) {
  return report_row(name, value) + '\n';
}

std::string mark(bool good) { return good ? "✓" : "✗"; }

json shares_json(const actors::audit_report& audit) {
  json shares = json::array();
  for (const auto& [name, share] : audit.workers)
    shares.push_back({{"worker", name.empty() ? json() : json(name)},
                      {"batches", share.batches},
                      {"records", share.records}});
  return shares;
}

json ledger_json(const cluster_ledger_result& ledger) {
  return {{"clients", ledger.clients},
          {"sent", ledger.sent.value("sent", std::uint64_t{0})},
          {"accepted", ledger.sent.value("accepted", std::uint64_t{0})},
          {"again", ledger.sent.value("again", std::uint64_t{0})},
          {"messages", ledger.chain.value("messages", std::uint64_t{0})},
          {"blocks", ledger.chain.value("blocks", std::uint64_t{0})},
          {"nodes_killed", ledger.nodes_killed},
          {"while_sending", ledger.while_sending},
          {"verified", ledger.good()},
          {"seconds", ledger.seconds}};
}

std::string shares_text(const cluster_report& r) {
  std::string text;
  for (const auto& [name, share] : r.checked.audit.workers)
    text += line(name.empty() ? coordinator_itself : name,
                 fmt::format("{} records in {} batches", grouped(share.records),
                             grouped(share.batches)));
  return text;
}

std::string kills_text(const cluster_signing_result& s) {
  return fmt::format(
      "{} workers killed and {} stopped, the coordinator killed {} times; {} "
      "of these {} during signing",
      s.workers_killed, s.workers_stopped, s.coordinators_killed,
      s.while_signing, s.kills());
}

std::string audit_text(const actors::audit_report& audit) {
  std::string text = line("audit", audit.passed ? "passed" : "broken");
  for (const auto& rule : audit.rules)
    text += fmt::format("    {}\n", short_rule_text(rule));
  return text;
}

std::string ledger_text(const cluster_ledger_result& ledger) {
  const auto number = [](const json& object, const char* name) {
    return grouped(object.value(name, std::uint64_t{0}));
  };
  auto text = fmt::format("{} clients on another host sent {} messages to the "
                          "ledger's node, which was killed {} times:\n",
                          ledger.clients, number(ledger.sent, "sent"),
                          ledger.nodes_killed);
  text += line("accepted, with receipt", number(ledger.sent, "accepted"));
  text += line("resent", number(ledger.sent, "again"));
  text += line("in the chain", fmt::format("{} messages, {} blocks",
                                           number(ledger.chain, "messages"),
                                           number(ledger.chain, "blocks")));
  for (const auto& rule : ledger.chain.value("rules", json::array())) {
    const bool kept = rule.value("violations", std::uint64_t{1}) == 0;
    text += fmt::format(
        "    {} {}\n", mark(kept),
        rule.value(kept ? "sentence" : "first_violation", std::string()));
  }
  text += fmt::format("    {} every receipt has its message in the chain "
                      "once\n",
                      mark(ledger.good()));
  return text;
}

} // namespace

bool cluster_report::good() const {
  return checked.good() && checked.audit.unsigned_records == 0 &&
         checked.audit.records == options.records &&
         (!ledger || ledger->good());
}

json cluster_report_json(const cluster_report& r) {
  const auto& s = r.signing;
  return {{"records", r.options.records},
          {"keys", r.options.keys},
          {"batch_size", r.options.batch_size},
          {"purpose", r.options.purpose},
          {"seed", r.options.seed},
          {"signed", r.checked.audit.signatures},
          {"left", r.checked.audit.unsigned_records},
          {"workers", shares_json(r.checked.audit)},
          {"workers_killed", s.workers_killed},
          {"workers_stopped", s.workers_stopped},
          {"coordinators_killed", s.coordinators_killed},
          {"kills_while_signing", s.while_signing},
          {"epochs", r.checked.audit.epochs},
          {"leases", r.checked.audit.leases},
          {"leases_lost", r.leases_lost},
          {"late_results", s.late_results},
          {"late_units", s.late_units},
          {"signing_seconds", s.seconds},
          {"verified", r.checked.verified.checked - r.checked.verified.wrong},
          {"wrong", r.checked.verified.wrong},
          {"audit", r.checked.audit.passed ? "passed" : "broken"},
          {"ledger", r.ledger ? ledger_json(*r.ledger) : json()},
          {"seconds", r.seconds}};
}

std::string cluster_report_text(const cluster_report& r) {
  const auto& s = r.signing;
  auto text =
      fmt::format("Signed {} records with {} keys, in batches of {}, "
                  "over TLS, in {:.1f} s:\n",
                  grouped(r.checked.audit.signatures), grouped(r.options.keys),
                  grouped(r.options.batch_size), s.seconds);
  text += line("seed", std::to_string(r.options.seed));
  text += shares_text(r);
  text += line("kills", kills_text(s));
  text += line("leases", fmt::format("{} lent in {} runs, {} lost",
                                     grouped(r.checked.audit.leases),
                                     grouped(r.checked.audit.epochs),
                                     grouped(r.leases_lost)));
  text +=
      line("late results",
           fmt::format("{} batches refused, and {} units discarded by their "
                       "worker",
                       grouped(s.late_results), grouped(s.late_units)));
  text += line("unsigned", grouped(r.checked.audit.unsigned_records));
  text += line("verified", fmt::format("{} signatures, {} wrong",
                                       grouped(r.checked.verified.checked -
                                               r.checked.verified.wrong),
                                       grouped(r.checked.verified.wrong)));
  text += audit_text(r.checked.audit);
  if (r.ledger)
    text += ledger_text(*r.ledger);
  return text + fmt::format("  {:<24}{:.1f} s", "total time", r.seconds);
}

} // namespace chancery::apps
