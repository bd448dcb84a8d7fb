// SPDX-License-Identifier: Apache-2.0
// `chancery keys csr`: requests for certificates, for an authority of others.

#include "apps/certificates/seal_folder.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/key_subjects.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/certificates/certificate_request.hpp"

#include <fmt/format.h>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;

struct csr_options {
  subject_options subjects;
  fs::path out;
};

const crypto::private_key&
private_half(const std::map<crypto::key_id, crypto::private_key>& keys,
             const crypto::key_id& id) {
  const auto found = keys.find(id);
  if (found == keys.end())
    throw std::runtime_error(
        fmt::format("the keyring has no private half of {}: restore "
                    "keyring.jwe from a backup",
                    crypto::to_text(id)));
  return found->second;
}

int make_requests(const command_context& context, const csr_options& options) {
  const auto subject = read_subject(options.subjects.subject);
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  require_seals(folder, keys.purpose);
  const auto chosen =
      choose_active_keys(keys, options.subjects.keys, options.subjects.all);
  warn_of(subject.warnings());
  new_folder out(options.out);
  // Nobody signs meanwhile.
  const auto lock = folder.lock();
  const auto opened = folder.open_keyring(context, false).keys;
  std::map<crypto::key_id, crypto::private_key> private_keys;
  for (const auto& each : opened.keys())
    private_keys.emplace(each.key.id(), each.key);
  const auto random = crypto::system_random();
  std::string index = "key\tnumber\tsubject\tfile\n";
  for (const auto& [number, key] : chosen) {
    const auto id = crypto::to_text(key->key.id());
    const auto name = fill_subject(subject, number, id);
    const auto file = id + ".csr";
    write_file(out.path() / file,
               crypto::make_certificate_request(
                   private_half(private_keys, key->key.id()), name, random),
               0644, new_file::existing::keep);
    index += fmt::format("{}\t{}\t{}\t{}\n", id, number,
                         crypto::subject_text(name), file);
  }
  write_file(out.path() / "index.tsv", index, 0644, new_file::existing::keep);
  out.commit(0755);
  if (context.json)
    answer({{"requests", chosen.size()}, {"folder", options.out.string()}});
  else
    say(fmt::format("{} has {} requests and index.tsv: give them to an "
                    "authority, and its answers to `chancery keys certificates "
                    "import`",
                    options.out.string(), grouped(chosen.size())));
  return 0;
}

} // namespace

void add_keys_csr(const command_spec& keys) {
  const auto options = std::make_shared<csr_options>();
  const auto command = keys.add(
      "csr", "Makes requests for certificates of keys (PKCS#10)",
      "chancery keys csr --all --out requests --subject 'C=EE,O=Trial AS,"
      "organizationIdentifier=VATEE-123456789,CN=Invoice seal {n}'",
      subject_help);
  add_subject_options(command, options->subjects);
  command.text("--out", options->out, "The folder to create")
      .required()
      .value_name("DIR");
  command.runs(make_requests, options);
}

} // namespace chancery::apps
