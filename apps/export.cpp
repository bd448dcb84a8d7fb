// SPDX-License-Identifier: Apache-2.0
// `chancery export`: signatures for others, in formats of theirs.

#include "apps/export.hpp"

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/data_folder.hpp"
#include "apps/figures.hpp"
#include "apps/progress_line.hpp"
#include "apps/signal_watch.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

struct export_choice {
  std::string format = "jsonl";
  std::filesystem::path out;
};

int export_signatures(const command_context& context,
                      const export_choice& choice) {
  const bool to_stdout = choice.out.empty() || choice.out == "-";
  if (choice.format == "der" && to_stdout)
    throw usage_error("--format der writes a folder: add --out DIR");
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  const signal_watch signals;
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto total = store.read().signature_count();
  std::atomic<std::uint64_t> done{0};
  const export_job job{store, keys, signals.stop(), done};
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
  if (to_stdout)
    return 0; // the answer is the lines
  if (context.json)
    answer({{"exported", done.load()},
            {"format", choice.format},
            {"out", choice.out.string()}});
  else
    say(fmt::format("exported {} signatures to {}", grouped(done),
                    choice.out.string()));
  return 0;
}

} // namespace

void add_export(CLI::App& app, command_context& context) {
  const auto choice = std::make_shared<export_choice>();
  auto* command =
      app.add_subcommand("export", "Writes signatures out for other programs");
  command->footer(help_footer(
      "chancery export --out signatures.jsonl\n"
      "  chancery export --format der --out signed && cd signed &&\n"
      "    openssl dgst -sha256 -verify \"$(sed -n 's/^0\\t//p' index.tsv)\" "
      "-signature 0.sig 0.bin"));
  command
      ->add_option("--format", choice->format,
                   "jsonl: one JSON object a line; der: a folder with records, "
                   "DER signatures and PEM keys, for openssl dgst")
      ->check(CLI::IsMember({"jsonl", "der"}))
      ->default_str("jsonl");
  command
      ->add_option("--out", choice->out,
                   "A file, or for der a folder (default: standard output)")
      ->type_name("FILE|DIR");
  command->callback([&context, choice] {
    context.action = [&context, choice] {
      return export_signatures(context, *choice);
    };
  });
}

} // namespace chancery::apps
