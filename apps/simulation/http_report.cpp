// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/http_report.hpp"

#include "apps/answers/rule_answers.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/providers/key_agreement.hpp"
#include "crypto/providers/provider.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

std::string row(std::string_view name, const std::string& value) {
  return report_row(name, value) + '\n';
}

std::string ms_text(double ms) { return fmt::format("{:.1f} ms", ms); }

std::string provider_text() {
  return crypto::ledger_description(
      crypto::provider_from_name("auto", crypto::curve::p256));
}

json fault_json(const std::string& fault) {
  return fault.empty() ? json() : json(fault);
}

json records_json(const http_record_report& r) {
  return {{"posted", r.posted.records.size()},
          {"requests", r.posted.requests},
          {"replayed", r.posted.replayed},
          {"again", r.posted.again},
          {"waited", r.posted.waited},
          {"answered_signed", r.posted.signed_ones},
          {"wait_ms_p50", r.posted.wait_ms_p50},
          {"wait_ms_p99", r.posted.wait_ms_p99},
          {"signatures", r.checked.audit.signatures},
          {"batches", r.checked.audit.batches},
          {"reads", r.read.reads},
          {"verified", r.good()},
          {"fault",
           fault_json(r.posted.failures > 0 ? r.posted.failure : r.read.fault)},
          {"audit", r.checked.audit.passed ? "passed" : "broken"},
          {"seconds", r.posted.seconds}};
}

std::string messages_text(const http_report& r) {
  auto text =
      fmt::format("{} clients posted {} messages to {} in {:.1f} s:\n",
                  grouped(r.clients), grouped(r.run.sent), r.url,
                  r.run.seconds) +
      row("receipts", grouped(r.run.accepted)) +
      row("refused", grouped(r.run.refused)) +
      row("blocks", fmt::format("{} of {} messages", grouped(r.chain.blocks),
                                grouped(r.block_size))) +
      row("not in a block yet", grouped(r.chain.pending)) +
      row("latency p50", ms_text(r.run.latency_ms_p50)) +
      row("latency p99", ms_text(r.run.latency_ms_p99)) +
      row("messages per second",
          fmt::format("{:.1f}", per_second(r.run.accepted, r.run.seconds))) +
      row("crypto provider", provider_text());
  if (r.run.failures > 0)
    text += fmt::format("  ✗ {} clients failed: {}\n", r.run.failures,
                        r.run.failure);
  if (!r.chain.fault.empty())
    return text + "  ✗ " + r.chain.fault + "\n";
  return text +
         fmt::format("  ✓ count, blocks by index and by hash, head and links "
                     "agree ({} requests)\n",
                     grouped(r.chain.reads)) +
         fmt::format("  ✓ every receipt's message is proven under the node's "
                     "key ({}), or waits for its block ({})\n",
                     grouped(r.chain.proofs),
                     grouped(r.run.receipts.size() - r.chain.proofs));
}

std::string checks_text(const http_record_report& r) {
  std::string text;
  if (r.posted.failures > 0)
    text += fmt::format("  ✗ {} clients failed: {}\n", r.posted.failures,
                        r.posted.failure);
  if (!r.read.fault.empty())
    text += "  ✗ " + r.read.fault + "\n";
  if (r.good())
    text += fmt::format("  ✓ every record has one signature, over the bytes "
                        "and under the name that were sent, by a key of the "
                        "folder ({} requests)\n",
                        grouped(r.read.reads));
  else if (r.posted.failures == 0 && r.read.fault.empty())
    text += "  ✗ the folder has other records or signatures than these\n";
  text += row("audit", r.checked.audit.passed ? "passed" : "broken");
  for (const auto& rule : r.checked.audit.rules)
    text += "    " + short_rule_text(rule) + "\n";
  return text;
}

std::string records_text(const http_record_report& r) {
  const auto& posted = r.posted;
  return fmt::format("beside them, {} records in {} requests in {:.1f} s:\n",
                     grouped(posted.records.size()), grouped(posted.requests),
                     posted.seconds) +
         row("sent twice, one answer", grouped(posted.replayed)) +
         row("signed when answered",
             fmt::format("{} of {} that waited", grouped(posted.signed_ones),
                         grouped(posted.waited))) +
         row("request to that, p50", ms_text(posted.wait_ms_p50)) +
         row("request to that, p99", ms_text(posted.wait_ms_p99)) +
         row("batches", grouped(r.checked.audit.batches)) +
         row("signatures",
             fmt::format("{}, {} verified", grouped(r.checked.audit.signatures),
                         grouped(r.read.verified))) +
         checks_text(r);
}

} // namespace

bool http_record_report::good() const {
  const auto& audit = checked.audit;
  return posted.failures == 0 && posted.records.size() == wanted &&
         read.fault.empty() && read.verified == wanted && checked.good() &&
         audit.records == wanted && audit.signatures == wanted &&
         audit.names == wanted && audit.withdrawn == 0;
}

bool http_report::good() const {
  return chain.fault.empty() && run.failures == 0 && run.refused == 0 &&
         run.accepted == run.sent && run.accepted == chain.messages &&
         run.receipts.size() == run.accepted && (!records || records->good());
}

json http_report_json(const http_report& r) {
  return {
      {"sent", r.run.sent},
      {"accepted", r.run.accepted},
      {"refused", r.run.refused},
      {"again", r.run.again},
      {"blocks", r.chain.blocks},
      {"pending", r.chain.pending},
      {"latency_ms_p50", r.run.latency_ms_p50},
      {"latency_ms_p99", r.run.latency_ms_p99},
      {"messages_per_second", per_second(r.run.accepted, r.run.seconds)},
      {"provider", provider_text()},
      {"reads", r.chain.reads},
      {"proofs", r.chain.proofs},
      {"records", r.records ? records_json(*r.records) : json()},
      {"verified", r.good()},
      {"fault", fault_json(r.chain.fault)},
      {"seconds", r.run.seconds},
  };
}

std::string http_report_text(const http_report& r) {
  auto text = messages_text(r);
  if (r.records)
    text += records_text(*r.records);
  text.pop_back();
  return text;
}

} // namespace chancery::apps
