// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/signature_line.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/records/export_check.hpp"
#include "apps/records/export_job.hpp"
#include "apps/records/signed_records.hpp"
#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

namespace {

template <class Write>
void write_lines(const export_job& job, Write write) {
  const auto algorithm = crypto::jws_algorithm(job.keys.curve);
  export_check check(job.keys, job.verify);
  std::string lines; // not verified yet
  const auto flush = [&] {
    const auto count = check.finish();
    write(lines);
    lines.clear();
    job.done += count;
  };
  for_each_signature(job.store, job.stop, [&](const signed_record& r) {
    if (check.full())
      flush();
    check.add(r);
    lines += signature_line({.record = r.id,
                             .name = r.view.name_of(r.id),
                             .batch = r.batch,
                             .bytes = r.signature},
                            algorithm) +
             "\n";
  });
  flush();
  if (job.stop)
    throw std::runtime_error(
        fmt::format("stopped after {} signatures", job.done.load()));
}

} // namespace

void export_jsonl(const export_job& job, const std::filesystem::path& file) {
  new_file out(file, 0644, new_file::existing::replace);
  write_lines(job, [&](const std::string& line) { out.write(line); });
  out.commit();
}

void export_jsonl_to_stdout(const export_job& job) {
  write_lines(job, [](const std::string& line) { put(line); });
}

} // namespace chancery::apps
