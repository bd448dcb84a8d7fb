// SPDX-License-Identifier: Apache-2.0
#include "apps/signing_watch.hpp"

#include "apps/figures.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

std::function<progress_sample()>
signing_sample(const actors::signing_progress& progress) {
  return [&progress]() -> progress_sample {
    return {.done = progress.signed_before + progress.stored,
            .total = progress.records,
            .keys_out = progress_sample::keys{.out = progress.keys_out,
                                              .all = progress.keys}};
  };
}

std::function<nlohmann::ordered_json()>
signing_status(const actors::signing_progress& progress,
               const actors::signing_options& options) {
  const auto rate = std::make_shared<recent_rate>();
  const auto started = now_ms();
  return [&progress, options, rate, started]() -> nlohmann::ordered_json {
    const auto sample = signing_sample(progress)();
    rate->add(std::chrono::steady_clock::now(), sample.done);
    return {{"started", time_text(started)},
            {"done", sample.done},
            {"total", sample.total},
            {"signed_in_this_run", progress.stored.load()},
            {"records_per_second", rate->per_second()},
            {"batches", progress.batches.load()},
            {"commits", progress.commits.load()},
            {"keys", progress.keys.load()},
            {"keys_out", progress.keys_out.load()},
            {"batch_size", options.batch_size},
            {"signers", options.signers},
            {"provider", crypto::to_text(options.provider)}};
  };
}

} // namespace chancery::apps
