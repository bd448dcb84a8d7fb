// SPDX-License-Identifier: Apache-2.0
// `chancery keys crl import`: takes an authority's list of revocations.

#include "apps/certificates/certificate_files.hpp"
#include "apps/certificates/seal_folder.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;

std::string moment_text(std::int64_t seconds) {
  return time_text(static_cast<std::uint64_t>(seconds) * 1000);
}

/// The authority of a stored chain that signed the list.
crypto::certificate signer_of(const storage::snapshot& view,
                              const crypto::revocation_list& list,
                              const fs::path& file) {
  for (const auto& authority : actors::stored_authorities(view)) {
    if (!list.is_signed_by(authority))
      continue;
    if (!names_key_of(list, authority))
      throw std::runtime_error(fmt::format(
          "cannot use {}: '{}' signed it, but it names another key (authority "
          "key identifier)",
          file.string(), list.issuer()));
    return authority;
  }
  throw std::runtime_error(fmt::format(
      "cannot use {}: no authority of a key's certificate signed this list of "
      "revocations, which names '{}' as its issuer",
      file.string(), list.issuer()));
}

void require_newer(const crypto::revocation_list& list,
                   const std::optional<crypto::revocation_list>& stored,
                   const fs::path& file) {
  if (stored && !list.is_as_new_as(*stored))
    throw std::runtime_error(fmt::format(
        "cannot use {}: it is list {} of '{}', made at {}, and a newer one is "
        "stored: {}, made at {}",
        file.string(), list.number(), list.issuer(),
        moment_text(list.this_update()), stored->number(),
        moment_text(stored->this_update())));
}

/// Keys whose certificate is revoked now.
std::size_t revoked_keys(const storage::snapshot& view,
                         const crypto::public_keyring& keys, std::int64_t at) {
  key_standings standings(view, at, 0);
  std::size_t count = 0;
  for (const auto& key : keys.keys)
    if (standings.of(key.key.id()).state == crypto::certificate_state::revoked)
      ++count;
  return count;
}

int import_list(const command_context& context, const fs::path& file) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  require_seals(folder, keys.purpose);
  const auto list = read_list_file(file);
  const auto claim = folder.claim_keyring();
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  const auto authority = signer_of(store.read(), list, file);
  {
    auto transaction = store.write();
    require_newer(list, stored_list_of(transaction, authority), file);
    transaction.put_revocation_list(list_key_of(authority), list.der());
    transaction.commit();
  }
  const auto now = static_cast<std::int64_t>(now_ms() / 1000);
  const auto revoked = revoked_keys(store.read(), keys, now);
  if (list.next_update() && *list.next_update() < now)
    warn(fmt::format("{} is old: its authority promised a newer one by {}",
                     file.string(), moment_text(*list.next_update())));
  if (context.json)
    answer({{"issuer", list.issuer()},
            {"number", list.number()},
            {"entries", list.entries().size()},
            {"revoked_keys", revoked}});
  else
    say(fmt::format("stored the list of '{}' with {} revocations; {} keys have "
                    "a certificate that is revoked",
                    list.issuer(), grouped(list.entries().size()),
                    grouped(revoked)));
  claim.note_service();
  return 0;
}

} // namespace

void add_keys_crl(const command_spec& keys) {
  const auto crl = keys.add("crl", "Imports lists of revoked certificates",
                            "chancery keys crl import authority.crl");
  crl.needs_subcommand();
  const auto file = std::make_shared<fs::path>();
  const auto command = crl.add(
      "import",
      "Stores an authority's list: a key whose certificate it revokes seals no "
      "more",
      "chancery keys crl import authority.crl");
  command.text("FILE", *file, "A list of revocations (CRL) in PEM or DER")
      .required();
  command.runs(import_list, file);
}

} // namespace chancery::apps
