// SPDX-License-Identifier: Apache-2.0
// `chancery keys import --p12`: a key with its certificate and chain.

#include "apps/certificates/certificate_files.hpp"
#include "apps/certificates/seal_folder.hpp"
#include "apps/commands/key_subjects.hpp"
#include "apps/commands/keys_import.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/certificates/pkcs12.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t p12_size_max = 1 << 20;

crypto::pkcs12_content read_p12(const key_import_options& options) {
  const auto& file = options.p12;
  const auto bytes = read_file(file, p12_size_max);
  const auto secret = find_passphrase(
      {.file = options.p12_passphrase_file,
       .variable = "CHANCERY_P12_PASSPHRASE",
       .prompt = fmt::format("Passphrase of {}", file.string())});
  if (!secret)
    throw std::runtime_error(
        fmt::format("no passphrase for {}: give --p12-passphrase-file FILE, "
                    "set CHANCERY_P12_PASSPHRASE, or run this at a terminal",
                    file.string()));
  try {
    return crypto::read_pkcs12(crypto::bytes_of(bytes), secret->text);
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(
        fmt::format("cannot import {}: {}", file.string(), e.what()));
  }
}

/// What is to be stored of the file's certificates, once the key is there.
certificate_intake certificates_in(const crypto::pkcs12_content& content,
                                   crypto::public_keyring keys,
                                   const storage::snapshot& view,
                                   const fs::path& roots) {
  if (!content.leaf || keys.purpose != crypto::keyring_purpose::seal)
    return {};
  if (roots.empty())
    throw usage_error("the file has a certificate: name the root that you "
                      "trust with --ca ROOT.pem");
  keys.keys.push_back({content.key.public_half()});
  auto given = content.others;
  given.push_back(*content.leaf);
  return take_certificates(keys, given, read_root_file(roots),
                           actors::certificate_book(view).lists(),
                           static_cast<std::int64_t>(now_ms() / 1000));
}

} // namespace

int import_p12(const command_context& context,
               const key_import_options& options) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  const auto claim = folder.claim_keyring();
  const auto keys = folder.public_keys();
  const auto content = read_p12(options);
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  const auto intake =
      certificates_in(content, keys, store.read(), options.roots);
  add_imported(context, folder, content.key, options.p12);
  if (!intake.taken.empty()) {
    auto transaction = store.write();
    store_certificates(transaction, intake.taken, now_ms());
    transaction.commit();
  }
  const auto id = crypto::to_text(content.key.id());
  warn_of(intake.warnings);
  if (keys.purpose == crypto::keyring_purpose::seal)
    warn_of_other_uses();
  else if (content.leaf)
    note("its certificate is left out, as the keys of this folder sign raw "
         "records");
  if (context.json)
    answer({{"imported", id},
            {"keys", keys.keys.size() + 1},
            {"certificate", !intake.taken.empty()}});
  else
    say(intake.taken.empty()
            ? fmt::format("imported {}; from now on it must sign nothing but "
                          "records",
                          id)
            : fmt::format("imported {} with its certificate '{}'", id,
                          content.leaf->subject()));
  claim.note_service();
  return 0;
}

void warn_of_other_uses() {
  warn("what else this key signs elsewhere cannot be seen here: from now on it "
       "must make nothing but the seals of this folder");
}

} // namespace chancery::apps
