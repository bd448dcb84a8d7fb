// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_message.hpp"

#include <algorithm>
#include <atomic>

namespace chancery::apps {

namespace {

char lower_ascii(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Where the first `mark` stands outside of quoted strings (RFC 9110 5.6.4).
std::size_t unquoted(std::string_view text, char mark) noexcept {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && text[i] == mark)
      return i;
  }
  return text.size();
}

} // namespace

bool same_without_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return lower_ascii(x) == lower_ascii(y);
  });
}

std::string_view without_blanks(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::string_view> find_field(const http_fields& fields,
                                           std::string_view name) {
  for (const auto& field : fields)
    if (same_without_case(field.name, name))
      return field.value;
  return std::nullopt;
}

bool lists(std::string_view list, std::string_view member) {
  while (!list.empty()) {
    const auto end = unquoted(list, ',');
    const auto item = list.substr(0, end);
    if (same_without_case(without_blanks(item.substr(0, unquoted(item, ';'))),
                          member))
      return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

int status_of(http_fault fault) noexcept {
  switch (fault) {
  case http_fault::bad_request:
    return 400;
  case http_fault::timeout:
    return 408;
  case http_fault::length_required:
    return 411;
  case http_fault::too_large:
    return 413;
  case http_fault::target_too_long:
    return 414;
  case http_fault::expectation:
    return 417;
  case http_fault::header_too_large:
    return 431;
  case http_fault::internal:
    return 500;
  case http_fault::not_supported:
    return 501;
  case http_fault::busy:
    return 503;
  case http_fault::version:
    return 505;
  }
  return 500;
}

class http_responder::once {
 public:
  once(function answer, std::function<void()> dropped)
      : answer_(std::move(answer)), dropped_(std::move(dropped)) {}
  once(const once&) = delete;
  once& operator=(const once&) = delete;

  ~once() {
    if (answered_ || !dropped_)
      return;
    try {
      dropped_();
    } catch (...) { // without memory for an answer there is none
    }
  }

  void answer(http_response response) {
    if (!answered_.exchange(true) && answer_)
      answer_(std::move(response));
  }

 private:
  function answer_;
  std::function<void()> dropped_;
  std::atomic<bool> answered_{false};
};

http_responder::http_responder(function answer, std::function<void()> dropped)
    : once_(std::make_shared<once>(std::move(answer), std::move(dropped))) {}

void http_responder::operator()(http_response response) const {
  if (once_)
    once_->answer(std::move(response));
}

} // namespace chancery::apps
