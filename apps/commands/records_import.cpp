// SPDX-License-Identifier: Apache-2.0
// `chancery records import`: appends records from lines, JSON lines, tables or
// files. However it ends, what is stored is a prefix of the input in whole
// records, but for what the options leave out.

#include "apps/commands/commands.hpp"
#include "apps/commands/import_choice.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/records/import_opening.hpp"
#include "apps/records/record_importer.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

/// Not all of the input was imported, as the options allow.
constexpr int left_out_code = 3;

/// The error of an import that ends early.
std::string how_to_go_on(const std::string& why, const import_counts& done,
                         std::uint64_t skipped) {
  return fmt::format("{}; imported {}: go on with --skip {}", why, done.added,
                     skipped + done.all());
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
void import_all(record_importer& importer, std::uint64_t skipped,
                const std::atomic<bool>& stop) {
  std::optional<std::string> refused;
  try {
    while (!stop && importer.take()) {
    }
  } catch (const bad_input& e) {
    refused = e.what(); // the records before it are good
  } catch (const name_taken& e) {
    refused = e.what();
  } catch (const std::exception& e) {
    throw std::runtime_error(
        how_to_go_on(one_line(e.what()), importer.done(), skipped));
  }
  try {
    importer.flush();
  } catch (const std::exception& e) {
    throw std::runtime_error(
        how_to_go_on(one_line(e.what()), importer.done(), skipped));
  }
  const auto& done = importer.done();
  if (refused)
    throw std::runtime_error(
        how_to_go_on(*refused, done, skipped) +
        fmt::format(" once it is corrected, or leave it out with --skip {}",
                    skipped + done.all() + 1));
  if (stop)
    throw std::runtime_error(how_to_go_on("stopped", done, skipped));
}

std::string also(std::uint64_t count, std::string_view one,
                 std::string_view many) {
  return count == 0
             ? ""
             : fmt::format(", {} {}", grouped(count), count == 1 ? one : many);
}

void answer_import(const command_context& context, const import_choice& choice,
                   const import_counts& done, std::uint64_t blank_lines,
                   std::uint64_t first, std::uint64_t records) {
  if (context.json)
    answer({{"imported", done.added},
            {"existing", done.existing},
            {"conflicts", done.conflicts},
            {"errors", done.errors},
            {"skipped", choice.skip},
            {"blank_lines", blank_lines},
            {"first", first},
            {"records", records}});
  else
    say(fmt::format(
        "imported {} records{}{}{}{}; there are {} now", grouped(done.added),
        blank_lines == 0
            ? ""
            : fmt::format(" and skipped {} blank line{}", grouped(blank_lines),
                          blank_lines == 1 ? "" : "s"),
        also(done.existing, "was there already", "were there already"),
        also(done.conflicts, "was left out, as its name is taken",
             "were left out, as their names are taken"),
        also(done.errors, "was left out as wrong", "were left out as wrong"),
        grouped(records)));
}

int import_records(const command_context& context,
                   const import_choice& choice) {
  choice.check();
  if (const auto doubt = choice.doubt(); !doubt.empty())
    warn(doubt);
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  const auto lock = folder.lock();
  const signal_watch signals;
  const auto source =
      open_import_source(choice.input, choice.form(), signals.stop());
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  const auto first = store.read().record_count();
  // After a kill, this line and `records count` tell which --skip to use.
  if (!context.json)
    note(fmt::format("importing; the first record gets id {}", first));
  left_out_records left_out(choice);
  std::atomic<std::uint64_t> added{0};
  auto policy = left_out.policy();
  policy.refuses_empty =
      folder.public_keys().purpose == crypto::keyring_purpose::seal;
  record_importer importer(*source, store, policy, added);
  try {
    const progress_line progress(
        "importing", [&] { return progress_sample{.done = added}; });
    skip_records(*source, choice.skip, signals.stop());
    import_all(importer, choice.skip, signals.stop());
  } catch (...) {
    left_out.finish();
    throw;
  }
  left_out.finish();
  answer_import(context, choice, importer.done(), source->blank_lines(), first,
                store.read().record_count());
  return importer.done().complete() ? 0 : left_out_code;
}

} // namespace

void add_records_import(const command_spec& records) {
  const auto choice = std::make_shared<import_choice>();
  const auto command = records.add(
      "import", "Appends records from a file, a table or a folder",
      "chancery records import events.jsonl --format jsonl\n"
      "  chancery records import invoices.csv --format csv --name-column "
      "number --record-column body");
  choice->add_to(command);
  command.runs_until_a_signal(import_records, choice);
}

} // namespace chancery::apps
