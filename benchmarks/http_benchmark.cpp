// SPDX-License-Identifier: Apache-2.0

// Compares `chancery serve` with what bounds it: reading over HTTP with the
// smallest server on the same library, and messages over HTTP with the node's
// actors alone; and records over HTTP with `records import`. Also memory of
// connections at rest, an idle server's CPU time, and its start on a long
// ledger. README.md explains the figures.

#include "benchmarks/http_jobs.hpp"
#include "benchmarks/ledger_jobs.hpp"
#include "benchmarks/record_part.hpp"
#include "benchmarks/report.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace chancery;
using namespace chancery::benchmarks;

namespace fs = std::filesystem;

struct settings {
  ledger_workload work;
  ledger_workload crowd; ///< the same with more clients
  std::uint64_t requests = 50'000;
  std::size_t connections = 16;
  std::size_t repetitions = 5;
  std::size_t idle_connections = 2'000;
  unsigned idle_seconds = 60;
  fs::path program;
  fs::path hello;
  fs::path long_ledger;
  record_settings records;
  std::string only; ///< "messages" or "records"; empty: both
  bool json = false;

  bool messages() const { return only != "records"; }
};

const std::vector<std::string> routes{
    "/livez",
    "/v1/blocks/count",
    "/v1/node",
    "/v1/blocks/0",
    "/v1/blocks/head",
    "/v1/messages/0",
    "/v1/messages/0/proof",
};

std::vector<std::string> serve_in(const fs::path& folder) {
  return {"--data", folder.string(), "serve", "--http", "127.0.0.1:0"};
}

/// Every figure of one repetition; the servers are the same in all.
void measure_reads(const settings& s, const served_process& hello,
                   const served_process& served, samples& figures) {
  const auto bare = run_reads(hello, "/", s.requests, s.connections);
  figures["hello_cpu_us"].push_back(bare.cpu_us());
  figures["hello_rate"].push_back(bare.rate());
  for (const auto& route : routes) {
    const auto ours = run_reads(served, route, s.requests, s.connections);
    figures["cpu_us " + route].push_back(ours.cpu_us());
    figures["share " + route].push_back(bare.cpu_us() / ours.cpu_us());
    figures["rate_share " + route].push_back(ours.rate() / bare.rate());
  }
}

void measure_messages(const settings& s, const ledger_cast& cast,
                      const served_process& served, served_clients& clients,
                      served_clients& crowd, samples& figures) {
  const auto own = seal_messages(cast, s.work, 0, s.work.messages);
  fresh_ledger ledger(cast, s.work);
  measure alone;
  {
    running_node node(cast, s.work, ledger);
    alone = node.run(own);
  }
  figures["actors_cpu_us"].push_back(alone.cpu_us());
  figures["actors_rate"].push_back(alone.rate());
  const auto note = [&](const std::string& kind, const measure& one) {
    figures[kind + "_cpu_us"].push_back(one.cpu_us());
    figures[kind + "_rate"].push_back(one.rate());
    figures[kind + "_share"].push_back(alone.cpu_us() / one.cpu_us());
  };
  note("posts", run_posts(served, s.work, clients.seal(s.work.messages)));
  note("crowd", run_posts(served, s.crowd, crowd.seal(s.crowd.messages)));
  note("lines", run_lines(served, clients.seal(s.work.messages)));
}

/// At half of the rates that were measured at full load.
void measure_latencies(const settings& s, const served_process& served,
                       served_clients& clients, samples& figures) {
  const auto reads_rate = median(figures.at("rate_share /v1/blocks/count")) *
                          median(figures.at("hello_rate")) / 2;
  const auto reads = run_paced_reads(served, "/v1/blocks/count", reads_rate,
                                     s.requests, s.connections);
  const auto posts =
      run_paced_posts(served, s.work, clients.seal(s.work.messages),
                      median(figures.at("posts_rate")) / 2);
  figures["read_p50_ms"] = {reads.p50_ms};
  figures["read_p99_ms"] = {reads.p99_ms};
  figures["post_p50_ms"] = {posts.p50_ms};
  figures["post_p99_ms"] = {posts.p99_ms};
}

void make_certificate(const fs::path& folder) {
  apps::child_process openssl(
      "/usr/bin/openssl",
      {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
       "-nodes", "-keyout", (folder / "key.pem").string(), "-out",
       (folder / "certificate.pem").string(), "-subj", "/CN=localhost",
       "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"},
      {folder / "openssl.out", folder / "openssl.err"});
  if (openssl.wait(std::chrono::seconds(30)) != 0)
    throw std::runtime_error("openssl made no certificate");
}

void measure_idle(const settings& s, const fs::path& folder, samples& figures) {
  auto arguments = serve_in(folder / "idle");
  {
    const served_process served(s.program, arguments, folder);
    figures["idle_plain_kb"] = {
        static_cast<double>(
            idle_bytes(served, served.address(), s.idle_connections)) /
        1024};
    const auto before = served.cpu_seconds();
    for (unsigned second = 0; second < s.idle_seconds; ++second) {
      if (second % 15 == 0)
        run_reads(served, "/metrics", 1, 1);
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    figures["idle_cpu_percent"] = {(served.cpu_seconds() - before) * 100 /
                                   s.idle_seconds};
  }
  make_certificate(folder);
  const auto certificate = folder / "certificate.pem";
  for (const auto& more :
       {std::string("--tls-cert"), certificate.string(),
        std::string("--tls-key"), (folder / "key.pem").string()})
    arguments.push_back(more);
  const served_process served(s.program, arguments, folder);
  auto address = served.address();
  address.server_ca = certificate;
  figures["idle_tls_kb"] = {
      static_cast<double>(idle_bytes(served, address, s.idle_connections)) /
      1024};
}

void measure_start(const settings& s, const fs::path& folder,
                   samples& figures) {
  if (s.long_ledger.empty())
    return;
  for (std::size_t i = 0; i < s.repetitions; ++i)
    figures["start_seconds"].push_back(
        served_process(s.program, serve_in(s.long_ledger), folder)
            .start_seconds());
}

void print_table(const settings& s, const nlohmann::json& f) {
  const auto number = [&](const std::string& name) {
    return f.at(name).get<double>();
  };
  fmt::print("{} requests over {} connections, {} messages of {} clients, "
             "median of {}\n\n{:<28}{:>10}{:>12}{:>12}\n",
             s.requests, s.connections, s.work.messages, s.work.clients,
             s.repetitions, "", "CPU us", "share CPU", "share rate");
  fmt::print("{:<28}{:>10.1f}\n", "hello on Beast", number("hello_cpu_us"));
  for (const auto& route : routes)
    fmt::print("{:<28}{:>10.1f}{:>12.2f}{:>12.2f}\n", "GET " + route,
               number("cpu_us " + route), number("share " + route),
               number("rate_share " + route));
  fmt::print("\n{:<28}{:>10}{:>12}{:>12}\n", "messages", "CPU us", "share CPU",
             "rate /s");
  fmt::print("{:<28}{:>10.1f}{:>12}{:>12.0f}\n", "the node's actors alone",
             number("actors_cpu_us"), "", number("actors_rate"));
  for (const auto& [name, kind] :
       {std::pair(fmt::format("one a request, {}", s.work.clients), "posts"),
        std::pair(fmt::format("one a request, {}", s.crowd.clients), "crowd"),
        std::pair(std::string("NDJSON"), "lines")})
    fmt::print("{:<28}{:>10.1f}{:>12.2f}{:>12.0f}\n", name,
               number(fmt::format("{}_cpu_us", kind)),
               number(fmt::format("{}_share", kind)),
               number(fmt::format("{}_rate", kind)));
  fmt::print("\nat half of the full rate: a read takes {:.2f} ms (p50), {:.2f} "
             "ms (p99); a message {:.2f} ms, {:.2f} ms\n",
             number("read_p50_ms"), number("read_p99_ms"),
             number("post_p50_ms"), number("post_p99_ms"));
  fmt::print("{} connections at rest: {:.0f} kB, with TLS {:.0f} kB\n",
             s.idle_connections, number("idle_plain_kb"),
             number("idle_tls_kb"));
  fmt::print("beside them, and with a scrape every 15 s: {:.2f} % of a core\n",
             number("idle_cpu_percent"));
  if (f.contains("start_seconds"))
    fmt::print("start on {}: {:.2f} s\n", s.long_ledger.string(),
               number("start_seconds"));
}

/// Reads and messages.
void measure_ledger(const settings& s, const fs::path& folder,
                    samples& figures) {
  {
    const served_process hello(s.hello, {}, folder);
    const served_process served(s.program, serve_in(folder / "data"), folder);
    served_clients clients(served, s.work);
    served_clients crowd(served, s.crowd);
    const ledger_cast cast(s.work.clients);
    for (std::size_t i = 0; i < s.repetitions; ++i) {
      fmt::print(stderr, "{} of {}\n", i + 1, s.repetitions);
      measure_messages(s, cast, served, clients, crowd, figures);
      measure_reads(s, hello, served, figures);
    }
    measure_latencies(s, served, clients, figures);
  }
  measure_idle(s, folder, figures);
  measure_start(s, folder, figures);
}

void run(const settings& s) {
  const auto folder = new_folder(s.work.folder);
  samples figures;
  if (s.messages())
    measure_ledger(s, folder, figures);
  if (s.only != "messages")
    measure_records(s.records, folder, figures);
  fs::remove_all(folder);
  nlohmann::json medians;
  for (const auto& [name, values] : figures)
    medians[name] = median(values);
  if (s.json) {
    fmt::print("{}\n", medians.dump(2));
    return;
  }
  if (s.messages())
    print_table(s, medians);
  if (s.only != "messages")
    print_records(s.records, medians);
}

void allow_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares `chancery serve` with what bounds it");
  settings s;
  s.work.folder = fs::temp_directory_path();
  s.work.messages = 10'000;
  s.work.clients = 20;
  const auto here = fs::read_symlink("/proc/self/exe").parent_path();
  s.program = here.parent_path() / "apps" / "chancery";
  s.hello = here / "beast_hello";
  app.add_option("--requests", s.requests, "Requests per measurement")
      ->capture_default_str();
  app.add_option("--messages", s.work.messages,
                 "Messages per measurement, a multiple of 20")
      ->capture_default_str();
  app.add_option("--repeat", s.repetitions, "Repetitions")
      ->capture_default_str();
  app.add_option("--idle-seconds", s.idle_seconds,
                 "How long to watch an idle server")
      ->capture_default_str();
  app.add_option("--long-ledger", s.long_ledger,
                 "A data folder whose ledger has a million messages");
  app.add_option("--only", s.only, "One part")
      ->check(CLI::IsMember({"messages", "records"}));
  app.add_option("--records", s.records.records, "Records per measurement")
      ->capture_default_str();
  app.add_option("--lines", s.records.lines, "Records of one request")
      ->capture_default_str();
  app.add_option("--record-connections", s.records.connections,
                 "Connections that post them")
      ->capture_default_str();
  app.add_option("--singles", s.records.singles,
                 "Records that are posted one a request")
      ->capture_default_str();
  app.add_option("--long-records", s.records.long_records,
                 "Signed records of the folder on which the service starts")
      ->capture_default_str();
  app.add_option("--idle-worker-seconds", s.records.idle_seconds,
                 "How long to watch an idle service with a worker")
      ->capture_default_str();
  app.add_option("--folder", s.work.folder, "Parent of temporary folders")
      ->capture_default_str();
  app.add_flag("--json", s.json, "Print JSON instead of the table");
  CLI11_PARSE(app, argc, argv);
  try {
    allow_descriptors();
    s.crowd = s.work;
    s.crowd.clients = 256;
    s.crowd.messages -= s.crowd.messages % s.crowd.clients;
    s.records.repetitions = s.repetitions;
    s.records.program = s.program;
    run(s);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "http_benchmark: {}\n", e.what());
    return 1;
  }
}
