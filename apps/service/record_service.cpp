// SPDX-License-Identifier: Apache-2.0
#include "apps/service/record_service.hpp"

#include "apps/answers/signing_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/safe_text.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace {

data_folder made_or_existing(const command_context& context,
                             std::uint64_t keys) {
  data_folder folder(context.data);
  if (std::filesystem::exists(folder.records()) &&
      !std::filesystem::exists(folder.unfinished_path()))
    return data_folder::existing(context);
  const auto made = make_data_folder(
      folder, {.keys = keys,
               .secret = find_passphrase({.file = context.passphrase_file}),
               .map_size = context.map_size});
  note(fmt::format("made a keyring of {} keys in {}", grouped(keys),
                   folder.root().string()));
  if (made.passphrase_stored)
    note(fmt::format("its passphrase is random and stored in {}: whoever reads "
                     "that file can sign",
                     folder.passphrase_path().string()));
  return folder;
}

} // namespace

record_service::record_service(const command_context& context,
                               const record_service_options& options)
    : folder_(made_or_existing(context, options.keys)), lock_(folder_.lock()),
      disk_reserve_(options.disk_reserve),
      max_wait_ms_(static_cast<std::uint32_t>(options.max_wait_ms)) {
  auto opened = folder_.open_keyring(context, true);
  actors::signing_service_options service;
  service.signing = options.signing(opened.keys);
  store_ = std::make_shared<storage::record_store>(
      folder_.open_store(data_folder::access::write, context.map_size));
  note_quarantine(*store_);
  passphrase_ = std::move(opened.used);
  first_keys_.emplace(std::move(opened.keys));
  service.max_wait_ms = max_wait_ms_;
  service.disk_reserve = options.disk_reserve;
  seals_ = first_keys_->purpose() == crypto::keyring_purpose::seal;
  service.refuses_empty = seals_;
  service.marks_kept =
      std::chrono::hours{static_cast<std::int64_t>(options.marks_hours)};
  service.keys = [this] {
    if (auto keys = std::exchange(first_keys_, std::nullopt))
      return *std::move(keys);
    return keys_again();
  };
  service.note = [](const std::string& text) { warn(text); };
  service.signed_now = [this, then = options.signed_now](const auto& rows) {
    counts_.add(rows, store_->read(), now_ms());
    if (then)
      then(rows);
  };
  counters_ = signing_status(progress_, service.signing);
  service_.emplace(*store_, service, progress_);
  status_.emplace(folder_.status_path(), [this] { return status(); });
}

record_service::~record_service() {
  status_.reset();
  service_.reset();
}

void record_service::submit(actors::record_request request,
                            actors::record_reply reply) {
  service_->submit(std::move(request), std::move(reply));
}

void record_service::throw_if_failed() const {
  if (const auto why = failure(); !why.empty())
    throw std::runtime_error(
        fmt::format("signing cannot go on: {}; every record that was answered "
                    "is stored",
                    one_line(why)));
}

// On the service's thread: it asks nobody.
crypto::keyring record_service::keys_again() const {
  const auto lock = folder_.lock_keyring_file();
  return open_under(folder_.keyring_path(), passphrase_, true);
}

nlohmann::ordered_json record_service::status() const {
  auto status = counters_();
  status["service"] = true;
  status["epoch"] = service_->epoch();
  status["max_wait_ms"] = max_wait_ms_;
  const auto oldest = oldest_unsigned_seconds();
  status["oldest_unsigned_seconds"] =
      oldest ? nlohmann::ordered_json(*oldest) : nlohmann::ordered_json();
  return status;
}

std::optional<double> record_service::oldest_unsigned_seconds() const {
  const auto view = store_->read();
  const std::scoped_lock lock(mutex_);
  all_signed_before_ = view.first_unsigned(all_signed_before_);
  if (all_signed_before_ >= view.record_count())
    return std::nullopt;
  const auto came = view.arrival_of(all_signed_before_);
  if (!came)
    return std::nullopt;
  const auto now = now_ms();
  return now > came->time_ms ? static_cast<double>(now - came->time_ms) / 1e3
                             : 0.0;
}

} // namespace chancery::apps
