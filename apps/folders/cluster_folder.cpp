// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/cluster_folder.hpp"

#include "apps/folders/folder_root.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

// A certificate of ours has under 1,000 bytes; text around it is allowed.
constexpr std::size_t host_pem_size_max = 64 * 1024;

/// "out/" and "out/." name the folder "out".
fs::path without_slash(fs::path path) {
  path = path.lexically_normal();
  return path.has_filename() || !path.has_parent_path() ? path
                                                        : path.parent_path();
}

std::string article(crypto::host_role role) {
  return fmt::format("a {}", crypto::to_text(role));
}

} // namespace

cluster_folder::cluster_folder(fs::path root)
    : root_(without_slash(std::move(root))) {}

crypto::host_credentials cluster_folder::read() const {
  std::error_code error;
  if (!fs::is_directory(root_, error))
    throw std::runtime_error(
        fmt::format("there is no folder {}: make one with `chancery cluster "
                    "issue` on the host with the cluster's data folder, and "
                    "copy it here",
                    root_.string()));
  for (const auto& path : {authority_path(), certificate_path(), key_path()})
    if (!fs::exists(path, error) && !error)
      throw std::runtime_error(
          fmt::format("{} is missing: copy the whole folder that `chancery "
                      "cluster issue` made",
                      path.string()));
  const auto authority = read_file(authority_path(), host_pem_size_max);
  const auto certificate = read_file(certificate_path(), host_pem_size_max);
  return {std::string(authority.begin(), authority.end()),
          std::string(certificate.begin(), certificate.end()),
          read_file(key_path(), host_pem_size_max)};
}

crypto::host_credentials cluster_folder::load(crypto::host_role wanted) const {
  auto host = read();
  warn_of_readers(key_path(), "this host's key");
  const auto identity = [&] {
    try {
      return crypto::check_host_credentials(host,
                                            std::chrono::system_clock::now());
    } catch (const std::runtime_error& e) {
      throw std::runtime_error(fmt::format("{}: {}", root_.string(), e.what()));
    }
  }();
  if (identity.role != wanted)
    throw std::runtime_error(fmt::format(
        "{} is for {}, but this host runs as {}: issue one with `chancery "
        "cluster issue {} --role {}`",
        root_.string(), article(identity.role), article(wanted), identity.name,
        crypto::to_text(wanted)));
  return host;
}

void cluster_folder::require_free() const {
  if (!is_free_for_a_folder(root_))
    throw std::runtime_error(
        fmt::format("{} exists: name another folder with --out, as a host's "
                    "key is never overwritten",
                    root_.string()));
}

void cluster_folder::make(const crypto::host_credentials& host) const {
  require_free();
  make_folders(root_.parent_path());
  new_folder made(root_);
  const cluster_folder folder(made.path());
  const auto keep = new_file::existing::keep;
  write_file(folder.authority_path(), host.authority_pem, 0644, keep);
  write_file(folder.certificate_path(), host.certificate_pem, 0644, keep);
  write_file(folder.key_path(), host.key_pem, 0600, keep);
  made.commit(0700);
  // An empty folder that was there is filled, and may be open to others.
  fs::permissions(root_, fs::perms::owner_all);
}

} // namespace chancery::apps
