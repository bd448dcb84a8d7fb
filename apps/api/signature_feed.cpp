// SPDX-License-Identifier: Apache-2.0
#include "apps/api/signature_feed.hpp"

#include "apps/answers/seal_text.hpp"
#include "apps/api/parameters.hpp"
#include "apps/api/record_access.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace chancery::apps {

namespace {

/// A page looks at no more records, whatever it leaves out.
constexpr std::uint64_t feed_looks_max = 10'000;

constexpr std::uint64_t whole_event = UINT64_MAX;

/// "77.130", or "77" for all of event 77.
std::optional<withdrawn_record> position_in(const api_request& request) {
  const auto text = request.parameter("replaced_after");
  if (!text)
    return std::nullopt;
  const auto dot = std::min(text->find('.'), text->size());
  const auto number = [](std::string_view digits) {
    return number_value("each number of replaced_after", digits);
  };
  return withdrawn_record{number(text->substr(0, dot)),
                          dot == text->size() ? whole_event
                                              : number(text->substr(dot + 1))};
}

std::string to_text(const withdrawn_record& position) {
  return position.record == whole_event
             ? fmt::format("{}", position.event)
             : fmt::format("{}.{}", position.event, position.record);
}

} // namespace

signature_feed::signature_feed(const api_request& request)
    : request_(request), limit_(limit_parameter(request)),
      after_(number_parameter(request, "after")),
      replaced_(position_in(request)) {}

void signature_feed::add(const storage::snapshot& view,
                         const withdrawn_index::rows& rows,
                         std::string_view algorithm,
                         actors::seal_formats& formats) {
  algorithm_ = algorithm;
  formats_ = &formats;
  const bool new_ones = after_ || !replaced_;
  if (replaced_)
    add_replaced(view, *rows);
  if (new_ones)
    add_new(view);
}

std::string signature_feed::next() const {
  auto path = fmt::format("/v1/signatures?limit={}", limit_);
  if (after_)
    path += fmt::format("&after={}", *after_);
  if (replaced_)
    path += "&replaced_after=" + to_text(*replaced_);
  return path;
}

bool signature_feed::has_room() {
  cut_ = line_count_ == limit_ || looked_at_ == feed_looks_max;
  if (!cut_)
    ++looked_at_;
  return !cut_;
}

void signature_feed::add_replaced(const storage::snapshot& view,
                                  const std::vector<withdrawn_record>& rows) {
  for (auto row = std::ranges::upper_bound(rows, *replaced_); row != rows.end();
       ++row) {
    if (!has_room())
      return;
    if (!after_ || row->record <= *after_) {
      const auto batch = view.batch_of(row->record);
      if (!batch)
        return;
      add_line(view, row->record, *batch, *row);
    }
    replaced_ = *row;
  }
}

void signature_feed::add_new(const storage::snapshot& view) {
  std::optional<storage::batch_row> batch;
  const auto end = view.record_count();
  for (auto id = after_ ? *after_ + 1 : 0; id < end; ++id) {
    if (!batch || id >= batch->first + batch->count)
      batch = view.batch_of(id);
    if (!batch || !has_room())
      return;
    add_line(view, id, *batch, std::nullopt);
    after_ = id;
  }
}

void signature_feed::add_line(const storage::snapshot& view, std::uint64_t id,
                              const storage::batch_row& batch,
                              std::optional<withdrawn_record> replaced) {
  const auto name = view.name_of(id);
  if (!may_access(request_, name))
    return;
  const auto raw = view.signature(id);
  if (!raw)
    throw storage::corrupt(
        fmt::format("record {} has a batch and no signature", id));
  const stored_signature stored{.record = id,
                                .name = name,
                                .batch = batch,
                                .bytes = *raw,
                                .replaces = replaced.has_value()};
  auto line =
      batch.format == storage::signature_format::jades
          ? seal_line(*formats_, view, stored, seal_serialization::compact)
          : signature_line(stored, algorithm_);
  if (replaced) {
    line.pop_back();
    line += fmt::format(R"(,"replaced_after":"{}"}})", to_text(*replaced));
  }
  lines_ += line + "\n";
  ++line_count_;
}

} // namespace chancery::apps
