// SPDX-License-Identifier: Apache-2.0
// `chancery cluster`: the certificate authority of several hosts, and the
// folder that each host gets.

#include "apps/commands/commands.hpp"
#include "apps/folders/cluster_authority.hpp"
#include "apps/folders/cluster_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/certificates/host_uri.hpp"
#include "crypto/keys/pem.hpp"

#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

struct issue_options {
  std::string name;
  std::string role = "worker";
  std::uint64_t days =
      static_cast<std::uint64_t>(crypto::host_certificate_days_default.count());
  fs::path out; ///< empty: a folder here, called `name`
};

std::string moment(std::chrono::system_clock::time_point time) {
  return time_text(static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch())
          .count()));
}

crypto::certificate_facts facts_of(const crypto::host_credentials& host) {
  return crypto::read_certificate_facts(
      crypto::certificate_from_pem(host.certificate_pem));
}

json facts_json(const crypto::certificate_facts& facts, const fs::path& root) {
  return {{"name", facts.host.name},
          {"role", crypto::to_text(facts.host.role)},
          {"cluster", facts.cluster},
          {"serial", facts.host.serial},
          {"valid_from", moment(facts.begin)},
          {"valid_until", moment(facts.end)},
          {"folder", root.string()}};
}

int init_cluster(const command_context& context) {
  require_plausible_clock();
  const cluster_authority authority(context.data);
  const auto id = crypto::cluster_id(authority.make(context));
  const auto certificate = authority.certificate_path().string();
  if (context.json)
    answer({{"cluster", id}, {"certificate", certificate}});
  else
    say(fmt::format("created cluster {}; its authority's certificate is {}. "
                    "`chancery cluster issue NAME` adds a host.",
                    id, certificate));
  return 0;
}

int issue_host(const command_context& context, const issue_options& options) {
  require_plausible_clock();
  const auto role = [&] {
    try {
      crypto::check_host_name(options.name);
      return crypto::host_role_from_text(options.role);
    } catch (const std::invalid_argument& e) {
      throw usage_error(e.what());
    }
  }();
  const cluster_folder folder(options.out.empty() ? fs::path(options.name)
                                                  : options.out);
  folder.require_free();
  const auto host =
      cluster_authority(context.data)
          .issue(context, options.name, role, std::chrono::days(options.days));
  folder.make(host);
  const auto facts = facts_of(host);
  if (context.json) {
    answer(facts_json(facts, folder.root()));
    return 0;
  }
  say(fmt::format("{} is for the {} {}, valid until {}", folder.root().string(),
                  options.role, options.name, moment(facts.end)));
  say("Copy the folder to that host over a channel that nobody can read, as it "
      "contains the host's private key, and then delete it here.");
  return 0;
}

/// Why the folder cannot be used now; empty when it can.
std::string fault_of(const crypto::host_credentials& host) {
  try {
    require_plausible_clock();
    crypto::check_host_credentials(host, std::chrono::system_clock::now());
    return {};
  } catch (const std::runtime_error& e) {
    return e.what();
  }
}

int show_host(const command_context& context, const fs::path& root) {
  const cluster_folder folder(root);
  const auto host = folder.read();
  const auto facts = [&] {
    try {
      return facts_of(host);
    } catch (const std::invalid_argument& e) {
      throw std::runtime_error(
          fmt::format("{}: {}", folder.certificate_path().string(), e.what()));
    }
  }();
  const auto fault = fault_of(host);
  if (context.json) {
    auto shown = facts_json(facts, folder.root());
    shown["usable"] = fault.empty();
    if (!fault.empty())
      shown["error"] = fault;
    answer(shown);
  } else {
    say(fmt::format("Name     {}", facts.host.name));
    say(fmt::format("Role     {}", crypto::to_text(facts.host.role)));
    say(fmt::format("Cluster  {}", facts.cluster));
    say(fmt::format("Serial   {}", facts.host.serial));
    say(fmt::format("Valid    from {} until {}", moment(facts.begin),
                    moment(facts.end)));
  }
  if (!fault.empty())
    note(fmt::format("{}: {}", folder.root().string(), fault));
  return fault.empty() ? 0 : 1;
}

} // namespace

void add_cluster(const command_spec& app) {
  const auto cluster = app.add(
      "cluster", "Makes the certificates of several hosts that work together",
      "chancery cluster init\n"
      "  chancery cluster issue left --role worker");
  cluster.needs_subcommand();
  add_cluster_init(cluster);
  add_cluster_issue(cluster);
  add_cluster_show(cluster);
}

void add_cluster_init(const command_spec& cluster) {
  const auto command = cluster.add(
      "init", "Makes the cluster's certificate authority in the data folder",
      "chancery cluster init");
  command.runs(init_cluster);
}

void add_cluster_issue(const command_spec& cluster) {
  const auto options = std::make_shared<issue_options>();
  const auto command = cluster.add(
      "issue", "Makes a folder with a certificate and its key for one host",
      "chancery cluster issue left --role worker --out left");
  command
      .text("NAME", options->name, "The host's name: 1 to 63 of a-z 0-9 and -")
      .required();
  command
      .text("--role", options->role,
            "coordinator, worker, node or client (default: worker)")
      .value_name("ROLE");
  command.number(
      "--days", options->days,
      {1, static_cast<std::uint64_t>(crypto::authority_days.count())},
      "Days until the certificate expires (default: 825)");
  command
      .text("--out", options->out, "The folder to create (default: NAME here)")
      .value_name("DIR");
  command.runs(issue_host, options);
}

void add_cluster_show(const command_spec& cluster) {
  const auto root = std::make_shared<fs::path>();
  const auto command = cluster.add(
      "show",
      "Shows which host a folder is for, and whether it can be used now",
      "chancery cluster show left");
  command.text("DIR", *root, "A folder that `chancery cluster issue` made")
      .required();
  command.runs(show_host, root);
}

} // namespace chancery::apps
