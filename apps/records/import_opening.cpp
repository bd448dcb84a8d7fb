// SPDX-License-Identifier: Apache-2.0
#include "apps/records/import_opening.hpp"

#include "apps/records/files_source.hpp"
#include "apps/records/lines_source.hpp"
#include "apps/records/table_source.hpp"

#include <fmt/format.h>

namespace chancery::apps {

namespace fs = std::filesystem;

std::unique_ptr<import_source>
open_import_source(const fs::path& input, const import_form& form,
                   const std::atomic<bool>& stop) {
  std::error_code ignored;
  const bool folder = fs::is_directory(input, ignored);
  if (form.format == import_format::files) {
    if (!folder)
      throw std::runtime_error(
          fmt::format("{} is not a folder: --format files imports the files "
                      "of a folder",
                      input.string()));
    return std::make_unique<files_source>(input);
  }
  if (folder)
    throw std::runtime_error(
        fmt::format("{} is a folder: add --format files to import its files",
                    input.string()));
  if (form.format == import_format::csv || form.format == import_format::tsv)
    return std::make_unique<table_source>(input, form, stop);
  return std::make_unique<lines_source>(input, form, stop);
}

} // namespace chancery::apps
