// SPDX-License-Identifier: Apache-2.0

// Compares the whole path through the ledger's node with validating alone, with
// the same path where libcrypto does everything one by one, and with the three
// cryptographic operations that every node needs. All are interleaved and
// repeated, so that a machine that slows down for a while slows them all.
// README.md explains the figures.

#include "benchmarks/ledger_jobs.hpp"
#include "benchmarks/memory.hpp"
#include "benchmarks/report.hpp"
#include "crypto/ledger/block.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

namespace {

using namespace chancery;
using namespace chancery::benchmarks;

/// Messages per round of the memory benchmark, sealed before the round.
constexpr std::uint64_t round_messages = 10'000;

struct settings {
  ledger_workload work;
  std::vector<std::uint64_t> memory_messages{100'000, 1'000'000};
  std::size_t repetitions = 5;
  bool json = false;
  bool memory = false;
  bool memory_child = false;
};

void add_options(CLI::App& app, settings& s) {
  app.add_option("--messages", s.work.messages, "Messages per measurement")
      ->check(CLI::Range(1'000u, 100'000'000u))
      ->capture_default_str();
  app.add_option("--clients", s.work.clients, "Clients that send them")
      ->check(CLI::Range(2u, 10'000u))
      ->capture_default_str();
  app.add_option("--validators", s.work.threads, "Validators, or threads")
      ->check(CLI::Range(1u, 64u))
      ->capture_default_str();
  app.add_option("--body-size", s.work.body_size, "Bytes of text per message")
      ->check(CLI::Range(0u, 60'000u))
      ->capture_default_str();
  app.add_option("--block-size", s.work.block_size, "Messages per block")
      ->check(CLI::Range(1u, crypto::block_size_max))
      ->capture_default_str();
  app.add_option("--repeat", s.repetitions,
                 "Repetitions; the median is reported")
      ->check(CLI::Range(1u, 1'000u))
      ->capture_default_str();
  app.add_option("--folder", s.work.folder,
                 "Parent folder of temporary ledgers")
      ->capture_default_str();
  app.add_flag("--json", s.json, "Print JSON instead of the table");
  app.add_flag("--memory", s.memory, "Measure peak memory, in child processes");
  app.add_option("--memory-messages", s.memory_messages,
                 "Numbers for --memory, separated by commas")
      ->delimiter(',');
  app.add_flag("--memory-child", s.memory_child)->group("");
}

struct repetition {
  raw_costs raw;
  measure validate;
  measure blocks;
  measure node;
  measure node_openssl;
  measure clients;
  measure verify;
};

repetition measure_once(const ledger_cast& cast, const settings& s,
                        const std::vector<std::string>& sealed,
                        bool node_first) {
  repetition r;
  fresh_ledger ledger(cast, s.work);
  const auto through_the_node = [&] {
    running_node node(cast, s.work, ledger);
    r.node = node.run(sealed);
  };
  const auto with_openssl = [&] {
    fresh_ledger other(cast, s.work);
    running_node node(cast, s.work, other, crypto::provider::openssl);
    r.node_openssl = node.run(sealed);
  };
  r.raw = run_raw_costs(cast, s.work);
  if (node_first)
    through_the_node();
  else
    with_openssl();
  r.validate = run_validate(cast, s.work, sealed);
  if (node_first)
    with_openssl();
  else
    through_the_node();
  r.blocks = run_blocks(cast, s.work);
  r.clients = run_clients(cast, s.work);
  r.verify = run_verify(cast, s.work, ledger);
  return r;
}

template <class Figure>
double median_of(const std::vector<repetition>& all, const Figure& figure) {
  std::vector<double> values;
  for (const auto& r : all)
    values.push_back(figure(r));
  return median(values);
}

nlohmann::json summarize(const std::vector<repetition>& all) {
  const auto figure = [&](const auto& f) { return median_of(all, f); };
  const auto rate = [&](measure repetition::*m) {
    return figure([m](const auto& r) { return (r.*m).rate(); });
  };
  return {
      {"ecdh_us", figure([](const auto& r) { return r.raw.ecdh.cpu_us(); })},
      {"verify_us",
       figure([](const auto& r) { return r.raw.verify.cpu_us(); })},
      {"sign_us", figure([](const auto& r) { return r.raw.sign.cpu_us(); })},
      {"raw_cpu_us", figure([](const auto& r) { return r.raw.cpu_us(); })},
      {"validate_rate", rate(&repetition::validate)},
      {"validate_cpu_us",
       figure([](const auto& r) { return r.validate.cpu_us(); })},
      {"node_rate", rate(&repetition::node)},
      {"node_cpu_us", figure([](const auto& r) { return r.node.cpu_us(); })},
      {"node_openssl_rate", rate(&repetition::node_openssl)},
      {"node_openssl_cpu_us",
       figure([](const auto& r) { return r.node_openssl.cpu_us(); })},
      {"node_over_openssl", figure([](const auto& r) {
         return r.node.rate() / r.node_openssl.rate();
       })},
      {"node_over_validate",
       figure([](const auto& r) { return r.node.rate() / r.validate.rate(); })},
      {"validate_over_node_cpu", figure([](const auto& r) {
         return r.validate.cpu_us() / r.node.cpu_us();
       })},
      {"raw_over_validate_cpu", figure([](const auto& r) {
         return r.raw.cpu_us() / r.validate.cpu_us();
       })},
      {"raw_over_node_cpu",
       figure([](const auto& r) { return r.raw.cpu_us() / r.node.cpu_us(); })},
      {"block_cpu_us", figure([](const auto& r) { return r.blocks.cpu_us(); })},
      {"blocks_share", figure([](const auto& r) {
         return r.blocks.cpu_us() / r.node.cpu_us();
       })},
      {"clients_rate", rate(&repetition::clients)},
      {"verify_rate", rate(&repetition::verify)},
  };
}

void print_table(const nlohmann::json& f, const settings& s) {
  const auto row = [](const char* name, const std::string& value) {
    fmt::print("{:<44}{:>12}\n", name, value);
  };
  const auto number = [&](const char* name) {
    return f.at(name).get<double>();
  };
  const auto us = [&](const char* name) {
    return fmt::format("{:.1f} us", number(name));
  };
  const auto rate = [&](const char* name) {
    return fmt::format("{:.0f} /s", number(name));
  };
  const auto ratio = [&](const char* name) {
    return fmt::format("{:.3f}", number(name));
  };
  fmt::print("{} messages of {} clients, {} validators, median of {}\n",
             s.work.messages, s.work.clients, s.work.threads, s.repetitions);
  row("ECDH, OpenSSL, CPU", us("ecdh_us"));
  row("verify, OpenSSL, CPU", us("verify_us"));
  row("sign the receipt, OpenSSL, CPU", us("sign_us"));
  row("these three, one by one", us("raw_cpu_us"));
  row("validate and sign the receipt, CPU", us("validate_cpu_us"));
  row("  all threads", rate("validate_rate"));
  row("the node, with actors and disk, CPU", us("node_cpu_us"));
  row("  all threads", rate("node_rate"));
  row("the node with OpenSSL, one by one, CPU", us("node_openssl_cpu_us"));
  row("  all threads", rate("node_openssl_rate"));
  row("the node over the one with OpenSSL, rate", ratio("node_over_openssl"));
  row("the node over validating alone, rate", ratio("node_over_validate"));
  row("validating alone over the node, CPU", ratio("validate_over_node_cpu"));
  row("the three over validating alone, CPU", ratio("raw_over_validate_cpu"));
  row("the three over the node, CPU", ratio("raw_over_node_cpu"));
  row("blocks, CPU per message", us("block_cpu_us"));
  row("blocks' share of the node", ratio("blocks_share"));
  row("from client actors to receipts", rate("clients_rate"));
  row("messages of a chain verified", rate("verify_rate"));
}

void run_memory(const settings& s) {
  measure_memory(s.memory_messages, "messages", [&](std::uint64_t messages) {
    return std::vector<std::string>{
        "ledger_benchmark",
        "--memory-child",
        "--messages=" + std::to_string(messages),
        "--clients=" + std::to_string(s.work.clients),
        "--validators=" + std::to_string(s.work.threads),
        "--folder=" + s.work.folder.string()};
  });
}

// One node for all rounds; only one round's messages exist at a time.
double run_one_job(const settings& s) {
  const ledger_cast cast(s.work.clients);
  fresh_ledger ledger(cast, s.work);
  running_node node(cast, s.work, ledger);
  double seconds = 0;
  for (std::uint64_t sent = 0; sent < s.work.messages;) {
    const auto count = std::min(round_messages, s.work.messages - sent);
    const auto sealed = seal_messages(cast, s.work, sent, count);
    seconds += node.run(sealed).seconds;
    sent += count;
  }
  return static_cast<double>(s.work.messages) / seconds;
}

void run(const settings& s) {
  if (s.memory_child)
    return run_memory_child([&] { return run_one_job(s); });
  if (s.memory)
    return run_memory(s);
  const ledger_cast cast(s.work.clients);
  const auto sealed = seal_messages(cast, s.work, 0, s.work.messages);
  std::vector<repetition> all;
  for (std::size_t i = 0; i < s.repetitions; ++i) {
    fmt::print(stderr, "{} of {}\n", i + 1, s.repetitions);
    all.push_back(measure_once(cast, s, sealed, i % 2 == 0));
  }
  const auto figures = summarize(all);
  if (s.json)
    fmt::print("{}\n", figures.dump(2));
  else
    print_table(figures, s);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares the ledger's node with what bounds it");
  settings s;
  s.work.folder = std::filesystem::temp_directory_path();
  add_options(app, s);
  CLI11_PARSE(app, argc, argv);
  try {
    run(s);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "ledger_benchmark: {}\n", e.what());
    return 1;
  }
}
