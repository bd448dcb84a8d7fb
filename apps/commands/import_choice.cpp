// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/import_choice.hpp"

#include "apps/terminal/console.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

constexpr std::uint64_t told_max = 10;

import_format format_of(const std::string& name) {
  return name == "jsonl"   ? import_format::jsonl
         : name == "csv"   ? import_format::csv
         : name == "tsv"   ? import_format::tsv
         : name == "files" ? import_format::files
                           : import_format::lines;
}

record_encoding encoding_of(const std::string& name) {
  return name == "hex"      ? record_encoding::hex
         : name == "base64" ? record_encoding::base64
                            : record_encoding::text;
}

} // namespace

void import_choice::add_to(const command_spec& command) {
  command.text("INPUT", input, "A file, - for standard input, or a folder")
      .required();
  command
      .text("--format", format,
            "lines: each line without its newline is a record; jsonl: "
            "the same, and each line must be JSON or blank; csv: rows behind a "
            "header (RFC 4180); tsv: rows behind a header, as PostgreSQL's "
            "text format; files: each regular file below a folder, in the "
            "order of their paths, which are their names")
      .one_of({"lines", "jsonl", "csv", "tsv", "files"})
      .default_text("lines");
  command
      .text("--name-field", name_field,
            "jsonl: the member that has a record's name")
      .value_name("MEMBER");
  command
      .text("--name-column", name_column,
            "csv, tsv: the column that has a record's name")
      .value_name("COLUMN");
  command
      .text("--record-column", record_column,
            "csv, tsv: the column that is the record (default: the row as it "
            "stands)")
      .value_name("COLUMN");
  command
      .text("--record-encoding", encoding,
            "How that column has the record's bytes: text, hex (also \\x...) "
            "or base64")
      .one_of({"text", "hex", "base64"})
      .default_text("text");
  command.flag("--no-header", no_header,
               "tsv: there is no header; columns are numbers from 1");
  command
      .text("--on-conflict", on_conflict,
            "A record whose name has other bytes already: fail ends the "
            "import, skip leaves it out, report also writes it to --report")
      .one_of({"fail", "skip", "report"})
      .default_text("fail");
  command
      .text("--report", report,
            "Where --on-conflict report writes a line of JSON for each")
      .value_name("FILE");
  command
      .text("--on-error", on_error,
            "A line, row or file that is no record: fail ends the import, "
            "skip leaves it out")
      .one_of({"fail", "skip"})
      .default_text("fail");
  command.number("--skip", skip, {},
                 "Skip the first N records of the input, to go on after an "
                 "interruption");
}

void import_choice::check() const {
  const bool table = format == "csv" || format == "tsv";
  if (!name_field.empty() && format != "jsonl")
    throw usage_error("--name-field is for --format jsonl");
  if (!table && !(name_column.empty() && record_column.empty()))
    throw usage_error(
        "--name-column and --record-column are for --format csv and tsv");
  if (encoding && record_column.empty())
    throw usage_error("--record-encoding needs --record-column");
  if (no_header && format != "tsv")
    throw usage_error("--no-header is for --format tsv");
  if ((on_conflict == "report") == report.empty())
    throw usage_error("--on-conflict report and --report FILE need each other");
}

import_form import_choice::form() const {
  return {format_of(format.value_or("lines")),
          name_field,
          name_column,
          record_column,
          encoding_of(encoding.value_or("text")),
          !no_header};
}

std::string import_choice::doubt() const {
  const auto kind = input.extension();
  if (format || (kind != ".csv" && kind != ".tsv"))
    return {};
  return fmt::format("each line becomes a record, the header, too: for rows of "
                     "a table, add --format {}",
                     kind.native().substr(1));
}

left_out_records::left_out_records(const import_choice& choice)
    : choice_(choice) {
  if (!choice.report.empty())
    report_.emplace(choice.report, 0644, new_file::existing::replace);
}

import_policy left_out_records::policy() {
  import_policy policy;
  if (choice_.on_conflict != "fail")
    policy.leave_out_conflict = [this](const name_conflict& conflict) {
      report(conflict);
    };
  if (choice_.on_error != "fail")
    policy.leave_out_error = [this](const std::string& what) {
      tell(fmt::format("left out: {}", what));
    };
  return policy;
}

void left_out_records::finish() {
  if (told_ > told_max)
    note(fmt::format("and {} more were left out", told_ - told_max));
  told_ = 0;
  if (report_)
    report_->commit();
  report_.reset();
}

void left_out_records::tell(const std::string& what) {
  if (++told_ <= told_max)
    note(what);
}

void left_out_records::report(const name_conflict& conflict) {
  if (!report_) {
    tell(fmt::format("left out: {}", conflict.text()));
    return;
  }
  const nlohmann::ordered_json line{{"place", conflict.place},
                                    {"name", conflict.name},
                                    {"record", conflict.record}};
  // A folder's path may be no UTF-8.
  report_->write(
      line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
      "\n");
}

} // namespace chancery::apps
