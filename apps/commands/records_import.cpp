// SPDX-License-Identifier: Apache-2.0
// `chancery records import`: appends records from lines, JSON lines or files.
// However it ends, what is stored is a prefix of the input in whole records.

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/records/import_source.hpp"
#include "apps/records/record_appender.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

struct import_options {
  std::filesystem::path input;
  std::string format = "lines";
  std::uint64_t skip = 0;
};

import_format format_of(const std::string& name) {
  return name == "jsonl"   ? import_format::jsonl
         : name == "files" ? import_format::files
                           : import_format::lines;
}

/// The error of an import that ends early.
std::string how_to_go_on(const std::string& why, std::uint64_t imported,
                         std::uint64_t skipped) {
  return fmt::format("{}; imported {}: go on with --skip {}", why, imported,
                     skipped + imported);
}

void skip_records(import_source& source, std::uint64_t count,
                  const std::atomic<bool>& stop) {
  for (std::uint64_t i = 0; i < count && !stop; ++i)
    if (!source.skip() && !stop)
      throw std::runtime_error(fmt::format(
          "the input has only {} records, so --skip {} leaves nothing", i,
          count));
}

/// Throws std::runtime_error with how_to_go_on when it ends early.
void import_all(import_source& source, storage::record_store& store,
                std::uint64_t skip, const std::atomic<bool>& stop,
                std::atomic<std::uint64_t>& stored) {
  record_appender appender(store, stored);
  skip_records(source, skip, stop);
  std::optional<std::string> refused;
  try {
    while (!stop) {
      const auto record = source.next();
      if (!record)
        break;
      appender.append(*record);
    }
  } catch (const bad_input& e) {
    refused = e.what(); // the records before it are good
  } catch (const std::exception& e) {
    throw std::runtime_error(how_to_go_on(one_line(e.what()), stored, skip));
  }
  try {
    appender.flush();
  } catch (const std::exception& e) {
    throw std::runtime_error(how_to_go_on(one_line(e.what()), stored, skip));
  }
  if (refused)
    throw std::runtime_error(
        how_to_go_on(*refused, stored, skip) +
        fmt::format(" once it is corrected, or leave it out with --skip {}",
                    skip + stored + 1));
  if (stop)
    throw std::runtime_error(how_to_go_on("stopped", stored, skip));
}

std::string blank_text(std::uint64_t lines) {
  return lines == 0 ? ""
                    : fmt::format(" and skipped {} blank line{}",
                                  grouped(lines), lines == 1 ? "" : "s");
}

int import_records(const command_context& context,
                   const import_options& options) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  const auto lock = folder.lock();
  const signal_watch signals;
  const auto source = open_import_source(
      options.input, format_of(options.format), signals.stop());
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  const auto first = store.read().record_count();
  // After a kill, this line and `records count` tell which --skip to use.
  if (!context.json)
    note(fmt::format("importing; the first record gets id {}", first));
  std::atomic<std::uint64_t> stored{0};
  {
    const progress_line progress(
        "importing", [&] { return progress_sample{.done = stored}; });
    import_all(*source, store, options.skip, signals.stop(), stored);
  }
  const auto records = store.read().record_count();
  if (context.json)
    answer({{"imported", stored.load()},
            {"skipped", options.skip},
            {"blank_lines", source->blank_lines()},
            {"first", first},
            {"records", records}});
  else
    say(fmt::format("imported {} records{}; there are {} now", grouped(stored),
                    blank_text(source->blank_lines()), grouped(records)));
  return 0;
}

} // namespace

void add_records_import(const command_spec& records) {
  const auto options = std::make_shared<import_options>();
  const auto command =
      records.add("import", "Appends records from a file or folder",
                  "chancery records import events.jsonl --format jsonl");
  command
      .text("INPUT", options->input,
            "A file, - for standard input, or a folder")
      .required();
  command
      .text("--format", options->format,
            "lines: each line without its newline is a record; jsonl: "
            "the same, and each line must be JSON or blank; files: each "
            "regular file of a folder, in the order of names")
      .one_of({"lines", "jsonl", "files"})
      .default_text("lines");
  command.number("--skip", options->skip, {},
                 "Skip the first N records of the input, to go on after an "
                 "interruption");
  command.runs_until_a_signal(import_records, options);
}

} // namespace chancery::apps
