// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/seal_text.hpp"
#include "apps/answers/signature_line.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/records/export_check.hpp"
#include "apps/records/export_job.hpp"
#include "apps/records/exported_records.hpp"
#include "apps/records/signature_row.hpp"
#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <string>

namespace chancery::apps {

namespace {

std::string text_of(text_format format, const signed_record& r,
                    std::string_view algorithm, actors::seal_formats& formats) {
  const stored_signature signature{.record = r.id,
                                   .name = r.view.name_of(r.id),
                                   .batch = r.batch,
                                   .bytes = r.signature,
                                   .replaces = r.replaces};
  switch (format) {
  case text_format::csv:
    return signature_row(signature, algorithm);
  case text_format::jades:
    return seal_line(formats, r.view, signature, seal_serialization::compact);
  case text_format::flattened:
    return seal_line(formats, r.view, signature, seal_serialization::flattened);
  case text_format::jsonl:
    break;
  }
  return signature_line(signature, algorithm);
}

template <class Write>
std::uint64_t write_lines(const export_job& job, text_format format,
                          Write write) {
  const auto algorithm = crypto::jws_algorithm(job.keys.curve);
  export_check check(job.keys, job.verify);
  actors::seal_formats formats(job.keys.curve);
  std::string lines; // not verified yet
  const auto flush = [&] {
    const auto count = check.finish();
    write(lines);
    lines.clear();
    job.done += count;
  };
  if (format == text_format::csv)
    lines = fmt::format("{}\n", signature_row_header);
  const auto next = for_each_exported(job, [&](const signed_record& r) {
    if (check.full() || lines.size() > unverified_bytes_max)
      flush();
    check.add(r);
    lines += text_of(format, r, algorithm, formats);
    lines += '\n';
  });
  flush();
  require_whole(job);
  return next;
}

} // namespace

std::uint64_t export_text(const export_job& job, text_format format,
                          const std::filesystem::path& file) {
  new_file out(file, 0644, new_file::existing::replace);
  const auto next = write_lines(
      job, format, [&](const std::string& lines) { out.write(lines); });
  out.commit();
  return next;
}

std::uint64_t export_text_to_stdout(const export_job& job, text_format format) {
  const auto next =
      write_lines(job, format, [](const std::string& lines) { put(lines); });
  finish_output();
  return next;
}

} // namespace chancery::apps
