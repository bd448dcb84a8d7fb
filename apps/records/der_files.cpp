// SPDX-License-Identifier: Apache-2.0
#include "apps/records/der_files.hpp"

#include "apps/records/export_check.hpp"
#include "apps/records/exported_records.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "crypto/keys/pem.hpp"
#include "crypto/keys/signature.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <unordered_set>

namespace chancery::apps {

namespace {

class der_files {
 public:
  der_files(const export_job& job, file_target& target)
      : job_(job), target_(target), check_(job.keys, job.verify) {}

  void add(const signed_record& r) {
    if (check_.full() || unverified_bytes_ > unverified_bytes_max)
      verify();
    check_.add(r);
    const auto record = r.view.record(r.id);
    if (!record)
      throw storage::corrupt(fmt::format(
          "record {} is signed but missing: run `chancery audit`", r.id));
    const auto stem = file_stem(r.id);
    const auto time_ms = r.batch.time_ms;
    target_.put(stem + ".bin", crypto::text_of(*record), time_ms);
    target_.put(stem + ".sig", crypto::raw_to_der(job_.keys.curve, r.signature),
                time_ms);
    const auto key_file =
        fmt::format("key-{}.pem", crypto::to_text(r.batch.key));
    if (written_.insert(r.batch.key).second)
      target_.put(key_file, pem_of(r.batch.key), time_ms);
    target_.index(fmt::format("{}\t{}\t{}\t{}\n", stem, key_file, r.id,
                              r.view.name_of(r.id).value_or("")));
    unverified_bytes_ += record->size();
  }

  void verify() {
    job_.done += check_.finish();
    unverified_bytes_ = 0;
    target_.verified();
  }

 private:
  std::string pem_of(const crypto::key_id& id) const {
    const auto* key = job_.keys.find(id);
    if (key == nullptr)
      throw std::runtime_error(fmt::format(
          "key {} has signed but is not in the keyring: run `chancery audit`",
          crypto::to_text(id)));
    return crypto::to_pem(key->key);
  }

  const export_job& job_;
  file_target& target_;
  export_check check_;
  std::size_t unverified_bytes_ = 0;
  std::unordered_set<crypto::key_id, crypto::key_id_hash> written_;
};

} // namespace

std::string file_stem(std::uint64_t record) {
  return fmt::format("{:03}/{:06}", record / 1000, record);
}

std::uint64_t put_der_files(const export_job& job, file_target& target) {
  der_files files(job, target);
  const auto next =
      for_each_exported(job, [&](const signed_record& r) { files.add(r); });
  require_whole(job);
  files.verify();
  return next;
}

} // namespace chancery::apps
