// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/record_jobs.hpp"

#include "apps/platform/child_process.hpp"
#include "apps/records/seeded_record.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <stdexcept>
#include <thread>

namespace chancery::benchmarks {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using apps::http_client;

constexpr std::size_t bytes_before_base64 = 120; // 160 characters of text
constexpr std::uint64_t text_seed = 1;

const apps::http_fields lines_field{{"Content-Type", "application/x-ndjson"}};
const apps::http_fields json_field{{"Content-Type", "application/json"}};

std::string text_of(std::uint64_t number) {
  std::string bytes;
  apps::make_seeded_record(text_seed, number, bytes_before_base64, bytes);
  return crypto::base64url_encode(crypto::bytes_of(bytes));
}

double seconds_since(steady::time_point begin) {
  return std::chrono::duration<double>(steady::now() - begin).count();
}

/// Of all children that have ended.
double children_cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string single_record(std::uint64_t number) {
  return fmt::format(R"({{"text":"{}"}})", text_of(number));
}

/// Expects the signature in the answer.
void post_one(http_client& client, const std::string& body) {
  const auto answer =
      client.send("POST", "/v1/records?wait=30", json_field, body);
  require_status(answer, 201);
  if (answer.body.find("\"signed\":true") == std::string::npos)
    throw std::runtime_error("a record was not signed: " + answer.body);
}

std::vector<std::string> single_records(std::uint64_t count) {
  std::vector<std::string> bodies;
  for (std::uint64_t i = 0; i < count; ++i)
    bodies.push_back(single_record(i));
  return bodies;
}

} // namespace

std::vector<std::string> make_record_lines(record_names names,
                                           std::uint64_t first,
                                           std::uint64_t count) {
  std::vector<std::string> lines;
  std::mt19937_64 random(first + 1); // reproducible, and no secret
  for (auto i = first; i < first + count; ++i) {
    std::string name;
    if (names == record_names::ascending)
      name = fmt::format(R"("name":"00000000-0000-7000-8000-{:012x}",)", i);
    if (names == record_names::random)
      name = fmt::format(R"("name":"{:08x}-0000-4000-{:04x}-{:012x}",)",
                         random() & 0xffffffff, random() & 0xffff,
                         random() & 0xffffffffffff);
    lines.push_back(fmt::format("{{{}\"text\":\"{}\"}}\n", name, text_of(i)));
  }
  return lines;
}

measure run_program(const std::filesystem::path& program,
                    const std::vector<std::string>& arguments,
                    const std::filesystem::path& folder,
                    std::uint64_t records) {
  const auto cpu = children_cpu_seconds();
  const auto begin = steady::now();
  apps::child_process child(program, arguments,
                            {folder / "run.out", folder / "run.err"});
  auto code = child.ended();
  for (; !code; code = child.ended())
    std::this_thread::sleep_for(1ms);
  measure m;
  m.records = records;
  m.seconds = seconds_since(begin);
  m.cpu_seconds = children_cpu_seconds() - cpu;
  if (*code != 0)
    throw std::runtime_error(fmt::format("{} ended with {}; see {}",
                                         fmt::join(arguments, " "), *code,
                                         (folder / "run.err").string()));
  return m;
}

std::uint64_t unsigned_records(http_client& client) {
  const auto answer = client.send("GET", "/v1/signing");
  require_status(answer, 200);
  return nlohmann::json::parse(answer.body).at("unsigned");
}

posted_records post_records(const served_process& server,
                            const std::vector<std::string>& lines,
                            std::size_t per_request, std::size_t connections) {
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i % per_request == 0)
      bodies.emplace_back();
    bodies.back() += lines[i];
  }
  posted_records result;
  const auto cpu = server.cpu_seconds();
  const auto begin = steady::now();
  on_connections(
      server, connections, [&](http_client& client, std::size_t number) {
        for (auto i = number; i < bodies.size(); i += connections)
          require_status(
              client.send("POST", "/v1/records", lines_field, bodies[i]), 201);
      });
  const auto note = [&](measure& m) {
    m.records = lines.size();
    m.seconds = seconds_since(begin);
    m.cpu_seconds = server.cpu_seconds() - cpu;
  };
  note(result.stored);
  http_client client(server.address());
  while (unsigned_records(client) > 0)
    std::this_thread::sleep_for(2ms);
  note(result.signed_);
  return result;
}

measure post_single_records(const served_process& server, std::uint64_t records,
                            std::size_t connections) {
  const auto bodies = single_records(records);
  return measured(server, records, [&] {
    on_connections(server, connections,
                   [&](http_client& client, std::size_t number) {
                     for (auto i = number; i < bodies.size(); i += connections)
                       post_one(client, bodies[i]);
                   });
  });
}

latency post_paced_records(const served_process& server, double rate,
                           std::uint64_t records, std::size_t connections) {
  const auto bodies = single_records(records);
  return paced(server, rate, records, connections,
               [&](http_client& client, std::uint64_t i) {
                 post_one(client, bodies[i]);
               });
}

} // namespace chancery::benchmarks
