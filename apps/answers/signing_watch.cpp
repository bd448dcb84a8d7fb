// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/signing_watch.hpp"

#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace chancery::apps {

namespace {

/// The counters of each connected worker, with its recent rate.
class worker_rates {
 public:
  struct line {
    actors::worker_row row;
    double per_second;
  };

  std::vector<line> look(const actors::worker_table& table) {
    const auto now = std::chrono::steady_clock::now();
    std::map<std::chrono::steady_clock::time_point, recent_rate> kept;
    std::vector<line> lines;
    for (auto& row : table.rows()) {
      auto& rate = kept[row.since] = std::move(rates_[row.since]);
      rate.add(now, row.records);
      lines.push_back({std::move(row), rate.per_second()});
    }
    rates_ = std::move(kept);
    return lines;
  }

 private:
  std::map<std::chrono::steady_clock::time_point, recent_rate> rates_;
};

/// "2 workers: w1 24,100/s with 16 leases, w2 23,800/s with 12 leases"
std::string workers_text(const std::vector<worker_rates::line>& lines) {
  if (lines.empty())
    return {};
  auto text =
      fmt::format("{} worker{}:", lines.size(), lines.size() == 1 ? "" : "s");
  constexpr std::size_t shown_max = 4;
  for (std::size_t i = 0; i < std::min(lines.size(), shown_max); ++i)
    text += fmt::format(
        "{} {} {}/s with {} leases", i == 0 ? "" : ",", lines[i].row.name,
        grouped(static_cast<std::uint64_t>(lines[i].per_second)),
        lines[i].row.leases_out);
  return lines.size() > shown_max ? text + ", ..." : text;
}

nlohmann::ordered_json
workers_json(const std::vector<worker_rates::line>& lines) {
  auto workers = nlohmann::ordered_json::array();
  const auto now = std::chrono::steady_clock::now();
  for (const auto& [row, rate] : lines)
    workers.push_back({{"worker", row.name},
                       {"connected_seconds",
                        std::chrono::duration<double>(now - row.since).count()},
                       {"signed", row.records},
                       {"records_per_second", rate},
                       {"leases_out", row.leases_out}});
  return workers;
}

/// "; refused: w3, w4"
std::string refused_text(const actors::refused_workers& refused) {
  std::string text;
  for (const auto& worker : refused.list())
    text += (text.empty() ? "; refused: " : ", ") + worker.name;
  return text;
}

} // namespace

nlohmann::ordered_json
refused_json(const std::vector<actors::refused_worker>& refused) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& worker : refused)
    list.push_back({{"worker", worker.name}, {"why", worker.why}});
  return list;
}

std::function<progress_sample()>
signing_sample(const actors::signing_progress& progress) {
  const auto rates = std::make_shared<worker_rates>();
  return [&progress, rates]() -> progress_sample {
    return {.done = progress.signed_before + progress.stored,
            .total = progress.records,
            .before = progress.signed_before,
            .keys_out = progress_sample::keys{.out = progress.keys_out,
                                              .all = progress.keys},
            .more = workers_text(rates->look(progress.workers)) +
                    refused_text(progress.refused)};
  };
}

std::function<nlohmann::ordered_json()>
signing_status(const actors::signing_progress& progress,
               const actors::signing_options& options) {
  const auto rate = std::make_shared<recent_rate>();
  const auto workers = std::make_shared<worker_rates>();
  const auto started = now_ms();
  return
      [&progress, options, rate, workers, started]() -> nlohmann::ordered_json {
        const auto done = progress.signed_before + progress.stored;
        rate->add(std::chrono::steady_clock::now(), progress.stored);
        return {{"started", time_text(started)},
                {"done", done},
                {"total", progress.records.load()},
                {"signed_in_this_run", progress.stored.load()},
                {"records_per_second", rate->per_second()},
                {"batches", progress.batches.load()},
                {"commits", progress.commits.load()},
                {"keys", progress.keys.load()},
                {"keys_out", progress.keys_out.load()},
                {"batch_size", options.batch_size},
                {"signers", options.signers},
                {"leases_lost", progress.leases_lost.load()},
                {"late_results", progress.late_results.load()},
                {"workers", workers_json(workers->look(progress.workers))},
                {"verified", progress.verified.load()},
                {"units_wrong", progress.units_wrong.load()},
                {"refused_workers", refused_json(progress.refused.list())},
                {"provider", crypto::to_text(options.provider)}};
      };
}

void note_quarantine(const storage::record_store& store) {
  if (const auto wait = actors::lease_quarantine(store); wait.count() > 0)
    note(fmt::format("no key is lent for the first {:.1f} s: until then, hosts "
                     "may hold leases of the previous run",
                     static_cast<double>(wait.count()) / 1e3));
}

} // namespace chancery::apps
