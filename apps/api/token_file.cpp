// SPDX-License-Identifier: Apache-2.0
#include "apps/api/token_file.hpp"

#include "apps/platform/new_file.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>
#include <string>

namespace chancery::apps {

namespace {

constexpr std::size_t token_file_size_max = std::size_t{4} << 20;

std::string text_in(const std::filesystem::path& path) {
  const auto text = read_file(path, token_file_size_max);
  return {text.begin(), text.end()};
}

/// Who may write the file lets in whom they like.
void require_own(const std::filesystem::path& path) {
  using std::filesystem::perms;
  const auto mode = std::filesystem::status(path).permissions();
  if ((mode & (perms::group_write | perms::others_write)) != perms::none)
    throw std::runtime_error(
        fmt::format("{} can be written by others: chmod 600 {}", path.string(),
                    path.string()));
}

token_book book_in(const std::filesystem::path& path, std::string_view text) {
  try {
    return token_book::parse(text);
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("cannot use {}: {}", path.string(), e.what()));
  }
}

void replace_text(const std::filesystem::path& path, std::string_view text) {
  new_file out(path, 0600, new_file::existing::replace);
  out.write(text);
  out.commit();
}

std::string_view first_word(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  return line.substr(0, line.find_first_of(blanks));
}

} // namespace

std::shared_ptr<const token_book>
read_token_file(const std::filesystem::path& path) {
  const auto text = text_in(path); // says it when there is none
  require_own(path);
  return std::make_shared<const token_book>(book_in(path, text));
}

void append_token(const std::filesystem::path& path, const token_entry& entry) {
  auto text = std::filesystem::exists(path) ? text_in(path) : std::string();
  const auto book = book_in(path, text);
  for (const auto& other : book.entries())
    if (other.name == entry.name)
      throw std::runtime_error(
          fmt::format("{} has a token with this name already: revoke it first, "
                      "or choose another",
                      path.string()));
  if (!text.empty() && !text.ends_with('\n'))
    text += '\n';
  replace_text(path, text + entry.line() + "\n");
}

bool revoke_token(const std::filesystem::path& path, std::string_view name) {
  const auto text = text_in(path);
  book_in(path, text);
  std::string kept;
  bool found = false;
  for (std::string_view rest = text; !rest.empty();) {
    const auto line =
        rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest.remove_prefix(line.size());
    const bool wanted = first_word(line.substr(0, line.find('\n'))) == name;
    found = found || wanted;
    if (!wanted)
      kept += line;
  }
  if (found)
    replace_text(path, kept);
  return found;
}

} // namespace chancery::apps
