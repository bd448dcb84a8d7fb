// SPDX-License-Identifier: Apache-2.0
// `chancery export`: writes signatures in formats that other programs read.

#include "apps/records/export_job.hpp"

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

namespace chancery::apps {

namespace {

struct export_choice {
  std::string format = "jsonl";
  std::filesystem::path out;
  bool no_verify = false;
};

void answer_export(const command_context& context, const export_choice& choice,
                   std::uint64_t done) {
  if (context.json)
    answer({{"exported", done},
            {"format", choice.format},
            {"out", choice.out.string()},
            {"verified", !choice.no_verify}});
  else
    say(fmt::format("exported {} signatures, {}, to {}", grouped(done),
                    choice.no_verify ? "none of which was verified"
                                     : "which verify",
                    choice.out.string()));
}

int export_signatures(const command_context& context,
                      const export_choice& choice) {
  const bool to_stdout =
      choice.out.empty() || choice.out == "-" || is_standard_output(choice.out);
  if (choice.format == "der" && to_stdout)
    throw usage_error("--format der writes a folder: add --out DIR");
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  const signal_watch signals;
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto total = store.read().signature_count();
  std::atomic<std::uint64_t> done{0};
  const export_job job{store, keys, signals.stop(), done, !choice.no_verify};
  {
    const progress_line progress("exporting", [&] {
      return progress_sample{.done = done, .total = total};
    });
    if (choice.format == "der")
      export_der(job, choice.out);
    else if (to_stdout)
      export_jsonl_to_stdout(job);
    else
      export_jsonl(job, choice.out);
  }
  if (!to_stdout)
    answer_export(context, choice, done);
  else if (choice.no_verify) // the exported lines are the answer
    note("none of the exported signatures was verified (--no-verify)");
  return 0;
}

} // namespace

void add_export(const command_spec& app) {
  const auto choice = std::make_shared<export_choice>();
  const auto command = app.add(
      "export", "Exports the signatures for other programs",
      "chancery export --out signatures.jsonl\n"
      "  chancery export --format der --out signed && cd signed &&\n"
      "    openssl dgst -sha256 -verify \"$(sed -n 's/^0\\t//p' index.tsv)\" "
      "-signature 0.sig 0.bin");
  command
      .text("--format", choice->format,
            "jsonl: one JSON object per line; der: a folder with records, "
            "DER signatures and PEM keys, for openssl dgst")
      .one_of({"jsonl", "der"})
      .default_text("jsonl");
  command
      .text("--out", choice->out,
            "A file, or a folder for der (default: standard output)")
      .value_name("FILE|DIR");
  command.flag("--no-verify", choice->no_verify,
               "Do not verify the signatures (default: the first wrong one "
               "ends the export)");
  command.runs_until_a_signal(export_signatures, choice);
}

} // namespace chancery::apps
