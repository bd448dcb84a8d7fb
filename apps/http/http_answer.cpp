// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_answer.hpp"

#include "apps/http/http_head.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <stdexcept>
#include <string_view>

namespace chancery::apps {

namespace {

std::string date_of(std::time_t second) {
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed",
                                                 "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr",
                                                    "May", "Jun", "Jul", "Aug",
                                                    "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  if (::gmtime_r(&second, &utc) == nullptr)
    throw std::invalid_argument("a time that no calendar has");
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     days.at(static_cast<std::size_t>(utc.tm_wday)),
                     utc.tm_mday,
                     months.at(static_cast<std::size_t>(utc.tm_mon)),
                     utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

/// Of RFC 9110 15, 6585 and 4918. Clients read the number alone.
std::string_view reason_phrase(int status) noexcept {
  constexpr std::array<std::pair<int, std::string_view>, 36> phrases{{
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  }};
  for (const auto& [number, phrase] : phrases)
    if (number == status)
      return phrase;
  return "";
}

} // namespace

bool has_content(int status) noexcept { return status != 204 && status != 304; }

std::string http_date(std::chrono::system_clock::time_point time) {
  // Thousands of answers have the same date.
  thread_local std::time_t known = 0;
  thread_local std::string date = date_of(known);
  if (const auto second = std::chrono::system_clock::to_time_t(time);
      second != known) {
    date = date_of(second);
    known = second;
  }
  return date;
}

std::string answer_head(const http_response& response, bool keeps_alive,
                        std::chrono::system_clock::time_point now,
                        bool chunked) {
  if (response.status < 200 || response.status > 599)
    throw std::invalid_argument("an answer with a status that ends none");
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status,
                  reason_phrase(response.status), http_date(now));
  for (const auto& field : response.fields) {
    if (!is_token(field.name) || !is_field_value(field.value))
      throw std::invalid_argument("a field that would end its line");
    head.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  if (has_content(response.status) && response.stream)
    head += chunked ? "Transfer-Encoding: chunked\r\n" : "";
  else if (has_content(response.status))
    head += fmt::format("Content-Length: {}\r\n", response.body.size());
  if (!keeps_alive)
    head += "Connection: close\r\n";
  return head + "\r\n";
}

std::string as_chunk(std::string_view octets, bool last) {
  std::string chunk;
  if (!octets.empty())
    chunk = fmt::format("{:x}\r\n{}\r\n", octets.size(), octets);
  if (last)
    chunk += "0\r\n\r\n";
  return chunk;
}

} // namespace chancery::apps
