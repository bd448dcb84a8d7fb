// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_pages.hpp"

#include "apps/api/page_answer.hpp"
#include "apps/api/problem.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace {

http_response problem_answer(const api_request& request) {
  const auto* kind = find_problem(request.values.at(0));
  if (kind == nullptr)
    throw problem("not_found", "there is no problem with this code");
  return page_answer(problem_page(*kind));
}

/// The files of the program, with the tags that name their contents.
class program_files {
 public:
  program_files() {
    for (const auto& file : embedded_files())
      files_.push_back({file, tag_of(file)});
  }

  bool has(std::string_view name) const { return find(name) != nullptr; }

  /// Throws `problem` not_found.
  http_response answer(const api_request& request,
                       std::string_view name) const {
    const auto* found = find(name);
    if (found == nullptr)
      throw problem("not_found", "the program has no such file");
    // Swagger UI writes its page as text.
    return file_answer(request, found->file, found->tag,
                       name == "docs/docs.html" ? markup_from_text::allowed
                                                : markup_from_text::refused);
  }

 private:
  struct tagged_file {
    embedded_file file;
    std::string tag;
  };

  const tagged_file* find(std::string_view name) const {
    const auto found = std::ranges::find(
        files_, name, [](const tagged_file& f) { return f.file.name; });
    return found == files_.end() ? nullptr : &*found;
  }

  std::vector<tagged_file> files_;
};

} // namespace

void add_page_routes(route_table& table) {
  const auto files = std::make_shared<const program_files>();
  const auto add = [&](std::string_view pattern, std::string_view operation,
                       auto work) {
    table.add(
        {"GET", pattern, operation, std::nullopt, {}, {}, std::move(work)});
  };
  const auto add_folder = [&](std::string_view pattern,
                              std::string_view operation, std::string folder) {
    add(pattern, operation,
        answered_slowly{
            [files, folder = std::move(folder)](const api_request& request) {
              const auto& name = request.values.at(0);
              // Pages have paths of their own.
              return files->answer(
                  request, name.ends_with(".html") ? "" : folder + name);
            }});
  };
  const auto add_file = [&](std::string_view pattern,
                            std::string_view operation, std::string_view name) {
    if (!files->has(name))
      throw std::logic_error(fmt::format("the program lacks {}", name));
    add(pattern, operation,
        answered_slowly{[files, name](const api_request& request) {
          return files->answer(request, name);
        }});
  };
  add("/problems/{code}", "getProblem", answered_now{problem_answer});
  add_file("/openapi.json", "getOpenApi", "openapi.json");
  add_file("/docs", "getDocs",
           files->has("docs/swagger-ui-bundle.js") ? "docs/docs.html"
                                                   : "docs/plain.html");
  add_file("/docs/plain", "getPlainDocs", "docs/plain.html");
  add_folder("/docs/{file}", "getDocsFile", "docs/");
  add_file("/", "getPage", "page/index.html");
  add_folder("/page/{file}", "getPageFile", "page/");
}

} // namespace chancery::apps
