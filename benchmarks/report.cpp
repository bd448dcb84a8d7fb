// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace chancery::benchmarks {

double repetition::raw_rate() const {
  return (raw_before.rate() + raw_after.rate()) / 2;
}

double repetition::raw_cpu_us() const {
  return (raw_before.cpu_us() + raw_after.cpu_us()) / 2;
}

double median(std::vector<double> values) {
  if (values.empty())
    throw std::invalid_argument("the median of no values");
  std::ranges::sort(values);
  const auto half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

row summarize(std::uint32_t batch_size, const std::vector<repetition>& all) {
  const auto of = [&](auto figure) {
    std::vector<double> values;
    for (const auto& r : all)
      values.push_back(figure(r));
    return median(std::move(values));
  };
  row found;
  found.batch_size = batch_size;
  found.actors_rate = of([](const auto& r) { return r.actors.rate(); });
  found.raw_rate = of([](const auto& r) { return r.raw_rate(); });
  found.share =
      of([](const auto& r) { return r.actors.rate() / r.raw_rate(); });
  found.plain_rate = of([](const auto& r) { return r.plain.rate(); });
  found.actors_over_plain =
      of([](const auto& r) { return r.actors.rate() / r.plain.rate(); });
  found.cpu_us = of([](const auto& r) { return r.actors.cpu_us(); });
  found.plain_cpu_us = of([](const auto& r) { return r.plain.cpu_us(); });
  found.raw_cpu_us = of([](const auto& r) { return r.raw_cpu_us(); });
  found.cpu_share =
      of([](const auto& r) { return r.raw_cpu_us() / r.actors.cpu_us(); });
  found.commits =
      of([](const auto& r) { return static_cast<double>(r.actors.commits); });
  return found;
}

std::string to_table(const report& r) {
  auto text = fmt::format(
      "{} records of {} bytes, {} keys, {} signers, {}, median of {}\n\n"
      "{:>7} {:>9} {:>9} {:>6} {:>9} {:>7} {:>7} {:>7} {:>7} {:>6} {:>7}\n"
      "{:>7} {:>9} {:>9} {:>6} {:>9} {:>7} {:>7} {:>7} {:>7} {:>6} {:>7}\n",
      r.measured.records, r.measured.record_size, r.measured.keys,
      r.measured.signers, crypto::to_text(r.measured.provider), r.repetitions,
      "batch", "job", "raw", "share", "plain", "actors/", "job", "plain", "raw",
      "CPU", "commits", "size", "rec/s", "rec/s", "of raw", "rec/s", "plain",
      "CPU us", "CPU us", "CPU us", "share", "");
  for (const auto& w : r.rows)
    text += fmt::format("{:>7} {:>9.0f} {:>9.0f} {:>6.3f} {:>9.0f} {:>7.3f} "
                        "{:>7.2f} {:>7.2f} {:>7.2f} {:>6.3f} {:>7.0f}\n",
                        w.batch_size, w.actors_rate, w.raw_rate, w.share,
                        w.plain_rate, w.actors_over_plain, w.cpu_us,
                        w.plain_cpu_us, w.raw_cpu_us, w.cpu_share, w.commits);
  if (r.scale)
    text += fmt::format(
        "\n{} signers over one at batch size {}: {:.2f} (one: {:.0f} rec/s; "
        "raw signing alone: {:.2f})\n",
        r.measured.signers, r.scale->batch_size, r.scale->all_over_one,
        r.scale->one_rate, r.scale->raw_all_over_one);
  return text;
}

std::string to_csv(const report& r) {
  std::string text = "batch_size,job_rate,raw_rate,share,plain_rate,"
                     "actors_over_plain,job_cpu_us,plain_cpu_us,raw_cpu_us,"
                     "cpu_share,commits\n";
  for (const auto& w : r.rows)
    text += fmt::format(
        "{},{:.1f},{:.1f},{:.4f},{:.1f},{:.4f},{:.3f},{:.3f},{:.3f},{:.4f},"
        "{:.0f}\n",
        w.batch_size, w.actors_rate, w.raw_rate, w.share, w.plain_rate,
        w.actors_over_plain, w.cpu_us, w.plain_cpu_us, w.raw_cpu_us,
        w.cpu_share, w.commits);
  return text;
}

std::string to_json(const report& r) {
  nlohmann::ordered_json json;
  json["records"] = r.measured.records;
  json["record_size"] = r.measured.record_size;
  json["keys"] = r.measured.keys;
  json["signers"] = r.measured.signers;
  json["provider"] = crypto::to_text(r.measured.provider);
  json["repetitions"] = r.repetitions;
  for (const auto& w : r.rows)
    json["rows"].push_back({{"batch_size", w.batch_size},
                            {"job_rate", w.actors_rate},
                            {"raw_rate", w.raw_rate},
                            {"share", w.share},
                            {"plain_rate", w.plain_rate},
                            {"actors_over_plain", w.actors_over_plain},
                            {"job_cpu_us", w.cpu_us},
                            {"plain_cpu_us", w.plain_cpu_us},
                            {"raw_cpu_us", w.raw_cpu_us},
                            {"cpu_share", w.cpu_share},
                            {"commits", w.commits}});
  if (r.scale)
    json["scaling"] = {{"batch_size", r.scale->batch_size},
                       {"one_signer_rate", r.scale->one_rate},
                       {"all_over_one", r.scale->all_over_one},
                       {"raw_all_over_one", r.scale->raw_all_over_one}};
  return json.dump(2) + "\n";
}

} // namespace chancery::benchmarks
