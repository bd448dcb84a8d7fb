// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/json_text.hpp"

#include "crypto/base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace chancery::crypto {

namespace {

constexpr std::string_view json_space = " \t\n\r";

bool is_json_digit(char c) { return c >= '0' && c <= '9'; }

bool is_json_hex_digit(char c) {
  return is_json_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Moves over a text by the grammar of RFC 8259.
class json_scanner {
 public:
  explicit json_scanner(std::string_view text) : text_(text) {}

  std::size_t at() const noexcept { return at_; }
  bool done() const noexcept { return at_ == text_.size(); }

  bool take(char c) {
    if (done() || text_[at_] != c)
      return false;
    ++at_;
    return true;
  }

  void space() {
    at_ = std::min(text_.find_first_not_of(json_space, at_), text_.size());
  }

  /// Any value, without the space around it, within `above` others.
  void value(std::size_t above = 0) {
    std::vector<bool> open; // whether each is an object
    do {
      space();
      if (take('{'))
        open.push_back(true);
      else if (take('['))
        open.push_back(false);
      else
        scalar();
      if (above + open.size() > json_text_depth_max)
        throw std::invalid_argument(fmt::format(
            "is nested deeper than {} levels, the limit", json_text_depth_max));
    } while (has_next(open));
  }

  /// A member's name with its quotes, and the colon.
  std::string_view name() {
    space();
    const auto begin = at_;
    if (!take('"'))
      fail("a member's name is missing");
    string();
    const auto found = text_.substr(begin, at_ - begin);
    space();
    if (!take(':'))
      fail("a colon is missing");
    return found;
  }

  /// Nothing but space is left.
  void end() {
    space();
    if (!done())
      fail("more text");
  }

  [[noreturn]] void fail(std::string_view what) const {
    if (done())
      throw std::invalid_argument("is not JSON: it ends early");
    if (text_[at_] == '\0')
      what = "a zero byte";
    throw std::invalid_argument(
        fmt::format("is not JSON: {} at byte {}", what, at_ + 1));
  }

 private:
  /// Behind a value or a bracket that opens: closes what ends here. False when
  /// everything has ended, true before the next value.
  bool has_next(std::vector<bool>& open) {
    bool empty = text_[at_ - 1] == '{' || text_[at_ - 1] == '[';
    while (!open.empty()) {
      space();
      if (take(open.back() ? '}' : ']')) {
        open.pop_back();
        empty = false;
        continue;
      }
      if (!empty && !take(','))
        fail(open.back() ? "a comma or } is missing"
                         : "a comma or ] is missing");
      if (open.back())
        name();
      return true;
    }
    return false;
  }

  void scalar() {
    if (take('"'))
      string();
    else if (!done() && (text_[at_] == '-' || is_json_digit(text_[at_])))
      number();
    else if (!(word("null") || word("true") || word("false")))
      fail("no value");
  }

  bool word(std::string_view w) {
    if (!text_.substr(at_).starts_with(w))
      return false;
    at_ += w.size();
    return true;
  }

  void number() {
    take('-');
    if (!take('0'))
      digits();
    if (take('.'))
      digits();
    if (take('e') || take('E')) {
      if (!take('+'))
        take('-');
      digits();
    }
  }

  void digits() {
    if (done() || !is_json_digit(text_[at_]))
      fail("a digit is missing");
    while (!done() && is_json_digit(text_[at_]))
      ++at_;
  }

  /// Behind the first quote.
  void string() {
    while (!take('"')) {
      if (done() || static_cast<unsigned char>(text_[at_]) < 0x20)
        fail("a control character in a string");
      if (take('\\')) {
        escape();
        continue;
      }
      const auto size = utf8_size(text_.substr(at_));
      if (size == 0)
        fail("text that is not UTF-8");
      at_ += size;
    }
  }

  void escape() {
    if (take('u')) {
      for (int i = 0; i < 4; ++i, ++at_)
        if (done() || !is_json_hex_digit(text_[at_]))
          fail("an escape without four hexadecimal digits");
      return;
    }
    if (done() || std::string_view(R"("\/bfnrt)").find(text_[at_]) ==
                      std::string_view::npos)
      fail("an unknown escape");
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// A string with its quotes as a text; nothing when an escape is half of a
/// surrogate pair.
std::optional<std::string> unquoted(std::string_view quoted) {
  if (quoted.find('\\') == std::string_view::npos)
    return std::string(quoted.substr(1, quoted.size() - 2));
  const auto read = nlohmann::json::parse(quoted, nullptr, false);
  return read.is_string() ? std::optional(read.get<std::string>())
                          : std::nullopt;
}

void check_beginning(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) // RFC 8259 section 8.1
    throw std::invalid_argument(
        "is not JSON: it begins with a byte order mark");
}

} // namespace

void check_json_text(std::string_view text) {
  check_beginning(text);
  json_scanner scan(text);
  scan.value();
  scan.end();
}

bool is_blank_json(std::string_view text) noexcept {
  return text.find_first_not_of(json_space) == std::string_view::npos;
}

std::optional<std::string_view> member_json(std::string_view json,
                                            std::string_view name) {
  check_beginning(json);
  json_scanner scan(json);
  scan.space();
  if (!scan.take('{')) {
    check_json_text(json);
    return std::nullopt;
  }
  std::optional<std::string_view> value;
  bool twice = false;
  scan.space();
  if (!scan.take('}')) {
    do {
      const auto found = unquoted(scan.name());
      scan.space();
      const auto begin = scan.at();
      scan.value(1);
      if (found == name) {
        twice = twice || value.has_value();
        value = json.substr(begin, scan.at() - begin);
      }
      scan.space();
    } while (scan.take(','));
    if (!scan.take('}'))
      scan.fail("a comma or } is missing");
  }
  scan.end();
  if (twice)
    throw std::invalid_argument(fmt::format("has two members \"{}\"", name));
  return value;
}

std::string member_text(std::string_view json, std::string_view name) {
  const auto value = member_json(json, name);
  if (!value)
    throw std::invalid_argument(fmt::format("has no member \"{}\"", name));
  if (value->front() == '-' || is_json_digit(value->front()))
    return std::string(*value);
  if (value->front() != '"')
    throw std::invalid_argument(fmt::format(
        "has a member \"{}\" that is neither a string nor a number", name));
  if (auto text = unquoted(*value))
    return *text;
  throw std::invalid_argument(
      fmt::format("has a member \"{}\" with half of a surrogate pair", name));
}

} // namespace chancery::crypto
