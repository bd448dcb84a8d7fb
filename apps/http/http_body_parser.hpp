// SPDX-License-Identifier: Apache-2.0
#pragma once

// Beast's parser, as far as it is needed behind http_head: a second opinion on
// the header, and the body out of lengths and chunks. Included by the one file
// with Beast alone.

#include <utility>

#include "apps/http/http_message.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::apps {

class http_body_parser final : private boost::beast::http::basic_parser<true> {
 public:
  /// `reserve` is asked before a chunk is kept, with its size.
  http_body_parser(std::uint32_t header_bytes_max,
                   std::function<bool(std::uint64_t)> reserve)
      : overhead_left_(header_bytes_max), reserve_(std::move(reserve)) {
    header_limit(header_bytes_max);
    // Not `none`, which Beast 1.74 takes for 0 where it meets a length.
    body_limit(std::numeric_limits<std::uint64_t>::max());
  }

  /// The whole header, without an empty line before it. False: Beast refuses.
  bool take_header(std::string_view octets) {
    boost::beast::error_code error;
    put(boost::asio::buffer(octets.data(), octets.size()), error);
    return !error && is_header_done();
  }

  /// What a chunked body may have, and what exceeding it is.
  void limit_chunks(std::uint64_t octets, http_fault beyond) {
    body_limit(octets);
    beyond_limit_ = beyond;
  }

  bool is_whole() const { return is_done(); }

  /// How many of the octets it took; 0 when it needs more. Not when whole.
  std::size_t take(std::string_view octets) {
    boost::beast::error_code error;
    const auto taken =
        put(boost::asio::buffer(octets.data(), octets.size()), error);
    if (error == http_error::body_limit)
      fault_ = fault_.value_or(beyond_limit_);
    else if (error && error != http_error::need_more)
      fault_ = fault_.value_or(http_fault::bad_request);
    return taken;
  }

  /// Why the body is refused, if it is.
  std::optional<http_fault> fault() const noexcept { return fault_; }

  std::string& body() noexcept { return body_; }

 private:
  using http_error = boost::beast::http::error;
  using error_code = boost::beast::error_code;
  using text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, text, text, int,
                       error_code& error) override {
    error = {};
  }
  void on_response_impl(int, text, int, error_code& error) override {
    error = {};
  }
  /// http_head has the fields; trailers are dropped, as RFC 9110 6.5.1 allows.
  void on_field_impl(boost::beast::http::field, text, text,
                     error_code& error) override {
    error = {};
  }
  void on_header_impl(error_code& error) override { error = {}; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&,
                         error_code& error) override {
    error = {};
  }
  std::size_t on_body_impl(text octets, error_code& error) override {
    error = {};
    body_.append(octets.data(), octets.size());
    return octets.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, text octets,
                                 error_code& error) override {
    return on_body_impl(octets, error);
  }
  /// All extensions together are limited, as they are read for nothing.
  void on_chunk_header_impl(std::uint64_t size, text extensions,
                            error_code& error) override {
    error = {};
    if (extensions.size() > overhead_left_)
      fault_ = http_fault::header_too_large;
    else if (!reserve_(size))
      fault_ = http_fault::busy;
    if (fault_)
      error = http_error::body_limit;
    overhead_left_ -= std::min(overhead_left_, extensions.size());
  }
  void on_finish_impl(error_code& error) override { error = {}; }

  std::size_t overhead_left_;
  std::function<bool(std::uint64_t)> reserve_;
  http_fault beyond_limit_ = http_fault::too_large;
  std::optional<http_fault> fault_;
  std::string body_;
};

} // namespace chancery::apps
