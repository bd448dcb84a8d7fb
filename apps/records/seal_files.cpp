// SPDX-License-Identifier: Apache-2.0
#include "apps/records/seal_files.hpp"

#include "apps/records/export_check.hpp"
#include "apps/records/exported_records.hpp"
#include "crypto/keys/pem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace chancery::apps {

namespace {

class seal_files {
 public:
  seal_files(const export_job& job, seal_serialization serialization,
             file_target& target)
      : job_(job), serialization_(serialization), target_(target),
        check_(job.keys, job.verify), formats_(job.keys.curve) {}

  void add(const signed_record& r) {
    if (check_.full() || unverified_bytes_ > unverified_bytes_max)
      verify();
    check_.add(r);
    const auto text =
        seal_text(formats_, r.view,
                  {.record = r.id, .batch = r.batch, .bytes = r.signature},
                  serialization_);
    const auto name =
        file_stem(r.id) +
        (serialization_ == seal_serialization::compact ? ".jws" : ".json");
    target_.put(name, text, r.batch.time_ms);
    target_.index(fmt::format("{}\t{}\t{}\t{}\n", name,
                              crypto::to_text(r.batch.key), r.id,
                              r.view.name_of(r.id).value_or("")));
    note_root(r);
    last_time_ms_ = std::max(last_time_ms_, r.batch.time_ms);
    unverified_bytes_ += text.size();
  }

  void finish() {
    std::string roots;
    for (const auto& root : roots_)
      roots += crypto::certificate_to_pem(root);
    if (!roots.empty())
      target_.put("ca.pem", roots, last_time_ms_);
    verify();
  }

 private:
  void verify() {
    job_.done += check_.finish();
    unverified_bytes_ = 0;
    target_.verified();
  }

  void note_root(const signed_record& r) {
    const auto leaf = formats_.leaf_of(
        r.view, static_cast<std::uint32_t>(r.batch.fence >> 32), r.batch.key);
    if (!leaves_.insert(leaf).second)
      return;
    const auto chain = r.view.certificates_of(leaf);
    if (chain && chain->size() > 1)
      roots_.emplace(chain->back().begin(), chain->back().end());
  }

  const export_job& job_;
  seal_serialization serialization_;
  file_target& target_;
  export_check check_;
  actors::seal_formats formats_;
  std::size_t unverified_bytes_ = 0;
  std::uint64_t last_time_ms_ = 0;
  std::set<storage::certificate_name> leaves_;
  std::set<std::vector<std::byte>> roots_;
};

} // namespace

std::uint64_t put_seal_files(const export_job& job,
                             seal_serialization serialization,
                             file_target& target) {
  seal_files files(job, serialization, target);
  const auto next =
      for_each_exported(job, [&](const signed_record& r) { files.add(r); });
  require_whole(job);
  files.finish();
  return next;
}

} // namespace chancery::apps
