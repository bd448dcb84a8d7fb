// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"
#include "apps/records/export_check.hpp"
#include "apps/records/export_job.hpp"
#include "apps/records/signed_records.hpp"
#include "apps/terminal/console.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "crypto/keys/pem.hpp"
#include "crypto/keys/signature.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <unordered_set>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

/// Does not flush to disk: an export can be repeated.
void write_part(const fs::path& path, std::string_view bytes) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "wbe"), &std::fclose);
  if (!file ||
      std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size() ||
      std::fflush(file.get()) != 0)
    throw_file_error("write", path);
}

class der_writer {
 public:
  der_writer(const export_job& job, const fs::path& folder)
      : job_(job), check_(job.keys, job.verify), folder_(folder),
        index_(folder / "index.tsv", 0644, new_file::existing::keep) {}

  void write(const signed_record& r) {
    if (check_.full())
      check_.finish();
    check_.add(r);
    const auto record = r.view.record(r.id);
    if (!record)
      throw storage::corrupt(fmt::format(
          "record {} is signed but missing: run `chancery audit`", r.id));
    write_part(folder_ / fmt::format("{}.bin", r.id), crypto::text_of(*record));
    write_part(folder_ / fmt::format("{}.sig", r.id),
               crypto::raw_to_der(job_.keys.curve, r.signature));
    const auto key_file =
        fmt::format("key-{}.pem", crypto::to_text(r.batch.key));
    if (written_.insert(r.batch.key).second)
      write_key(r.batch.key, key_file);
    index_.write(fmt::format("{}\t{}\n", r.id, key_file));
    ++job_.done;
  }

  void finish() {
    check_.finish();
    index_.commit();
  }

 private:
  void write_key(const crypto::key_id& id, const std::string& file) {
    const auto* key = job_.keys.find(id);
    if (key == nullptr)
      throw std::runtime_error(fmt::format(
          "key {} has signed but is not in the keyring: run `chancery audit`",
          crypto::to_text(id)));
    write_part(folder_ / file, crypto::to_pem(key->key));
  }

  const export_job& job_;
  export_check check_;
  fs::path folder_;
  new_file index_;
  std::unordered_set<crypto::key_id, crypto::key_id_hash> written_;
};

} // namespace

std::uint64_t export_der(const export_job& job, const fs::path& folder) {
  new_folder out(folder);
  der_writer writer(job, out.path());
  const auto next =
      for_each_signature(job.store, job.selection, job.stop,
                         [&](const signed_record& r) { writer.write(r); });
  if (job.stop)
    throw std::runtime_error(
        fmt::format("stopped after {} signatures; {} was not created",
                    job.done.load(), folder.string()));
  writer.finish();
  out.commit(0777);
  return next;
}

} // namespace chancery::apps
