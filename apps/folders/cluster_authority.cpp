// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/cluster_authority.hpp"

#include "apps/folders/authority_key.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/folders/folder_root.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/platform/new_file.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

// A certificate of ours has under 1,000 bytes.
constexpr std::size_t pem_size_max = 64 * 1024;

/// The folder's other keys, which have the same passphrase. Throws when it is
/// not a data folder, or not a complete one.
crypto::keyring_path neighbours_of(const command_context& context) {
  const ledger_folder ledger(context.data);
  if (ledger.complete() && !is_there(data_folder(context.data).records()))
    return ledger.keyring_path();
  return data_folder::existing(context).keyring_path();
}

} // namespace

cluster_authority::cluster_authority(fs::path root) : root_(std::move(root)) {}

bool cluster_authority::has_keys() const {
  return is_there(keyring_path().private_file());
}

crypto::private_key
cluster_authority::open_key(const command_context& context) const {
  auto key = open_authority_key(context, keyring_path());
  if (key.curve() != crypto::curve::p256)
    throw std::runtime_error("the cluster's key is not on P-256: restore "
                             "cluster.jwe from a backup");
  return key;
}

crypto::private_key
cluster_authority::make_key(const command_context& context) const {
  return make_authority_key(context, keyring_path(), neighbours_of(context),
                            crypto::curve::p256);
}

crypto::key_id cluster_authority::make(const command_context& context) const {
  neighbours_of(context);
  const auto lock = data_folder(root_).lock();
  const auto name = root_.string();
  if (is_there(certificate_path()))
    throw std::runtime_error(
        has_keys()
            ? fmt::format("{} already has a cluster: add a host to it with "
                          "`chancery cluster issue NAME`",
                          name)
            : fmt::format("{} exists, but its key {} is missing: restore the "
                          "key from a backup, or remove the certificate to "
                          "create another cluster",
                          certificate_path().string(),
                          keyring_path().private_file().string()));
  const auto key = has_keys() ? open_key(context) : make_key(context);
  write_file(
      certificate_path(),
      crypto::make_authority_certificate(key, std::chrono::system_clock::now(),
                                         crypto::system_random()),
      0644, new_file::existing::keep);
  return key.id();
}

crypto::host_credentials
cluster_authority::issue(const command_context& context,
                         const std::string& name, crypto::host_role role,
                         std::chrono::days valid) const {
  if (!is_there(certificate_path()))
    throw std::runtime_error(
        fmt::format("there is no cluster in {}: make one with `chancery "
                    "cluster init --data {}`, or name its folder with --data",
                    root_.string(), root_.string()));
  const auto pem = read_file(certificate_path(), pem_size_max);
  return crypto::issue_host_certificate(open_key(context), pem, name, role,
                                        std::chrono::system_clock::now(), valid,
                                        crypto::system_random());
}

} // namespace chancery::apps
