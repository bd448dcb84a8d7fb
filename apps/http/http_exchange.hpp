// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is in memory of a request, from its first octet to the last of its
// answer. A connection at rest has none.
//
// For the one file with Asio and Beast.

#include <utility>

#include "apps/http/http_answer.hpp"
#include "apps/http/http_body_parser.hpp"
#include "apps/http/http_head.hpp"
#include "apps/http/http_parts.hpp"
#include "apps/http/http_stream.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::apps {

class http_exchange {
 public:
  http_exchange(const http_parts& parts, const http_peer& peer)
      : scan(parts.limits),
        parser(parts.limits.header_bytes_max,
               [this](std::uint64_t octets) { return reserve(octets); }),
        book_(*parts.book) {
    request.peer = peer;
  }
  http_exchange(const http_exchange&) = delete;
  http_exchange& operator=(const http_exchange&) = delete;
  ~http_exchange() {
    end_stream();
    if (reserved_ != 0)
      book_.release(reserved_);
    if (held_ != 0)
      book_.release_answer(held_);
  }

  /// Room for octets of the body, until the answer is written.
  bool reserve(std::uint64_t octets) {
    if (octets != 0 && !book_.reserve(octets))
      return false;
    reserved_ += octets;
    return true;
  }

  /// Room for an answer until it is written; a small one needs none.
  bool hold_answer(const http_response& response) {
    const std::uint64_t octets = response.body.size();
    if (octets <= body_apart_octets)
      return true;
    if (!book_.reserve_answer(octets))
      return false;
    held_ += octets;
    return true;
  }

  http_head_scan scan;
  http_body_parser parser;
  http_request request; ///< without its body
  http_admission admission;
  bool sound_header = false;
  bool http_1_1 = true;
  bool keeps_alive = false; ///< the connection, after the answer
  std::chrono::steady_clock::time_point body_begin;

  /// What a sound header says; its texts are moved.
  void take(http_head& head) {
    request.method = std::move(head.method);
    request.text = std::move(head.text);
    request.target = std::move(head.target);
    request.fields = std::move(head.fields);
    sound_header = true;
    http_1_1 = head.http_1_1;
    keeps_alive = head.keeps_alive;
  }

  /// To be written next. An answer that cannot be written is the handler's
  /// fault, and becomes an empty one.
  void set_answer(http_response response) {
    const auto now = std::chrono::system_clock::now();
    try {
      head_ = answer_head(response, keeps_alive, now, http_1_1);
    } catch (const std::invalid_argument&) {
      response = http_response{};
      response.status = status_of(http_fault::internal);
      head_ = answer_head(response, keeps_alive, now);
    }
    body_.clear();
    written_ = 0;
    interim_ = false;
    if (!has_content(response.status) || request.method == "HEAD")
      return;
    if (response.stream) {
      stream_ = std::move(response.stream);
      book_.begin_stream();
      head_ += framed(std::move(response.body), false);
      return;
    }
    body_ = std::move(response.body);
    if (body_.size() > body_apart_octets)
      return;
    head_ += body_;
    body_.clear();
  }

  /// The answer goes on after what is unwritten.
  bool streams() const noexcept { return stream_ != nullptr; }
  bool stream_is_broken() const { return stream_ && stream_->broken(); }

  /// What is unwritten ends a stream that its owner has not ended: a drain
  /// waits for nobody who does not read it.
  bool cut_short() const noexcept { return cut_short_; }

  /// The next piece of the stream, to be written; false when there is none yet.
  /// It is the last one if the owner says so, or `end`.
  bool take_piece(bool end) {
    auto [octets, last] = stream_->next();
    cut_short_ = end && !last;
    last = last || end;
    if (octets.empty() && !last)
      return false;
    head_ = framed(std::move(octets), last);
    written_ = 0;
    if (last)
      end_stream();
    return true;
  }

  /// 100, before the answer (RFC 9110 15.2.1).
  void set_interim() {
    head_ = "HTTP/1.1 100 Continue\r\n\r\n";
    interim_ = true;
  }
  bool is_interim() const noexcept { return interim_; }

  std::string_view unwritten() const noexcept {
    const std::string_view head = head_;
    const std::string_view body = body_;
    return written_ < head.size() ? head.substr(written_)
                                  : body.substr(written_ - head.size());
  }
  void note_written(std::size_t octets) noexcept { written_ += octets; }

 private:
  /// For HTTP/1.0 a body ends with its connection (RFC 9112 6.3).
  std::string framed(std::string octets, bool last) const {
    return http_1_1 ? as_chunk(octets, last) : std::move(octets);
  }

  void end_stream() {
    if (std::exchange(stream_, nullptr))
      book_.end_stream();
  }

  /// A smaller body goes out in one piece with its head.
  static constexpr std::size_t body_apart_octets = std::size_t{16} << 10;

  http_book& book_;
  std::uint64_t reserved_ = 0;
  std::uint64_t held_ = 0; ///< of the answer
  std::string head_;
  std::string body_;
  std::size_t written_ = 0; ///< of both
  std::shared_ptr<http_stream_reader> stream_;
  bool interim_ = false;
  bool cut_short_ = false;
};

} // namespace chancery::apps
