// SPDX-License-Identifier: Apache-2.0
#pragma once

// Moves over the tokens of JSON (RFC 8259) by the rules of strict_json.hpp, for
// json_object.cpp. Each function returns whether its token is there and valid;
// after a false the position means nothing. Belongs to one thread at a time.

#include <cstddef>
#include <string_view>

namespace chancery::crypto {

class strict_scanner {
 public:
  /// The text has no zero byte.
  explicit strict_scanner(std::string_view text) noexcept : text_(text) {}

  std::size_t at() const noexcept { return at_; }
  bool done() const noexcept { return at_ == text_.size(); }
  /// A zero at the end.
  char front() const noexcept { return done() ? '\0' : text_[at_]; }

  bool take(char c) noexcept {
    const bool there = front() == c;
    at_ += there ? 1 : 0;
    return there;
  }

  void space() noexcept {
    while (!done() && text_[at_] <= ' ' && is_space(text_[at_]))
      ++at_;
  }

  /// null, true or false.
  bool word(std::string_view word) noexcept;

  /// A string with its quotes. Sets `escaped` if it has escapes.
  bool string(bool& escaped) noexcept;

  /// A number that a double can hold, though perhaps not exactly.
  bool number();

 private:
  static bool is_space(char c) noexcept {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
  std::size_t digits() noexcept;
  bool character(bool& escaped) noexcept;
  bool escape() noexcept;
  int code_unit() noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
};

} // namespace chancery::crypto
