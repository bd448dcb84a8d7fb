// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/passphrase.hpp"

#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/terminal_prompt.hpp"
#include "crypto/base/base64url.hpp"

#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>
#include <utility>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t passphrase_file_size_max = 64 * 1024;

passphrase non_empty(crypto::secret_string text, std::string source) {
  if (text.empty())
    throw std::runtime_error(fmt::format(
        "{} is empty: a passphrase needs at least one character", source));
  return {std::move(text), std::move(source)};
}

std::optional<passphrase> ask(const passphrase_sources& sources) {
  auto text = prompt_secret(sources.prompt);
  if (!text)
    return std::nullopt;
  if (sources.ask_twice && prompt_secret("Repeat the passphrase") != text)
    throw std::runtime_error("the two passphrases differ: nothing was changed");
  return non_empty(std::move(*text), "the typed passphrase");
}

} // namespace

crypto::secret_string passphrase_from_file(const fs::path& path) {
  auto text = read_file(path, passphrase_file_size_max);
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
      (status.st_mode & 077) != 0)
    warn(fmt::format("{} holds a passphrase and other users can read it: "
                     "chmod 600 {}",
                     path.string(), path.string()));
  text.resize(std::min(text.size(), text.find('\n')));
  if (!text.empty() && text.back() == '\r')
    text.pop_back();
  return text;
}

std::optional<passphrase> find_passphrase(const passphrase_sources& sources) {
  if (!sources.file.empty())
    return non_empty(
        passphrase_from_file(sources.file),
        fmt::format("the passphrase from {}", sources.file.string()));
  const char* text =
      sources.variable != nullptr ? std::getenv(sources.variable) : nullptr;
  if (text != nullptr)
    return non_empty(text, fmt::format("the passphrase from the environment "
                                       "variable {}",
                                       sources.variable));
  std::error_code ignored;
  if (!sources.stored.empty() && fs::exists(sources.stored, ignored))
    return non_empty(
        passphrase_from_file(sources.stored),
        fmt::format("the passphrase from {}", sources.stored.string()));
  if (!sources.prompt.empty())
    return ask(sources);
  return std::nullopt;
}

crypto::secret_string random_passphrase(const crypto::random_source& random) {
  std::array<std::byte, 32> bits{};
  random(bits);
  auto text = crypto::base64url_encode_secret(bits);
  crypto::wipe(bits);
  return text;
}

} // namespace chancery::apps
