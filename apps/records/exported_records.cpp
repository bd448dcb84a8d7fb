// SPDX-License-Identifier: Apache-2.0
#include "apps/records/exported_records.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

std::uint64_t
for_each_exported(const export_job& job,
                  const std::function<void(const signed_record&)>& call) {
  return for_each_signature(job.store, job.selection, job.stop,
                            [&](const signed_record& r) {
                              if (job.takes(r.id, r.batch))
                                call(r);
                            });
}

void require_whole(const export_job& job) {
  if (job.stop)
    throw std::runtime_error(
        fmt::format("stopped after {} signatures", job.done.load()));
}

} // namespace chancery::apps
