// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/simulated_host.hpp"

#include "apps/simulation/interruption.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int lines_shown = 8;

std::string text_of(const fs::path& path, std::uintmax_t from) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(from));
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string last_lines(std::string text, int lines) {
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  auto at = text.size();
  for (; lines > 0 && at != std::string::npos && at > 0; --lines)
    at = text.rfind('\n', at - 1);
  return at == std::string::npos || at == 0 ? text : text.substr(at + 1);
}

} // namespace

simulated_host::simulated_host(std::string name, const fs::path& logs,
                               fs::path program)
    : name_(std::move(name)),
      program_(std::move(program)), output_{logs / (name_ + ".out"),
                                            logs / (name_ + ".err")} {}

void simulated_host::start(const std::vector<std::string>& arguments) {
  std::error_code missing;
  const auto size = fs::file_size(output_.words, missing);
  born_ = missing ? 0 : size;
  child_ = std::make_unique<child_process>(program_, arguments, output_);
}

void simulated_host::kill() {
  child_.reset();
  paused_ = false;
}

void simulated_host::pause() {
  if (child_) {
    child_->signal(SIGSTOP);
    paused_ = true;
  }
}

void simulated_host::resume() {
  if (child_)
    child_->signal(SIGCONT);
  paused_ = false;
}

std::optional<int> simulated_host::ended() {
  if (!child_)
    return std::nullopt;
  const auto code = child_->ended();
  if (code)
    child_.reset();
  return code;
}

void simulated_host::finish(int code, const std::atomic<bool>& stop) {
  while (child_) {
    throw_if_stopped(stop);
    const auto got = child_->wait(50ms);
    if (!got)
      continue;
    child_.reset();
    if (*got != code)
      fail(fmt::format("ended with {}", *got));
  }
}

void simulated_host::end(int code, const std::atomic<bool>& stop) {
  if (child_)
    child_->signal(SIGTERM);
  finish(code, stop);
}

std::optional<std::string>
simulated_host::word_behind(std::string_view text) const {
  const auto said = text_of(output_.words, born_);
  const auto at = said.find(text);
  if (at == std::string::npos)
    return std::nullopt;
  const auto begin = at + text.size();
  const auto end = said.find_first_of(" \n", begin);
  // Without an end the word is not written completely yet.
  if (end == std::string::npos)
    return std::nullopt;
  return said.substr(begin, end - begin);
}

std::optional<std::string> simulated_host::first_line() const {
  const auto text = text_of(output_.answers, 0);
  const auto end = text.find('\n');
  return end == std::string::npos ? std::nullopt
                                  : std::optional(text.substr(0, end));
}

nlohmann::ordered_json simulated_host::answer() const {
  try {
    return nlohmann::ordered_json::parse(text_of(output_.answers, 0));
  } catch (const nlohmann::json::exception&) {
    fail("gave no answer in JSON");
  }
}

void simulated_host::fail(const std::string& what) const {
  throw host_failed(fmt::format("{} {}; its last lines on stderr:{}", name_,
                                what, last_words()));
}

std::string simulated_host::last_words() const {
  const auto words = last_lines(text_of(output_.words, 0), lines_shown);
  return words.empty() ? " none" : "\n" + words;
}

nlohmann::ordered_json run_command(const std::string& name,
                                   const fs::path& logs,
                                   const std::vector<std::string>& arguments,
                                   const std::atomic<bool>& stop) {
  simulated_host host(name, logs);
  host.start(arguments);
  host.finish(0, stop);
  return host.answer();
}

} // namespace chancery::apps
