// SPDX-License-Identifier: Apache-2.0
// `chancery export`: writes signatures in formats that other programs read.

#include "apps/records/export_files.hpp"
#include "apps/records/export_job.hpp"
#include "apps/records/export_state.hpp"

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

namespace chancery::apps {

namespace {

struct export_choice {
  std::optional<std::string> format; ///< default: by the keyring's purpose
  std::filesystem::path out;
  std::filesystem::path tar;
  std::optional<std::uint64_t> after;
  std::optional<std::string> state;
  bool again = false;
  std::optional<std::string> name;
  std::optional<std::string> names;
  bool no_verify = false;
  bool flattened = false;
  bool lines = false;

  bool seals() const { return format == "jades"; }
  /// A folder or an archive.
  bool files() const {
    return format == "der" ||
           (seals() && !lines && (!out.empty() || !tar.empty()));
  }
  const std::filesystem::path& target() const {
    return tar.empty() ? out : tar;
  }
  bool to_stdout() const {
    return target().empty() || target() == "-" || is_standard_output(target());
  }
};

void check(const export_choice& choice) {
  if (choice.format == "der" && choice.tar.empty() && choice.to_stdout())
    throw usage_error("--format der writes a folder: add --out DIR, or --tar "
                      "FILE for an archive");
  if (!choice.files() && !choice.tar.empty())
    throw usage_error("--tar writes the files of --format der or jades");
  if (choice.seals() && choice.files() && choice.tar.empty() &&
      choice.to_stdout())
    throw usage_error("--format jades writes a folder to --out: leave it out, "
                      "or add --lines, for lines on standard output");
  if (!choice.seals() && (choice.flattened || choice.lines))
    throw usage_error("--flattened and --lines are for --format jades");
  if (choice.again && !choice.state)
    throw usage_error("--again repeats the last run with a state: add --state "
                      "FILE");
  if (choice.state == "" || choice.names == "")
    throw usage_error("--state and --names need the name of a file");
  if (choice.state && *choice.state == choice.target())
    throw usage_error("the output and --state name the same file");
}

/// The state after an export, which it belongs to: replaced when the export is
/// whole, and not before.
class state_update {
 public:
  /// Throws when the file cannot be read, does not fit, or cannot be written.
  state_update(const export_choice& choice, const storage::record_store& store)
      : path_(*choice.state) {
    // Not kept: a closed pipe ends the process, and a file would be left.
    { const new_file writable(path_, 0644, new_file::existing::replace); }
    const auto last = read_export_state(path_, store);
    if (choice.again && !last)
      throw std::runtime_error(fmt::format(
          "{} does not exist: there is no run to repeat", path_.string()));
    state_.folder_id = store.info().folder_id;
    if (last)
      state_.begin = choice.again ? last->begin : last->end;
    auto found = new_records_since(store.read(), state_.begin);
    selection_ = std::move(found.selection);
    state_.end.events = found.events;
  }

  const record_selection& selection() const noexcept { return selection_; }

  /// Without anything exported, the file stays as it is: --again repeats the
  /// last run that exported something.
  void commit(std::uint64_t next, std::uint64_t exported) {
    if (exported == 0)
      return;
    state_.end.next = next;
    write_file(path_, to_json_text(state_) + '\n', 0644,
               new_file::existing::replace);
  }

 private:
  std::filesystem::path path_;
  export_state state_;
  record_selection selection_;
};

record_selection chosen(const export_choice& choice,
                        const storage::record_store& store,
                        const std::atomic<bool>& stop) {
  if (choice.name)
    return named_record_of(store.read(), *choice.name);
  if (choice.names)
    return named_records_of(store.read(), *choice.names, stop);
  return {.from = choice.after ? *choice.after + 1 : 0};
}

std::uint64_t run_export(const export_job& job, const export_choice& choice) {
  const progress_line progress(
      "exporting", [&, total = job.selection.size_max(job.store.read())] {
        return progress_sample{.done = job.done, .total = total};
      });
  if (choice.files()) {
    const auto format = !choice.seals()    ? file_format::der
                        : choice.flattened ? file_format::flattened
                                           : file_format::jades;
    if (choice.tar.empty())
      return export_files(job, format, choice.out);
    return choice.to_stdout() ? export_tar_to_stdout(job, format)
                              : export_tar(job, format, choice.tar);
  }
  const auto format = choice.format == "csv" ? text_format::csv
                      : !choice.seals()      ? text_format::jsonl
                      : choice.flattened     ? text_format::flattened
                                             : text_format::jades;
  return choice.to_stdout() ? export_text_to_stdout(job, format)
                            : export_text(job, format, choice.out);
}

void answer_export(const command_context& context, const export_choice& choice,
                   const export_job& job, std::uint64_t next) {
  const auto done = job.done.load();
  if (context.json) {
    nlohmann::ordered_json said{{"exported", done},
                                {"format", *choice.format},
                                {"out", choice.target().string()},
                                {"verified", job.verify}};
    if (choice.state) {
      said["replaced"] = job.selection.ids.size();
      said["next"] = next;
    }
    if (job.left_out->count > 0)
      said["left_out"] = {{"records", job.left_out->count},
                          {"first", job.left_out->first}};
    answer(said);
    return;
  }
  say(fmt::format("exported {} signatures, {}, to {}", grouped(done),
                  job.verify ? "which verify" : "none of which was verified",
                  choice.target().string()));
}

/// Whether the export has all that was chosen; else says what it lacks.
bool has_all(const export_job& job) {
  if (job.left_out->count == 0)
    return true;
  const bool seals = job.format == storage::signature_format::jades;
  warn(fmt::format("{} records are left out, the first is {}: their signatures "
                   "are {}",
                   grouped(job.left_out->count), job.left_out->first,
                   seals ? "no seals, and --format jsonl exports them"
                         : "seals, and --format jades exports them"));
  return false;
}

int export_signatures(const command_context& context,
                      const export_choice& wanted) {
  auto choice = wanted;
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  if (!choice.format)
    choice.format =
        keys.purpose == crypto::keyring_purpose::seal ? "jades" : "jsonl";
  check(choice);
  const signal_watch signals;
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  std::optional<state_update> state;
  if (choice.state)
    state.emplace(choice, store);
  const auto selection =
      state ? state->selection() : chosen(choice, store, signals.stop());
  std::atomic<std::uint64_t> done{0};
  other_formats left_out;
  const export_job job{.store = store,
                       .keys = keys,
                       .selection = selection,
                       .stop = signals.stop(),
                       .done = done,
                       .verify = !choice.no_verify,
                       .format = choice.seals()
                                     ? storage::signature_format::jades
                                     : storage::signature_format::raw,
                       .left_out = &left_out};
  const auto next = run_export(job, choice);
  if (state)
    state->commit(next, done);
  if (!choice.to_stdout())
    answer_export(context, choice, job, next);
  else if (choice.no_verify) // what is exported is the answer
    note("none of the exported signatures was verified (--no-verify)");
  return has_all(job) ? 0 : 1;
}

void add_selection(const command_spec& command, export_choice& choice) {
  const auto after = command.number(
      "--after", choice.after, {0, UINT64_MAX - 1},
      "Only records with a higher id (default: from the first one on)");
  after.value_name("ID");
  const auto state = command.text(
      "--state", choice.state,
      "Only what is new since the last run with this file, up to the first "
      "record that is not signed; the file then says how far it came");
  state.value_name("FILE");
  command.flag("--again", choice.again,
               "With --state: what the last run exported, and what is new");
  const auto name =
      command.text("--name", choice.name, "Only the record of this name");
  name.value_name("NAME");
  const auto names = command.text("--names", choice.names,
                                  "Only the records that the lines of a file "
                                  "name (-: of standard input)");
  names.value_name("FILE");
  state.excludes(after).excludes(name).excludes(names);
  after.excludes(name).excludes(names);
  name.excludes(names);
}

} // namespace

void add_export(const command_spec& app) {
  const auto choice = std::make_shared<export_choice>();
  const auto command = app.add(
      "export", "Exports the signatures for other programs",
      "chancery export --out signatures.jsonl\n"
      "  chancery export --format csv --state export.state --out new.csv\n"
      "  chancery export --format der --tar - | ssh archive tar x\n"
      "  chancery export --format der --out signed && cd signed &&\n"
      "    openssl dgst -sha256 -verify \"$(head -1 index.tsv | cut -f 2)\" "
      "-signature 000/000000.sig 000/000000.bin");
  command
      .text("--format", choice->format,
            "jsonl: one JSON object per line; csv: a table for databases; der: "
            "a folder with records, DER signatures and PEM keys, for openssl "
            "dgst; jades: seals, a folder with a .jws each and the authority's "
            "certificate, or lines (default: jades for seals, else jsonl)")
      .one_of({"jsonl", "csv", "der", "jades"});
  const auto out =
      command.text("--out", choice->out,
                   "A file, or a folder for der and jades (default: standard "
                   "output)");
  out.value_name("FILE|DIR");
  command
      .text("--tar", choice->tar,
            "With --format der or jades: a tar archive (-: standard output)")
      .value_name("FILE")
      .excludes(out);
  command.flag("--flattened", choice->flattened,
               "With --format jades: JWS in flattened JSON serialization");
  command.flag("--lines", choice->lines,
               "With --format jades: --out is a file with a line per record");
  add_selection(command, *choice);
  command.flag("--no-verify", choice->no_verify,
               "Do not verify the signatures (default: the first wrong one "
               "ends the export)");
  command.runs_until_a_signal(export_signatures, choice);
}

} // namespace chancery::apps
