// SPDX-License-Identifier: Apache-2.0
// `chancery check`: judges seals of anybody by the rules of JAdES. Needs no
// data folder.

#include "apps/answers/seal_answers.hpp"
#include "apps/certificates/certificate_files.hpp"
#include "apps/commands/command_line.hpp"
#include "apps/commands/commands.hpp"
#include "apps/platform/input_file.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/seals/seal_check.hpp"
#include "crypto/seals/seal_text.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

struct check_choice {
  std::vector<fs::path> files;
  std::vector<fs::path> roots;
  std::vector<fs::path> lists;
  std::optional<std::string> record;
  std::optional<std::string> at;
};

void choose_time(const check_choice& choice,
                 crypto::seal_check_options& options) {
  options.at = static_cast<std::int64_t>(now_ms() / 1'000);
  options.at_signing_time = choice.at == "iat";
  if (!choice.at || options.at_signing_time)
    return;
  const auto time = crypto::time_from_rfc3339(*choice.at);
  if (!time)
    throw usage_error(fmt::format("--at: \"{}\" is neither a time such as "
                                  "2026-11-28T00:00:00Z nor iat",
                                  *choice.at));
  options.at = static_cast<std::int64_t>(*time / 1'000);
}

crypto::seal_check_options chosen_options(const check_choice& choice) {
  crypto::seal_check_options options;
  choose_time(choice, options);
  options.roots = read_certificate_files(choice.roots);
  for (const auto& list : choice.lists)
    options.lists.push_back(read_list_file(list));
  return options;
}

/// By its name, and by how DER begins.
void refuse_other_formats(const fs::path& file, std::string_view text) {
  const bool is_der = text.size() > 1 && text[0] == 0x30 &&
                      static_cast<unsigned char>(text[1]) >= 0x80;
  if (file.extension() == ".ers")
    throw std::runtime_error("evidence records (.ers) cannot be checked yet");
  if (file.extension() == ".p7s" || is_der)
    throw std::runtime_error(
        "CAdES signatures (.p7s) cannot be checked yet: use `openssl cms "
        "-verify -cades`");
}

void answer_report(const command_context& context, const fs::path& file,
                   const crypto::seal_report& report) {
  if (!context.json)
    return say(seal_lines(file.string(), report));
  json object{{"file", file.string()}};
  object.update(seal_json(report));
  answer(object);
}

void answer_fault(const command_context& context, const fs::path& file,
                  std::string_view fault) {
  const auto line = one_line(fault);
  note(fmt::format("{}: {}", file.string(), line));
  if (context.json)
    answer({{"file", file.string()}, {"error", line}});
}

/// The counts of an end that is not good.
struct check_totals {
  std::size_t invalid = 0;
  std::size_t indeterminate = 0;
  std::size_t unread = 0;
};

void check_file(const command_context& context, const fs::path& file,
                const crypto::seal_check_options& options,
                check_totals& totals) {
  try {
    const auto text = read_input(file, crypto::seal_size_max);
    refuse_other_formats(file, text);
    const auto report = crypto::check_seal(text, options);
    totals.invalid += report.verdict == crypto::seal_verdict::invalid;
    totals.indeterminate +=
        report.verdict == crypto::seal_verdict::indeterminate;
    answer_report(context, file, report);
  } catch (const std::runtime_error& e) {
    ++totals.unread;
    answer_fault(context, file, e.what());
  }
}

int check_files(const command_context& context, const check_choice& choice) {
  auto options = chosen_options(choice);
  if (choice.record && choice.files.size() > 1)
    throw usage_error("--record is for one seal: name one FILE");
  std::string record;
  if (choice.record)
    options.record = record = read_input(*choice.record, crypto::seal_size_max);
  check_totals totals;
  for (const auto& file : choice.files)
    check_file(context, file, options, totals);
  const auto count = choice.files.size();
  if (totals.invalid > 0)
    note(fmt::format("{} of {} are not valid", totals.invalid, count));
  if (totals.indeterminate > 0)
    note(fmt::format("{} of {} cannot be judged with what was given{}",
                     totals.indeterminate, count,
                     choice.roots.empty()
                         ? ": add --ca ROOT.pem, the authority's certificate"
                         : ""));
  if (totals.invalid + totals.unread > 0)
    return exit_failed;
  return totals.indeterminate > 0 ? exit_partly : exit_done;
}

} // namespace

void add_check(const command_spec& app) {
  const auto choice = std::make_shared<check_choice>();
  const auto command = app.add(
      "check", "Judges seals (JAdES), whoever made them",
      "chancery check INV-1.jws INV-2.jws --ca ca.pem",
      "\nExit codes: 0 all are valid, 1 one is not valid or cannot be read, "
      "3 one cannot\nbe judged with what was given. Nothing is looked up.");
  command
      .paths("FILE", choice->files,
             "A seal: JWS in compact or flattened JSON serialization; - is the "
             "standard input")
      .required();
  command.paths("--ca", choice->roots,
                "A file of root certificates to trust, PEM or DER; may be "
                "given again");
  command.paths("--crl", choice->lists,
                "A list of revocations, PEM or DER; may be given again");
  command
      .text("--record", choice->record,
            "What the seal signs, when it is not inside")
      .value_name("FILE");
  command
      .text("--at", choice->at,
            "Judge the certificate at this time, or at iat, the time that the "
            "signer claims (default: now). A token goes first")
      .value_name("TIME");
  command.runs(check_files, choice);
}

} // namespace chancery::apps
