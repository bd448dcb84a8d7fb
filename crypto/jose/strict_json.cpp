// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/strict_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

/// Builds a document event by event; an event that returns false ends the
/// parsing.
template <class Json>
class strict_builder {
 public:
  using number_integer_t = typename Json::number_integer_t;
  using number_unsigned_t = typename Json::number_unsigned_t;
  using number_float_t = typename Json::number_float_t;
  using string_t = typename Json::string_t;
  using binary_t = typename Json::binary_t;

  bool null() { return place(nullptr); }
  bool boolean(bool v) { return place(v); }
  bool number_integer(number_integer_t v) { return place(v); }
  bool number_unsigned(number_unsigned_t v) { return place(v); }
  template <class Text>
  bool number_float(number_float_t v, const Text&) {
    return place(v);
  }
  bool string(string_t& v) { return place(v); }
  bool binary(binary_t&) { return fail("binary data"); }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t& name) {
    // The member is null until its value arrives.
    const auto [at, fresh] =
        open_.back()->template get_ref<typename Json::object_t&>().emplace(
            name, nullptr);
    if (!fresh)
      return fail("a member appears twice");
    member_ = &at->second;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) {
    return fail(fmt::format("a syntax error at byte {}", position));
  }

  Json take(bool complete) {
    if (!complete)
      throw std::invalid_argument("not valid JSON: " + reason_);
    return std::move(root_);
  }

 private:
  Json* put(Json value) {
    if (open_.empty())
      return &(root_ = std::move(value));
    if (open_.back()->is_array()) {
      open_.back()->push_back(std::move(value));
      return &open_.back()->back();
    }
    return &(*member_ = std::move(value));
  }

  bool place(Json value) {
    put(std::move(value));
    return true;
  }

  bool open(Json empty) {
    if (open_.size() == strict_json_depth_max)
      return fail("it is nested too deeply");
    open_.push_back(put(std::move(empty)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool fail(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }

  Json root_;
  // The pointers stay valid: an array moves its elements when it grows, but
  // only the innermost open container grows, and none of its elements is open.
  std::vector<Json*> open_;
  Json* member_ = nullptr;
  std::string reason_ = "it ends early";
};

/// nlohmann's lexer silently drops a byte order mark (RFC 8259 section 8.1
/// forbids one) and ends at a zero byte, after which anything could follow.
void refuse_what_the_lexer_skips(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf"))
    throw std::invalid_argument("not valid JSON: it begins with a byte order "
                                "mark");
  if (const auto at = text.find('\0'); at != std::string_view::npos)
    throw std::invalid_argument(
        fmt::format("not valid JSON: a zero byte at byte {}", at + 1));
}

template <class Json>
Json parse(std::string_view text) {
  refuse_what_the_lexer_skips(text);
  strict_builder<Json> builder;
  const bool complete = Json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take(complete);
}

} // namespace

nlohmann::json parse_strict_json(std::string_view text) {
  return parse<nlohmann::json>(text);
}

secret_json parse_secret_json(std::string_view text) {
  return parse<secret_json>(text);
}

} // namespace chancery::crypto
