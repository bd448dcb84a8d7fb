// SPDX-License-Identifier: Apache-2.0
#include "apps/terminal/progress_line.hpp"

#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

using namespace std::chrono_literals;

constexpr auto rate_window = 5s;
constexpr auto live_period = 250ms;
constexpr auto log_period = 5s;

std::uint64_t done_here(const progress_sample& sample) {
  return sample.done - std::min(sample.done, sample.before);
}

} // namespace

void recent_rate::add(time_point when, std::uint64_t done) {
  marks_.push_back({when, done});
  while (marks_.size() > 2 && when - marks_[1].when >= rate_window)
    marks_.pop_front();
}

double recent_rate::per_second() const {
  if (marks_.size() < 2 || marks_.back().done < marks_.front().done)
    return 0;
  const std::chrono::duration<double> seconds =
      marks_.back().when - marks_.front().when;
  return apps::per_second(marks_.back().done - marks_.front().done,
                          seconds.count());
}

bool log_pace::wants(time_point now, const std::string& text) {
  if (now - last_ < log_period || text == text_)
    return false;
  last_ = now;
  text_ = text;
  return true;
}

std::string progress_text(const std::string& what,
                          const progress_sample& sample, double rate) {
  std::string text = fmt::format("{}: {}", what, grouped(sample.done));
  if (sample.total > 0) {
    const auto share = 100.0 * static_cast<double>(sample.done) /
                       static_cast<double>(sample.total);
    text += fmt::format(" of {} ({:.1f}%)", grouped(sample.total), share);
  }
  text += fmt::format(", {}/s", grouped(static_cast<std::uint64_t>(rate)));
  if (sample.total > sample.done && rate > 0)
    text += fmt::format(
        ", {} left",
        duration_text(static_cast<double>(sample.total - sample.done) / rate));
  if (sample.keys_out)
    text += fmt::format(", {} of {} keys out", grouped(sample.keys_out->out),
                        grouped(sample.keys_out->all));
  if (!sample.more.empty())
    text += ", " + sample.more;
  return text;
}

progress_line::progress_line(std::string what,
                             std::function<progress_sample()> sample)
    : what_(std::move(what)), sample_(std::move(sample)),
      log_(std::chrono::steady_clock::now()) {
  rate_.add(std::chrono::steady_clock::now(), done_here(sample_()));
  ticker_.emplace(live_period, [this] { show(); });
}

progress_line::~progress_line() {
  ticker_.reset();
  show_live("");
}

void progress_line::show() {
  const auto now = std::chrono::steady_clock::now();
  const auto sample = sample_();
  rate_.add(now, done_here(sample));
  const auto text = progress_text(what_, sample, rate_.per_second());
  if (live_console())
    show_live(text);
  else if (log_.wants(now, text))
    note(text);
}

} // namespace chancery::apps
