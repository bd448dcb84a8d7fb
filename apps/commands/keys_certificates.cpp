// SPDX-License-Identifier: Apache-2.0
// `chancery keys certificates`: takes what an authority issued for keys, and
// shows and writes what there is.

#include "apps/certificates/certificate_files.hpp"
#include "apps/certificates/certificate_intake.hpp"
#include "apps/certificates/seal_folder.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/key_subjects.hpp"
#include "apps/commands/standing_json.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/keys/pem.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

struct import_options {
  std::vector<std::string> files;
  fs::path roots;
};

int import_certificates(const command_context& context,
                        const import_options& options) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  require_seals(folder, folder.public_keys().purpose);
  const auto roots = read_root_file(options.roots);
  const std::vector<fs::path> files(options.files.begin(), options.files.end());
  const auto given = read_certificate_files(files);
  const auto claim = folder.claim_keyring();
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  const auto now = now_ms();
  // Before the transaction, which a service would have to wait for.
  const auto intake =
      take_certificates(folder.public_keys(), given, roots,
                        actors::certificate_book(store.read()).lists(),
                        static_cast<std::int64_t>(now / 1000));
  auto transaction = store.write();
  const auto added = store_certificates(transaction, intake.taken, now);
  transaction.commit();
  warn_of(intake.warnings);
  if (context.json) {
    answer({{"imported", added},
            {"unchanged", intake.taken.size() - added},
            {"warnings", intake.warnings}});
  } else {
    say(fmt::format("imported certificates of {} keys{}", grouped(added),
                    added == intake.taken.size()
                        ? std::string()
                        : fmt::format("; {} had theirs already",
                                      grouped(intake.taken.size() - added))));
  }
  claim.note_service();
  return 0;
}

int list_certificates(const command_context& context, std::uint64_t warn_days) {
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  require_seals(folder, keys.purpose);
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto view = store.read();
  key_standings standings(view, static_cast<std::int64_t>(now_ms() / 1000),
                          warn_days);
  json rows = json::array();
  if (!context.json)
    say(fmt::format("{:<43}  {:<8}  {:<20}  {}", "KEY", "STATE", "VALID UNTIL",
                    "SUBJECT"));
  for (const auto& key : keys.keys) {
    const auto id = crypto::to_text(key.key.id());
    const auto standing = standings.of(key.key.id());
    if (context.json) {
      json row{{"key", id}, {"key_state", to_text(key.state)}};
      row.update(certificate_json(standing));
      rows.push_back(std::move(row));
    } else {
      say(fmt::format("{:<43}  {:<8}  {:<20}  {}", id, to_text(standing.state),
                      standing.chain ? end_text(standing) : "",
                      standing.chain ? standing.chain->leaf.subject() : ""));
    }
  }
  if (context.json)
    answer({{"certificates", rows}});
  return 0;
}

int export_certificates(const command_context& context, const fs::path& out) {
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  require_seals(folder, keys.purpose);
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto view = store.read();
  actors::certificate_book book(view);
  new_folder files(out);
  std::string index = "key\tsubject\tthumbprint\tfile\n";
  std::string roots;
  std::set<crypto::certificate_id> seen;
  std::size_t count = 0;
  for (const auto& key : keys.keys) {
    const auto chain = book.current(view, key.key.id());
    if (!chain)
      continue;
    const auto id = crypto::to_text(key.key.id());
    auto pem = crypto::certificate_to_pem(chain->leaf.der());
    for (const auto& issuer : chain->issuers)
      pem += crypto::certificate_to_pem(issuer.der());
    write_file(files.path() / (id + ".pem"), pem, 0644,
               new_file::existing::keep);
    index += fmt::format("{}\t{}\t{}\t{}.pem\n", id, chain->leaf.subject(),
                         thumbprint_text(chain->leaf), id);
    if (seen.insert(chain->root.id()).second)
      roots += crypto::certificate_to_pem(chain->root.der());
    ++count;
  }
  if (count == 0)
    throw std::runtime_error(
        "no key has a certificate yet: `chancery keys csr` "
        "asks an authority for them");
  write_file(files.path() / "ca.pem", roots, 0644, new_file::existing::keep);
  write_file(files.path() / "index.tsv", index, 0644, new_file::existing::keep);
  files.commit(0755);
  if (context.json)
    answer({{"certificates", count},
            {"roots", seen.size()},
            {"folder", out.string()}});
  else
    say(fmt::format("{} has {} certificates with their issuers, index.tsv, and "
                    "ca.pem with {}",
                    out.string(), grouped(count),
                    seen.size() == 1
                        ? std::string("their root")
                        : fmt::format("their {} roots", seen.size())));
  return 0;
}

} // namespace

void add_keys_certificates(const command_spec& keys) {
  const auto certificates = keys.add(
      "certificates", "Imports, lists and exports certificates of keys",
      "chancery keys certificates import issued.pem --ca root.pem\n"
      "  chancery keys certificates list");
  certificates.needs_subcommand();

  const auto options = std::make_shared<import_options>();
  const auto import = certificates.add(
      "import", "Takes certificates that an authority issued, all or none",
      "chancery keys certificates import issued/*.pem intermediate.pem --ca "
      "root.pem");
  import
      .texts("FILE", options->files,
             "PEM or DER, with any number of certificates of keys and of "
             "authorities, in any order")
      .required();
  import
      .text("--ca", options->roots,
            "The root certificate that you trust, as the authority publishes "
            "it")
      .required()
      .value_name("ROOT.pem");
  import.runs(import_certificates, options);

  const auto warn_days = std::make_shared<std::uint64_t>(warn_days_default);
  const auto list = certificates.add(
      "list", "Lists every key with the state of its certificate",
      "chancery keys certificates list --json");
  list.number("--warn-days", *warn_days, {0, 3650},
              "Days before its end from which on a certificate is \"ending\"")
      .default_text("30");
  list.runs(list_certificates, warn_days);

  const auto out = std::make_shared<fs::path>();
  const auto write = certificates.add(
      "export", "Writes the certificates with their issuers to a folder",
      "chancery keys certificates export --out certificates");
  write.text("--out", *out, "The folder to create")
      .required()
      .value_name("DIR");
  write.runs(export_certificates, out);
}

} // namespace chancery::apps
