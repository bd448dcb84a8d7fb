// SPDX-License-Identifier: Apache-2.0

// Many clients that post many records to `chancery serve`, as lines, as fast as
// they are answered, beside records that are there and signed already.
//
//   record_load BINARY [NAME=VALUE...]
//
//   beside=20000     records that are there before
//   records=2000     that are posted
//   clients=100      each with a connection and a thread
//   lines=10         records a request
//   names=ascending  or random, as UUIDv4 are; or none
//   from=DIR         copy this data folder instead of making one
//
// Prints rates, waits and memory. It fails when a record was not stored or not
// signed, or the audit does not pass, and never for a time. The time of a
// signature is when it and all before it can be read, to 2 ms.

#include "apps/http/http_client.hpp"
#include "apps/terminal/figures.hpp"
#include "storage/record_store.hpp"
#include "tests/e2e/serve_process.hpp"
#include "tests/temp_folder.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>
#include <random>
#include <stdexcept>
#include <thread>

namespace {

using namespace chancery;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using json = nlohmann::json;
using tests::node_process;
using tests::serve_process;

constexpr auto patience = 600s;

struct settings {
  std::string binary;
  std::uint64_t beside = 20'000;
  std::uint64_t records = 2'000;
  std::uint64_t clients = 100;
  std::uint64_t lines = 10;
  std::string names = "ascending";
  std::filesystem::path from;
};

settings read_settings(int argc, char** argv) {
  if (argc < 2)
    throw std::invalid_argument("give the binary");
  settings read;
  read.binary = argv[1];
  const std::map<std::string, std::uint64_t*, std::less<>> numbers{
      {"beside", &read.beside},
      {"records", &read.records},
      {"clients", &read.clients},
      {"lines", &read.lines}};
  for (int i = 2; i < argc; ++i) {
    const std::string text = argv[i];
    const auto name = text.substr(0, text.find('='));
    const auto value = text.substr(std::min(name.size() + 1, text.size()));
    if (const auto found = numbers.find(name); found != numbers.end())
      *found->second = apps::parse_number(value).value();
    else if (name == "names")
      read.names = value;
    else if (name == "from")
      read.from = value;
    else
      throw std::invalid_argument("what is " + text);
  }
  return read;
}

/// Runs a command that must succeed; its last line.
std::string run(const settings& how, const std::filesystem::path& data,
                std::vector<std::string> command) {
  std::vector<std::string> all{how.binary, "--data", data.string()};
  all.insert(all.end(), command.begin(), command.end());
  node_process process(all, (data.parent_path() / "errors").string());
  std::string last;
  while (auto line = process.read_line(patience))
    last = *std::move(line);
  if (process.wait() != 0)
    throw std::runtime_error(command.front() + " failed: " + last);
  return last;
}

void make_folder(const settings& how, const std::filesystem::path& data) {
  if (!how.from.empty()) {
    std::filesystem::copy(how.from, data,
                          std::filesystem::copy_options::recursive);
    return;
  }
  run(how, data, {"init", "--keys", "100"});
  if (how.beside == 0)
    return;
  run(how, data, {"records", "seed", "--count", std::to_string(how.beside)});
  run(how, data, {"sign"});
}

struct request {
  std::string body;
  std::uint64_t count = 0;
  steady::time_point sent{};
  steady::time_point answered{};
  std::uint64_t first = 0; ///< id
};

std::string name_of(const settings& how, std::uint64_t number,
                    std::mt19937_64& random) {
  if (how.names == "ascending")
    return fmt::format("INV-{:012}", number);
  const auto a = random();
  const auto b = random();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", a >> 32,
                     (a >> 16) & 0xffff, a & 0xfff, 0x8000 | (b >> 50),
                     b & 0xffff'ffff'ffff);
}

/// In the order in which they are sent: one of each client after the other.
std::vector<request> make_requests(const settings& how) {
  std::mt19937_64 random(how.beside);
  std::vector<request> all;
  for (std::uint64_t number = 0; number < how.records;) {
    request next;
    for (; next.count < how.lines && number < how.records; ++number) {
      json line;
      if (how.names != "none")
        line["name"] = name_of(how, number, random);
      line["text"] = fmt::format(
          R"({{"invoice":{},"amount":"{}.00","to":"{:016x}{:016x}"}})", number,
          random() % 10'000, random(), random());
      next.body += line.dump() + '\n';
      ++next.count;
    }
    all.push_back(std::move(next));
  }
  return all;
}

void post(apps::http_client& client, request& one) {
  one.sent = steady::now();
  const auto answer =
      client.send("POST", "/v1/records",
                  {{"Content-Type", "application/x-ndjson"}}, one.body);
  one.answered = steady::now();
  if (answer.status != 201)
    throw std::runtime_error(
        fmt::format("status {}: {}", answer.status, answer.body));
  const auto id = [&answer](std::size_t begin) {
    const auto line =
        answer.body.substr(begin, answer.body.find('\n', begin) - begin);
    return json::parse(line).at("id").get<std::uint64_t>();
  };
  one.first = id(0);
  const auto last = answer.body.rfind('\n', answer.body.size() - 2);
  if (id(last == std::string::npos ? 0 : last + 1) != one.first + one.count - 1)
    throw std::runtime_error("the ids do not follow each other");
}

std::uint64_t memory_kb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string name; status >> name;) {
    std::uint64_t kb = 0;
    if (name == "RssAnon:" && status >> kb)
      return kb;
    std::getline(status, name);
  }
  throw std::runtime_error("the server is gone");
}

double cpu_seconds(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 ||
      ::clock_gettime(clock, &time) != 0)
    throw std::runtime_error("the server is gone");
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Watches the store until all is signed.
class signature_watch {
 public:
  signature_watch(const std::filesystem::path& data, pid_t server)
      : store_(data / "records", {.read_only = true}), server_(server) {}

  void until(std::uint64_t all) {
    auto view = store_.read();
    for (std::uint64_t n = 0;; ++n) {
      const auto there = view.first_unsigned(seen());
      if (there != seen())
        steps_.emplace_back(there, steady::now());
      if (stored_at_ == steady::time_point{} && view.record_count() >= all)
        stored_at_ = steady::now();
      if (n % 50 == 0)
        memory_max_kb_ = std::max(memory_max_kb_, memory_kb(server_));
      if (there >= all || stop)
        return;
      std::this_thread::sleep_for(2ms);
      view.renew();
    }
  }

  steady::time_point signed_at(std::uint64_t id) const {
    return std::ranges::upper_bound(steps_, id, {}, &step::first)->second;
  }
  steady::time_point end() const { return steps_.back().second; }
  steady::time_point stored_at() const { return stored_at_; }
  std::uint64_t memory_max_kb() const { return memory_max_kb_; }

  std::atomic<bool> stop{false};

 private:
  using step = std::pair<std::uint64_t, steady::time_point>;

  std::uint64_t seen() const {
    return steps_.empty() ? 0 : steps_.back().first;
  }

  storage::record_store store_;
  pid_t server_;
  std::vector<step> steps_;        ///< all before this id are signed
  steady::time_point stored_at_{}; ///< all
  std::uint64_t memory_max_kb_ = 0;
};

/// All clients post at once. Throws what the first one threw.
void post_all(const settings& how, std::uint16_t port,
              std::vector<request>& requests) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::exception_ptr> faults(how.clients);
  {
    std::vector<std::jthread> threads;
    for (auto& fault : faults)
      threads.emplace_back([&] {
        try {
          apps::http_client client({.port = port, .patience = patience});
          for (std::size_t i = next++; i < requests.size() && !failed;
               i = next++)
            post(client, requests[i]);
        } catch (...) {
          fault = std::current_exception();
          failed = true;
        }
      });
  }
  for (const auto& fault : faults)
    if (fault)
      std::rethrow_exception(fault);
}

double seconds(steady::duration time) {
  return std::chrono::duration<double>(time).count();
}

double share(std::vector<double>& values, double of) {
  std::ranges::sort(values);
  return values.at(
      static_cast<std::size_t>(of * static_cast<double>(values.size() - 1)));
}

void report(const settings& how, const std::vector<request>& requests,
            const signature_watch& watch, std::uint64_t memory_before,
            std::uint64_t memory_after, double cpu) {
  std::vector<double> to_answer;
  std::vector<double> to_signature;
  auto answered = requests.front().answered;
  auto begin = requests.front().sent;
  for (const auto& one : requests) {
    begin = std::min(begin, one.sent);
    answered = std::max(answered, one.answered);
    for (std::uint64_t i = 0; i < one.count; ++i) {
      to_answer.push_back(seconds(one.answered - one.sent) * 1e3);
      to_signature.push_back(
          seconds(watch.signed_at(one.first + i) - one.sent) * 1e3);
    }
  }
  const auto records = static_cast<double>(how.records);
  fmt::print("names {} beside {} clients {} lines {} stored_per_second {:.0f} "
             "answered_per_second {:.0f} signed_per_second {:.0f} "
             "answer_ms p50 {:.0f} p99 {:.0f} "
             "signature_ms p50 {:.0f} p99 {:.0f} "
             "memory_kb before {} most {} after {} cpu_us {:.1f}\n",
             how.names, how.beside, how.clients, how.lines,
             records / seconds(watch.stored_at() - begin),
             records / seconds(answered - begin),
             records / seconds(watch.end() - begin), share(to_answer, 0.5),
             share(to_answer, 0.99), share(to_signature, 0.5),
             share(to_signature, 0.99), memory_before, watch.memory_max_kb(),
             memory_after, cpu / records * 1e6);
}

void check_audit(const settings& how, const std::filesystem::path& data) {
  const auto audit = json::parse(run(how, data, {"audit", "--json"}));
  if (audit.at("passed") != true || audit.at("unsigned") != 0 ||
      audit.at("records") != how.beside + how.records)
    throw std::runtime_error("the audit says " + audit.dump());
}

void load(const settings& how) {
  const tests::temp_folder temp;
  const auto data = temp.path() / "data";
  make_folder(how, data);
  auto requests = make_requests(how);
  serve_process server(how.binary, data, temp.path() / "errors");
  const auto port = server.port(patience);
  if (!port)
    throw std::runtime_error("it does not serve");
  const auto pid = server.process().id();
  const auto memory_before = memory_kb(pid);
  const auto cpu_before = cpu_seconds(pid);
  signature_watch watch(data, pid);
  std::exception_ptr fault;
  {
    const std::jthread watching([&] {
      try {
        watch.until(how.beside + how.records);
      } catch (...) {
        fault = std::current_exception();
      }
    });
    try {
      post_all(how, *port, requests);
    } catch (...) {
      watch.stop = true;
      throw;
    }
  }
  if (fault)
    std::rethrow_exception(fault);
  report(how, requests, watch, memory_before, memory_kb(pid),
         cpu_seconds(pid) - cpu_before);
  if (server.end() != 0)
    throw std::runtime_error("serve did not end well");
  check_audit(how, data);
}

} // namespace

int main(int argc, char** argv) {
  try {
    load(read_settings(argc, argv));
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "record_load: %s\n", e.what());
    return 1;
  }
}
