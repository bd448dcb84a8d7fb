// SPDX-License-Identifier: Apache-2.0
#include "apps/records/tar_stream.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

tar_stream::tar_stream(std::function<void(std::string_view)> out)
    : sink_(new sink{.out = std::move(out)}),
      archive_(archive_write_new(), &archive_write_free) {
  if (!archive_)
    throw std::bad_alloc();
  check(archive_write_set_format_pax_restricted(archive_.get()));
  // No blocks: each piece comes out before the call that writes it returns.
  check(archive_write_set_bytes_per_block(archive_.get(), 0));
  check(archive_write_open(archive_.get(), sink_.get(), nullptr, &pass_on,
                           nullptr));
}

tar_stream::~tar_stream() {
  sink_->out = [](std::string_view) {}; // the end of an unfinished archive
}

void tar_stream::begin(const std::string& name, std::uint64_t size,
                       std::uint64_t time_ms) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(
      archive_entry_new(), &archive_entry_free);
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  archive_entry_set_mtime(entry.get(), static_cast<time_t>(time_ms / 1000), 0);
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  check(archive_write_header(archive_.get(), entry.get()));
}

void tar_stream::data(std::string_view bytes) {
  if (!bytes.empty())
    check(archive_write_data(archive_.get(), bytes.data(), bytes.size()));
}

void tar_stream::finish() { check(archive_write_close(archive_.get())); }

std::ptrdiff_t tar_stream::pass_on(::archive* /*from*/, void* to,
                                   const void* bytes, std::size_t size) {
  auto& target = *static_cast<sink*>(to);
  // check() throws the error: libarchive would leak memory after one of its
  // own.
  try {
    if (!target.error)
      target.out({static_cast<const char*>(bytes), size});
  } catch (...) {
    target.error = std::current_exception();
  }
  return static_cast<std::ptrdiff_t>(size);
}

void tar_stream::check(std::ptrdiff_t result) {
  if (sink_->error)
    std::rethrow_exception(sink_->error);
  if (result < ARCHIVE_OK)
    throw std::runtime_error(fmt::format("cannot write the tar archive: {}",
                                         archive_error_string(archive_.get())));
}

} // namespace chancery::apps
