// SPDX-License-Identifier: Apache-2.0
// `chancery keys ca`: an authority of one's own, for trials.

#include "apps/certificates/seal_folder.hpp"
#include "apps/certificates/trial_ca.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/key_subjects.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using std::chrono::days;

constexpr std::uint64_t days_max =
    static_cast<std::uint64_t>(crypto::trial_authority_days.count());

struct issue_seal_options {
  subject_options subjects;
  std::uint64_t days =
      static_cast<std::uint64_t>(crypto::seal_days_default.count());
  std::string ca_url;
  std::string crl_url;
};

data_folder folder_for_seals(const command_context& context) {
  require_plausible_clock();
  auto folder = data_folder::existing(context);
  require_seals(folder, folder.public_keys().purpose);
  return folder;
}

int init_authority(const command_context& context, const std::string& name) {
  const auto subject = read_subject(name);
  if (!subject.is_constant())
    throw usage_error("the authority's name has no {n} and no {key}");
  const auto folder = folder_for_seals(context);
  const auto lock = folder.lock();
  const trial_ca authority(context.data);
  const auto own = authority.make(context, subject.fill(1, ""));
  note("this authority is for trials: it identifies nobody, and nobody else "
       "trusts it");
  if (own.subject().find("rial") == std::string::npos)
    warn(fmt::format("'{}' does not say that it is for trials", own.subject()));
  if (context.json)
    answer({{"authority", own.subject()},
            {"certificate", authority.certificate_path().string()}});
  else
    say(fmt::format("made the authority '{}'; its certificate is {}. `chancery "
                    "keys ca issue` issues certificates by it.",
                    own.subject(), authority.certificate_path().string()));
  return 0;
}

std::vector<taken_certificate>
issue_for(const crypto::trial_authority& authority,
          std::span<const placed_key> chosen,
          const crypto::subject_template& subject,
          const crypto::seal_terms& terms) {
  const auto random = crypto::system_random();
  std::vector<taken_certificate> issued;
  for (const auto& [number, key] : chosen) {
    const auto& id = key->key.id();
    const auto name = fill_subject(subject, number, crypto::to_text(id));
    try {
      issued.push_back(
          {id,
           {authority.issue(key->key, name, terms, random), authority.own()}});
    } catch (const std::invalid_argument& e) {
      throw std::runtime_error(e.what());
    }
  }
  return issued;
}

int issue_seals(const command_context& context,
                const issue_seal_options& options) {
  const auto subject = read_subject(options.subjects.subject);
  const auto folder = folder_for_seals(context);
  const auto keys = folder.public_keys();
  const auto chosen =
      choose_active_keys(keys, options.subjects.keys, options.subjects.all);
  warn_of(subject.warnings());
  const auto claim = folder.claim_keyring();
  const auto authority = trial_ca(context.data).open(context);
  const auto issued = issue_for(authority, chosen, subject,
                                {.now = std::chrono::system_clock::now(),
                                 .valid = days(options.days),
                                 .issuer_url = options.ca_url,
                                 .list_url = options.crl_url});
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  auto transaction = store.write();
  store_certificates(transaction, issued, now_ms());
  transaction.commit();
  if (options.ca_url.empty() || options.crl_url.empty())
    warn("without --ca-url and --crl-url, validators do not find the "
         "authority's certificate and its list of revocations");
  if (context.json)
    answer(
        {{"issued", issued.size()}, {"authority", authority.own().subject()}});
  else
    say(fmt::format("'{}' issued certificates for {} keys, which have them now",
                    authority.own().subject(), grouped(issued.size())));
  claim.note_service();
  return 0;
}

} // namespace

void add_keys_ca(const command_spec& keys) {
  const auto ca = keys.add(
      "ca", "An authority of your own that issues certificates, for trials",
      "chancery keys ca init --name 'C=EE,O=Trial AS,CN=Trial CA'\n"
      "  chancery keys ca issue --all --subject 'C=EE,O=Trial AS,"
      "organizationIdentifier=VATEE-123456789,CN=Trial seal {n}'");
  ca.needs_subcommand();

  const auto name = std::make_shared<std::string>();
  const auto init =
      ca.add("init", "Makes the authority, in the data folder",
             "chancery keys ca init --name 'C=EE,O=Trial AS,CN=Trial CA'");
  init.text("--name", *name, "Its name, such as 'C=EE,O=Trial AS,CN=Trial CA'")
      .required()
      .value_name("DN");
  init.runs(init_authority, name);

  const auto options = std::make_shared<issue_seal_options>();
  const auto issue = ca.add(
      "issue", "Issues certificates for keys of this folder, and installs them",
      "chancery keys ca issue --all --days 90 --subject 'C=EE,O=Trial AS,"
      "organizationIdentifier=VATEE-123456789,CN=Trial seal {n}'",
      subject_help);
  add_subject_options(issue, options->subjects);
  issue
      .number("--days", options->days, {1, days_max},
              "Days until the certificates expire")
      .default_text("825");
  issue
      .text("--ca-url", options->ca_url,
            "Where validators find the authority's certificate")
      .value_name("URL");
  issue
      .text("--crl-url", options->crl_url,
            "Where validators find its list of revocations")
      .value_name("URL");
  issue.runs(issue_seals, options);
  add_keys_ca_lists(ca);
}

} // namespace chancery::apps
