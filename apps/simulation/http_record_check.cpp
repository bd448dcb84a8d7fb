// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/http_record_check.hpp"

#include "actors/audit/signature_checker.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/keys/key.hpp"

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

namespace chancery::apps {

namespace {

constexpr std::chrono::seconds wait_max{5}; // of one request

/// What was read does not hold.
class record_fault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void require_that(bool holds, const std::string& sentence) {
  if (!holds)
    throw record_fault(sentence);
}

class feed_reader {
 public:
  feed_reader(const http_client_options& server,
              const crypto::public_keyring& keys,
              const std::vector<acknowledged_record>& held,
              http_signatures& found)
      : http_(server), table_(keys), checker_(table_), held_(held),
        found_(found) {}

  void read(std::atomic<std::uint64_t>& done, const std::atomic<bool>& stop,
            const record_check_options& options) {
    check_ids();
    if (!read_feed(done, stop, options))
      return;
    require_that(at("/v1/signatures?replaced_after=0").empty(),
                 "a record was signed a second time");
    for (const auto& record : held_) {
      if (stop)
        return;
      require_that(
          at(fmt::format("/v1/records/{}/data", record.id)) == record.bytes,
          fmt::format("record {} has other bytes than were sent", record.id));
      ++done;
    }
  }

 private:
  /// No two records were given the same id, and none is missing.
  void check_ids() const {
    for (std::size_t i = 0; i < held_.size(); ++i)
      require_that(
          held_[i].id == i,
          fmt::format("the ids that were told are not 0 to {}, each once",
                      held_.size() - 1));
  }

  /// False when it was stopped.
  bool read_feed(std::atomic<std::uint64_t>& done,
                 const std::atomic<bool>& stop,
                 const record_check_options& options) {
    const auto wait = std::min(wait_max, options.patience);
    for (auto silent = std::chrono::seconds(0); next_ < held_.size();) {
      if (stop)
        return false;
      const auto before = next_;
      check_page(page(wait));
      done += next_ - before;
      silent = next_ > before ? std::chrono::seconds(0) : silent + wait;
      require_that(next_ > before || silent < options.patience,
                   fmt::format("record {} is not signed", next_));
    }
    require_that(page({}).empty(), "there are more signatures than records");
    return true;
  }

  std::string page(std::chrono::seconds wait) {
    auto path = fmt::format("/v1/signatures?limit=1000&wait={}", wait.count());
    if (next_ > 0)
      path += fmt::format("&after={}", next_ - 1);
    return at(path);
  }

  std::string at(const std::string& path) {
    ++found_.reads;
    auto answer = http_.send("GET", path);
    require_that(
        answer.status == 200,
        fmt::format("GET {} was answered with {}", path, answer.status));
    return std::move(answer.body);
  }

  void check_page(std::string_view lines) {
    std::deque<std::string> signatures; // stay where they are
    const auto first = next_;
    while (!lines.empty()) {
      const auto end = std::min(lines.find('\n'), lines.size());
      check_line(nlohmann::json::parse(lines.substr(0, end)), signatures);
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    checker_.finish([](const actors::wrong_signature& wrong) {
      require_that(false, fmt::format("the signature of record {}: {}",
                                      wrong.record, wrong.text()));
    });
    found_.verified += next_ - first;
  }

  void check_line(const nlohmann::json& line,
                  std::deque<std::string>& signatures) {
    require_that(next_ < held_.size(),
                 "there are more signatures than records");
    require_that(line.at("record") == next_,
                 fmt::format("the feed has record {} in the place of {}",
                             line.at("record").dump(), next_));
    const auto& record = held_[next_];
    require_that(
        line.at("name") == record.name,
        fmt::format("record {} has another name than it was sent with", next_));
    const auto& text = line.at("signature").get_ref<const std::string&>();
    require_that(
        record.signature.empty() || record.signature == text,
        fmt::format("record {} has another signature than its client was "
                    "told",
                    next_));
    const auto raw = crypto::base64url_decode(text);
    require_that(
        raw.has_value() && !checker_.full(),
        fmt::format("the signature of record {} cannot be read", next_));
    signatures.push_back(*raw);
    storage::batch_row batch;
    batch.first = line.at("batch").at("first");
    batch.key =
        crypto::key_id_from_text(line.at("key").get_ref<const std::string&>());
    checker_.add(next_, batch, nullptr, crypto::bytes_of(record.bytes),
                 crypto::bytes_of(signatures.back()));
    ++next_;
  }

  http_client http_;
  actors::key_table table_;
  actors::signature_checker checker_;
  const std::vector<acknowledged_record>& held_;
  http_signatures& found_;
  std::size_t next_ = 0; ///< of held_, and the id that comes next
};

} // namespace

http_signatures check_records_over_http(
    const http_client_options& server, const crypto::public_keyring& keys,
    const std::vector<acknowledged_record>& held,
    std::atomic<std::uint64_t>& done, const std::atomic<bool>& stop,
    const record_check_options& options) {
  http_signatures found;
  try {
    feed_reader(server, keys, held, found).read(done, stop, options);
  } catch (const record_fault& e) {
    found.fault = e.what();
  } catch (const std::invalid_argument& e) {
    found.fault = e.what(); // a key that cannot be read
  } catch (const nlohmann::json::exception&) {
    found.fault = "an answer is not the JSON that it should be";
  }
  return found;
}

} // namespace chancery::apps
