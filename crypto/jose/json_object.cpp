// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/json_object.hpp"

#include "crypto/jose/strict_json.hpp"
#include "crypto/jose/strict_scanner.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace chancery::crypto {

namespace {

/// Of names that are compared each with each; more are sorted.
constexpr std::size_t few_names = 16;

/// Our forms have no more members.
constexpr std::size_t usual_members = 8;

bool are_different(std::span<std::string_view> names) {
  if (names.size() > few_names) {
    std::ranges::sort(names);
    return std::ranges::adjacent_find(names) == names.end();
  }
  for (auto at = names.begin(); at != names.end(); ++at)
    if (std::find(names.begin(), at, *at) != at)
      return false;
  return true;
}

/// Checks a whole text in one pass. It finds out only whether the text is
/// valid.
class object_reader {
 public:
  /// Strings with escapes are added to `unescaped` without them.
  object_reader(std::string_view json,
                std::forward_list<std::string>& unescaped)
      : json_(json), scan_(json), unescaped_(unescaped) {}

  /// Whether the text is an object.
  bool read(std::vector<json_member>& members) {
    // parse_strict_json says why.
    if (json_.find('\0') != std::string_view::npos)
      return false;
    members.reserve(usual_members);
    names_.reserve(usual_members);
    scan_.space();
    const auto keep = [&](std::string_view name) {
      json_member member{name, {}, {}};
      const auto begin = scan_.at();
      if (!(scan_.front() == '"' ? text(member.text) : value(1)))
        return false;
      member.json = json_.substr(begin, scan_.at() - begin);
      members.push_back(member);
      return true;
    };
    if (!scan_.take('{') || !object(keep))
      return false;
    scan_.space();
    return scan_.done();
  }

 private:
  /// Inside `depth` arrays and objects.
  bool value(std::size_t depth) {
    bool escaped = false;
    switch (scan_.front()) {
    case '{':
      return scan_.take('{') && depth < strict_json_depth_max &&
             object([&](std::string_view) { return value(depth + 1); });
    case '[':
      return scan_.take('[') && depth < strict_json_depth_max &&
             list(']', [&] { return value(depth + 1); });
    case '"':
      return scan_.string(escaped);
    case 'n':
      return scan_.word("null");
    case 't':
      return scan_.word("true");
    case 'f':
      return scan_.word("false");
    default:
      return scan_.number();
    }
  }

  /// Behind the bracket that opens. `item` is at the first character of an
  /// item and moves behind it.
  template <class Item>
  bool list(char end, Item item) {
    scan_.space();
    if (scan_.take(end))
      return true;
    do {
      scan_.space();
      if (!item())
        return false;
      scan_.space();
    } while (scan_.take(','));
    return scan_.take(end);
  }

  /// Behind the bracket that opens. `value_of` is called with a name, at the
  /// first character of its value.
  template <class Value>
  bool object(Value value_of) {
    const auto outer = names_.size();
    const auto member = [&] {
      std::string_view name;
      if (!text(name))
        return false;
      scan_.space();
      if (!scan_.take(':'))
        return false;
      scan_.space();
      names_.push_back(name);
      return value_of(name);
    };
    if (!list('}', member) || !are_different(std::span(names_).subspan(outer)))
      return false;
    names_.resize(outer);
    return true;
  }

  /// A string without its quotes and escapes.
  bool text(std::string_view& found) {
    const auto begin = scan_.at();
    bool escaped = false;
    if (!scan_.string(escaped))
      return false;
    const auto quoted = json_.substr(begin, scan_.at() - begin);
    found = quoted.substr(1, quoted.size() - 2);
    return !escaped || unescape(quoted, found);
  }

  bool unescape(std::string_view quoted, std::string_view& found) {
    const auto read = nlohmann::json::parse(quoted, nullptr, false);
    if (!read.is_string())
      return false;
    found = unescaped_.emplace_front(read.get_ref<const std::string&>());
    return true;
  }

  std::string_view json_;
  strict_scanner scan_;
  std::forward_list<std::string>& unescaped_;
  std::vector<std::string_view> names_; // of the open objects
};

} // namespace

json_object::json_object(std::string_view json) {
  if (object_reader(json, unescaped_).read(members_))
    return;
  members_.clear();
  parse_strict_json(json); // throws, unless it is another value
}

const json_member* find_member(const json_object& object,
                               const char* name) noexcept {
  const auto members = object.members();
  const auto at =
      std::ranges::find(members, std::string_view(name), &json_member::name);
  return at == members.end() ? nullptr : &*at;
}

std::optional<std::string_view> text_member(const json_object& object,
                                            const char* name) noexcept {
  const auto* member = find_member(object, name);
  if (member == nullptr || member->json.front() != '"')
    return std::nullopt;
  return member->text;
}

std::optional<std::uint64_t> number_member(const json_object& object,
                                           const char* name) noexcept {
  const auto* member = find_member(object, name);
  if (member == nullptr)
    return std::nullopt;
  const auto* const end = member->json.data() + member->json.size();
  std::uint64_t number = 0;
  const auto read = std::from_chars(member->json.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end)
    return std::nullopt;
  return number;
}

bool has_members(const json_object& object,
                 std::initializer_list<std::string_view> required,
                 std::initializer_list<std::string_view> optional) {
  std::size_t found = 0;
  for (const auto& member : object.members())
    if (std::ranges::find(required, member.name) != required.end())
      ++found;
    else if (std::ranges::find(optional, member.name) == optional.end())
      return false;
  return found == required.size();
}

} // namespace chancery::crypto
