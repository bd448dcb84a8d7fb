// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/record_part.hpp"

#include "benchmarks/record_jobs.hpp"
#include "benchmarks/report.hpp"
#include "benchmarks/service_states.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <utility>

namespace chancery::benchmarks {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t keys_of_long_start = 1'000;
constexpr std::uint64_t alone_count = 30; // records, one after the other

const std::vector<std::pair<record_names, std::string>> kinds{
    {record_names::none, "no names"},
    {record_names::ascending, "ascending"},
    {record_names::random, "random"}};

std::vector<std::string> serve_in(const record_settings& s,
                                  const fs::path& data) {
  return {"--data",      data.string(),
          "serve",       "--http",
          "127.0.0.1:0", "--no-ledger",
          "--max-wait",  std::to_string(s.max_wait_ms)};
}

void write_lines(const fs::path& file, const std::vector<std::string>& lines) {
  std::ofstream out(file);
  for (const auto& line : lines)
    out << line;
}

/// `records import` of the lines into a new folder, and `sign`.
std::pair<measure, measure> import_and_sign(const record_settings& s,
                                            const fs::path& folder,
                                            record_names names) {
  const auto run = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"--data", (folder / "imported").string()});
    return run_program(s.program, more, folder, s.records);
  };
  run({"init"});
  std::vector<std::string> import{
      "records", "import", (folder / "lines").string(), "--format", "jsonl"};
  if (names != record_names::none)
    import.insert(import.end(), {"--name-field", "name"});
  const auto imported = run(import);
  return {imported, run({"sign"})};
}

void measure_lines(const record_settings& s, const fs::path& root,
                   record_names names, const std::string& kind, bool http_first,
                   samples& figures) {
  const auto folder = new_folder(root);
  const auto lines = make_record_lines(names, 0, s.records);
  write_lines(folder / "lines", lines);
  std::pair<measure, measure> files;
  if (!http_first)
    files = import_and_sign(s, folder, names);
  posted_records posted;
  {
    const served_process served(s.program, serve_in(s, folder / "data"),
                                folder);
    posted = post_records(served, lines, s.lines, s.connections);
  }
  if (http_first)
    files = import_and_sign(s, folder, names);
  const auto& [imported, signed_after] = files;
  const auto note = [&](const std::string& figure, double value) {
    figures[kind + " " + figure].push_back(value);
  };
  note("import rate", imported.rate());
  note("import CPU us", imported.cpu_us());
  note("sign CPU us", signed_after.cpu_us());
  const auto both_rate = static_cast<double>(s.records) /
                         (imported.seconds + signed_after.seconds);
  note("import and sign rate", both_rate);
  note("of both share", posted.signed_.rate() / both_rate);
  note("stored rate", posted.stored.rate());
  note("stored share", posted.stored.rate() / imported.rate());
  note("signed rate", posted.signed_.rate());
  note("signed share", posted.signed_.rate() / posted.stored.rate());
  note("CPU us", posted.signed_.cpu_us());
  fs::remove_all(folder);
}

/// The capacity, then half of it, then one record after the other.
void measure_singles(const record_settings& s, const fs::path& root,
                     samples& figures) {
  const auto folder = new_folder(root);
  {
    const served_process served(s.program, serve_in(s, folder / "data"),
                                folder);
    const auto full = post_single_records(served, s.singles, s.crowd);
    figures["single rate"].push_back(full.rate());
    figures["single CPU us"].push_back(full.cpu_us());
    const auto count = s.singles / 2;
    const auto cpu = served.cpu_seconds();
    const auto half =
        post_paced_records(served, full.rate() / 2, count, s.crowd);
    figures["half CPU us"].push_back((served.cpu_seconds() - cpu) * 1e6 /
                                     static_cast<double>(count));
    figures["half p50 ms"].push_back(half.p50_ms);
    figures["half p99 ms"].push_back(half.p99_ms);
    const auto alone = post_paced_records(
        served, 1'000.0 / static_cast<double>(s.max_wait_ms + 100), alone_count,
        1);
    figures["alone p50 ms"].push_back(alone.p50_ms);
    figures["alone p99 ms"].push_back(alone.p99_ms);
  }
  fs::remove_all(folder);
}

void measure_starts(const record_settings& s, const fs::path& root,
                    samples& figures) {
  const auto folder = new_folder(root);
  make_signed_folder(s.program, folder / "data", folder, keys_of_long_start,
                     s.long_records);
  for (std::size_t i = 0; i < s.repetitions; ++i) {
    const auto start =
        measure_service_start(s.program, folder / "data", folder);
    figures["line seconds"].push_back(start.first_line_seconds);
    figures["ready seconds"].push_back(start.ready_seconds);
  }
  fs::remove_all(folder);
}

void measure_idle(const record_settings& s, const fs::path& root,
                  samples& figures) {
  const auto folder = new_folder(root);
  const auto idle = measure_idle_service(s.program, folder, s.idle_seconds);
  figures["idle percent"] = {idle.percent};
  figures["idle worker percent"] = {idle.worker_percent};
  figures["idle events before"] = {static_cast<double>(idle.events_before)};
  figures["idle events after"] = {static_cast<double>(idle.events_after)};
  fs::remove_all(folder);
}

} // namespace

void measure_records(const record_settings& s, const fs::path& folder,
                     samples& figures) {
  for (std::size_t i = 0; i < s.repetitions; ++i) {
    fmt::print(stderr, "records, {} of {}\n", i + 1, s.repetitions);
    for (const auto& [names, kind] : kinds)
      measure_lines(s, folder, names, kind, i % 2 == 1, figures);
    measure_singles(s, folder, figures);
  }
  fmt::print(stderr, "start on {} records\n", s.long_records);
  measure_starts(s, folder, figures);
  fmt::print(stderr, "idle for {} s\n", s.idle_seconds);
  measure_idle(s, folder, figures);
}

void print_records(const record_settings& s, const nlohmann::json& f) {
  const auto number = [&](const std::string& name) {
    return f.at(name).get<double>();
  };
  fmt::print("\n{} records of 160 characters, {} a request over {} "
             "connections\n{:<11}{:>10}{:>10}{:>7}{:>10}{:>7}{:>14}{:>7}{:>8}"
             "{:>11}{:>9}\n",
             s.records, s.lines, s.connections, "", "import /s", "stored /s",
             "share", "signed /s", "share", "import, sign", "share", "CPU us",
             "import us", "sign us");
  for (const auto& [names, kind] : kinds)
    fmt::print("{:<11}{:>10.0f}{:>10.0f}{:>7.2f}{:>10.0f}{:>7.2f}{:>14.0f}"
               "{:>7.2f}{:>8.2f}{:>11.2f}{:>9.2f}\n",
               kind, number(kind + " import rate"),
               number(kind + " stored rate"), number(kind + " stored share"),
               number(kind + " signed rate"), number(kind + " signed share"),
               number(kind + " import and sign rate"),
               number(kind + " of both share"), number(kind + " CPU us"),
               number(kind + " import CPU us"), number(kind + " sign CPU us"));
  fmt::print("\none a request, with wait, {} connections: {:.0f} /s, {:.1f} us "
             "of CPU\nat half of that: p50 {:.1f} ms, p99 {:.1f} ms, {:.1f} us "
             "of CPU\none after the other: p50 {:.1f} ms, p99 {:.1f} ms "
             "(--max-wait {})\n",
             s.crowd, number("single rate"), number("single CPU us"),
             number("half p50 ms"), number("half p99 ms"),
             number("half CPU us"), number("alone p50 ms"),
             number("alone p99 ms"), s.max_wait_ms);
  fmt::print("\nstart with {} keys and {} signed records: serves after {:.2f} "
             "s, ready after {:.2f} s\n",
             keys_of_long_start, s.long_records, number("line seconds"),
             number("ready seconds"));
  fmt::print("idle for {} s: {:.2f} % of a core, its worker {:.2f} %; {:.0f} "
             "events in the journal before, {:.0f} after\n",
             s.idle_seconds, number("idle percent"),
             number("idle worker percent"), number("idle events before"),
             number("idle events after"));
}

} // namespace chancery::benchmarks
