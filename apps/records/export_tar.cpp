// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/new_file.hpp"
#include "apps/platform/spool_file.hpp"
#include "apps/records/export_files.hpp"
#include "apps/records/tar_stream.hpp"
#include "apps/terminal/console.hpp"

#include <algorithm>
#include <utility>

namespace chancery::apps {

namespace {

/// Passes on what is verified. The index, whose size stands before it and which
/// grows with the records, is set aside in a file.
class export_archive : public file_target {
 public:
  explicit export_archive(std::function<void(std::string_view)> out)
      : out_(std::move(out)),
        tar_([this](std::string_view bytes) { unverified_ += bytes; }) {}

  void put(const std::string& name, std::string_view bytes,
           std::uint64_t time_ms) override {
    tar_.begin(name, bytes.size(), time_ms);
    tar_.data(bytes);
    last_time_ms_ = std::max(last_time_ms_, time_ms);
  }

  void index(std::string_view line) override { index_.write(line); }

  void verified() override {
    out_(unverified_);
    unverified_.clear();
  }

  void finish() {
    tar_.begin("index.tsv", index_.size(), last_time_ms_);
    index_.read([&](std::string_view bytes) {
      tar_.data(bytes);
      verified();
    });
    tar_.finish();
    verified();
  }

 private:
  std::function<void(std::string_view)> out_;
  std::string unverified_;
  spool_file index_;
  std::uint64_t last_time_ms_ = 0;
  tar_stream tar_;
};

std::uint64_t put_tar(const export_job& job, file_format format,
                      std::function<void(std::string_view)> out) {
  export_archive target(std::move(out));
  const auto next = put_files(job, format, target);
  target.finish();
  return next;
}

} // namespace

std::uint64_t export_tar(const export_job& job, file_format format,
                         const std::filesystem::path& file) {
  new_file out(file, 0644, new_file::existing::replace);
  const auto next =
      put_tar(job, format, [&](std::string_view bytes) { out.write(bytes); });
  out.commit();
  return next;
}

std::uint64_t export_tar_to_stdout(const export_job& job, file_format format) {
  const auto next =
      put_tar(job, format, [](std::string_view bytes) { put(bytes); });
  finish_output();
  return next;
}

} // namespace chancery::apps
