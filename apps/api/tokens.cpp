// SPDX-License-Identifier: Apache-2.0
#include "apps/api/tokens.hpp"

#include "apps/folders/listed_lines.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/timestamp.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

namespace {

constexpr scope all_scopes[] = {scope::submit, scope::read, scope::metrics};
constexpr std::size_t token_name_max = 64;
constexpr std::size_t entries_max = 10'000;
constexpr std::string_view certificate_mark = "cert:";
constexpr std::string_view prefix_mark = "prefix=";

std::string_view next_word(std::string_view& line) {
  constexpr std::string_view blanks = " \t";
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  const auto word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

std::optional<token_entry::hash_bytes> hash_in(std::string_view text) {
  const auto octets = crypto::base64url_decode(text);
  token_entry::hash_bytes hash{};
  if (!octets || octets->size() != hash.size())
    return std::nullopt;
  std::ranges::copy(*octets, hash.begin());
  return hash;
}

token_entry entry_in(std::string_view line) {
  token_entry entry;
  entry.name = next_word(line);
  check_token_name(entry.name);
  entry.scopes = scope_set::parse(next_word(line));
  auto word = next_word(line);
  entry.certificate = word.starts_with(certificate_mark);
  if (entry.certificate)
    word.remove_prefix(certificate_mark.size());
  const auto hash = hash_in(word);
  if (!hash)
    throw std::invalid_argument("its third word is not the hash of a token, as "
                                "`chancery token make` writes it");
  entry.hash = *hash;
  word = next_word(line);
  if (word.starts_with(prefix_mark)) {
    entry.prefix = word.substr(prefix_mark.size());
    word = next_word(line);
  }
  if (!word.empty()) {
    entry.until_ms = crypto::time_from_rfc3339(word);
    if (!entry.until_ms)
      throw std::invalid_argument(
          "its last word is not a time such as 2027-01-01T00:00:00Z");
  }
  if (!next_word(line).empty())
    throw std::invalid_argument("it has more words than an entry has");
  return entry;
}

} // namespace

std::string_view to_text(scope s) noexcept {
  return s == scope::submit ? "submit" : s == scope::read ? "read" : "metrics";
}

scope_set scope_set::all() noexcept {
  scope_set set;
  for (const auto s : all_scopes)
    set.add(s);
  return set;
}

scope_set scope_set::parse(std::string_view text) {
  scope_set set;
  for (bool more = true; more;) {
    const auto end = text.find(',');
    const auto word = text.substr(0, end);
    const auto* found =
        std::ranges::find(all_scopes, word, [](scope s) { return to_text(s); });
    if (found == std::end(all_scopes))
      throw std::invalid_argument("a scope is submit, read or metrics; commas "
                                  "separate several");
    set.add(*found);
    more = end != std::string_view::npos;
    if (more)
      text.remove_prefix(end + 1);
  }
  return set;
}

std::string scope_set::text() const {
  std::string all;
  for (const auto s : all_scopes)
    if (has(s))
      all += fmt::format("{}{}", all.empty() ? "" : ",", to_text(s));
  return all;
}

std::string token_entry::line() const {
  auto text = fmt::format(
      "{} {} {}{}", name, scopes.text(), certificate ? certificate_mark : "",
      crypto::base64url_encode(std::as_bytes(std::span(hash))));
  if (!prefix.empty())
    text += fmt::format(" {}{}", prefix_mark, prefix);
  if (until_ms)
    text += " " + crypto::to_rfc3339(*until_ms);
  return text;
}

token_book token_book::parse(std::string_view text) {
  token_book book;
  each_listed_line(text, [&](std::size_t number, std::string_view line) {
    try {
      auto entry = entry_in(line);
      if (std::ranges::find(book.entries_, entry.name, &token_entry::name) !=
          book.entries_.end())
        throw std::invalid_argument("its name stands in a line above");
      if (book.entries_.size() == entries_max)
        throw std::invalid_argument("a file has 10,000 tokens at most");
      book.entries_.push_back(std::move(entry));
    } catch (const std::invalid_argument& e) {
      throw std::invalid_argument(fmt::format("line {}: {}", number, e.what()));
    }
  });
  return book;
}

const token_entry* token_book::find_token(std::string_view token) const {
  return find(token_hash(token), false);
}

const token_entry*
token_book::find_certificate(std::string_view key_hash) const {
  const auto hash = hash_in(key_hash);
  return hash ? find(*hash, true) : nullptr;
}

const token_entry* token_book::find(const token_entry::hash_bytes& hash,
                                    bool certificate) const {
  const token_entry* found = nullptr;
  for (const auto& entry : entries_) {
    unsigned differing = entry.certificate == certificate ? 0 : 1;
    for (std::size_t i = 0; i < hash.size(); ++i)
      differing |= static_cast<unsigned>(hash[i] ^ entry.hash[i]);
    if (differing == 0)
      found = &entry;
  }
  return found;
}

std::string make_token(const crypto::random_source& random) {
  std::array<std::byte, 32> octets{};
  random(octets);
  return "cht_" + crypto::base64url_encode(octets);
}

token_entry::hash_bytes token_hash(std::string_view token) {
  return crypto::sha256(crypto::bytes_of(token));
}

void check_token_name(std::string_view name) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  if (name.empty() || name.size() > token_name_max ||
      name.find_first_not_of(allowed) != std::string_view::npos)
    throw std::invalid_argument("a token's name has 1 to 64 letters, digits, "
                                "hyphens, dots and underscores");
}

} // namespace chancery::apps
