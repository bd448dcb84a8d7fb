// SPDX-License-Identifier: Apache-2.0
#include "apps/api/page_copy.hpp"

#include "apps/api/embedded_file.hpp"
#include "apps/api/page_answer.hpp"
#include "crypto/base/gzip.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::string_view page_folder = "page/";
constexpr std::string_view page_index = "index.html";
constexpr std::string_view line_for_the_server =
    R"(<meta name="chancery-server" content="">)";

} // namespace

std::string page_asking(std::string html,
                        const std::optional<std::string>& server) {
  const auto at = html.find(line_for_the_server);
  if (at == std::string::npos ||
      html.find(line_for_the_server, at + 1) != std::string::npos)
    throw std::logic_error("index.html has not one line for the server");
  // Nothing in an origin or in the policy has to be escaped in HTML.
  const auto lines = fmt::format(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"chancery-server\" content=\"{}\">",
      page_policy(server.value_or("'none'"), markup_from_text::refused),
      server.value_or("none"));
  return html.replace(at, line_for_the_server.size(), lines);
}

std::vector<page_file> page_copy(const std::optional<std::string>& server) {
  std::vector<page_file> files;
  for (const auto& file : embedded_files()) {
    if (!file.name.starts_with(page_folder))
      continue;
    auto contents = crypto::gunzip(file.gzip);
    if (file.name.substr(page_folder.size()) == page_index)
      files.push_back(
          {std::string(page_index), page_asking(std::move(contents), server)});
    else
      files.push_back({std::string(file.name), std::move(contents)});
  }
  return files;
}

} // namespace chancery::apps
