// SPDX-License-Identifier: Apache-2.0
// `chancery keys ca revoke` and `crl`: the lists of the authority for trials.
// The last list is in the store, and each new one goes on from it.

#include "apps/certificates/seal_folder.hpp"
#include "apps/certificates/trial_ca.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/key_subjects.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/keys/pem_block.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr std::uint64_t list_days_default = 30;

struct revoke_options {
  subject_options subjects;
  std::string reason;
  std::uint64_t days = list_days_default;
};

struct crl_options {
  std::uint64_t days = list_days_default;
  fs::path out;
  bool der = false;
  bool force = false;
};

/// Of these keys, every certificate of the authority that is not revoked yet:
/// an older one of a lost key would seal as well.
std::vector<crypto::certificate>
certificates_of(const storage::snapshot& view,
                std::span<const placed_key> chosen,
                const crypto::certificate& authority,
                const std::optional<crypto::revocation_list>& last) {
  std::map<crypto::key_id, std::vector<crypto::certificate>> found;
  for (const auto& each : chosen)
    found[each.key->key.id()];
  actors::certificate_book book(view);
  view.each_enrolment([&](const storage::enrolment& row) {
    const auto key = found.find(row.key);
    if (key == found.end())
      return;
    const auto chain = book.chain_of(view, row.leaf);
    if (chain.root == authority && chain.issuers.empty() &&
        !(last && last->find(chain.leaf.serial())) &&
        std::ranges::find(key->second, chain.leaf) == key->second.end())
      key->second.push_back(chain.leaf);
  });
  std::vector<crypto::certificate> all;
  for (const auto& [key, certificates] : found) {
    if (certificates.empty())
      throw std::runtime_error(fmt::format(
          "the key {} has no certificate of '{}' that is not revoked yet",
          crypto::to_text(key), authority.subject()));
    all.insert(all.end(), certificates.begin(), certificates.end());
  }
  return all;
}

/// Any key may lose its certificates, a retired one, too.
std::vector<placed_key> named_keys(const crypto::public_keyring& keys,
                                   const subject_options& options) {
  if (options.all)
    return choose_active_keys(keys, options.keys, true);
  std::vector<placed_key> named;
  for (const auto& name : options.keys)
    named.push_back({0, &choose_key(keys, name)});
  if (named.empty())
    throw usage_error("name keys by their ids, or give --all for every active "
                      "key");
  return named;
}

int revoke(const command_context& context, const revoke_options& options) {
  require_plausible_clock();
  const auto reason = [&] {
    try {
      return crypto::revocation_reason_from_text(options.reason);
    } catch (const std::invalid_argument& e) {
      throw usage_error(e.what());
    }
  }();
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  require_seals(folder, keys.purpose);
  const auto named = named_keys(keys, options.subjects);
  const trial_ca ca(context.data);
  const auto own = ca.own();
  const auto claim = folder.claim_keyring();
  const auto authority = ca.open(context);
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  auto transaction = store.write();
  const auto last = stored_list_of(transaction, own);
  const auto revoked = certificates_of(transaction, named, own, last);
  const auto list = authority.next_list(
      last, revoked, reason, std::chrono::system_clock::now(),
      days(options.days), crypto::system_random());
  transaction.put_revocation_list(list_key_of(own), list.der());
  transaction.commit();
  if (context.json)
    answer({{"revoked", revoked.size()},
            {"keys", named.size()},
            {"number", list.number()}});
  else
    say(fmt::format("revoked {} certificates of {} keys by list {}; `chancery "
                    "keys ca crl` writes it for validators",
                    grouped(revoked.size()), grouped(named.size()),
                    list.number()));
  claim.note_service();
  return 0;
}

int write_list(const command_context& context, const crl_options& options) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  require_seals(folder, folder.public_keys().purpose);
  const trial_ca ca(context.data);
  const auto own = ca.own();
  if (!options.force && replaces_a_file(options.out))
    throw std::runtime_error(
        fmt::format("{} exists: name another file, or add --force to replace "
                    "it",
                    options.out.string()));
  const auto claim = folder.claim_keyring();
  const auto authority = ca.open(context);
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  auto transaction = store.write();
  const auto list = authority.next_list(
      stored_list_of(transaction, own), {},
      crypto::revocation_reason::unspecified, std::chrono::system_clock::now(),
      days(options.days), crypto::system_random());
  transaction.put_revocation_list(list_key_of(own), list.der());
  transaction.commit();
  write_file(options.out,
             options.der ? std::string(crypto::text_of(list.der()))
                         : crypto::to_pem_block("X509 CRL", list.der()),
             0644,
             options.force ? new_file::existing::replace
                           : new_file::existing::keep);
  if (is_standard_output(options.out)) // the list is the answer
    return 0;
  if (context.json)
    answer({{"file", options.out.string()},
            {"number", list.number()},
            {"entries", list.entries().size()}});
  else
    say(fmt::format("{} is list {} with {} revocations", options.out.string(),
                    list.number(), grouped(list.entries().size())));
  return 0;
}

} // namespace

void add_keys_ca_lists(const command_spec& ca) {
  const auto options = std::make_shared<revoke_options>();
  const auto command = ca.add(
      "revoke", "Revokes all certificates that the authority issued for keys",
      "chancery keys ca revoke Vt3kR0s --reason keyCompromise");
  add_key_options(command, options->subjects);
  command
      .text("--reason", options->reason,
            "keyCompromise, superseded, cessationOfOperation or another of RFC "
            "5280 5.3.1")
      .required()
      .value_name("REASON");
  command
      .number("--days", options->days, {1, 3650},
              "Days until the next list is due")
      .default_text("30");
  command.runs(revoke, options);

  const auto list = std::make_shared<crl_options>();
  const auto crl = ca.add("crl", "Writes a new list of revocations to a file",
                          "chancery keys ca crl --days 30 --out ca.crl");
  crl.number("--days", list->days, {1, 3650}, "Days until the next list is due")
      .default_text("30");
  crl.text("--out", list->out, "The file to write")
      .required()
      .value_name("FILE");
  crl.flag("--der", list->der, "DER, as web servers give it, instead of PEM");
  crl.flag("--force", list->force, "Replace FILE if it exists");
  crl.runs(write_list, list);
}

} // namespace chancery::apps
