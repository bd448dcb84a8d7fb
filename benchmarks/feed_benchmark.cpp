// SPDX-License-Identifier: Apache-2.0

// How many records a second one host feeds to signers and stores: the real
// keyring, dispatcher and record writer, and signers that sign nothing.
// README.md explains the figures.

#include "actors/signing/dispatcher.hpp"
#include "actors/signing/epoch.hpp"
#include "actors/signing/keyring.hpp"
#include "actors/signing/record_writer.hpp"
#include "actors/signing/unit_size.hpp"
#include "actors/systems/system_config.hpp"
#include "benchmarks/null_signer.hpp"
#include "benchmarks/report.hpp"
#include "crypto/keyring/keyring.hpp"

#include <CLI/CLI.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace chancery;
using namespace chancery::benchmarks;

struct settings {
  workload work;
  std::uint32_t batch_size = 1'000;
  std::vector<std::size_t> signers{1, 2, 4, 8, 16};
  std::size_t repetitions = 3;
  unsigned sleep_ns = 0;
  bool hashes = false;
};

/// CPU seconds of this process's threads, by what they do.
using thread_times = std::map<std::string, double>;

thread_times times_of(const signer_threads& signers) {
  thread_times times;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    double nanoseconds = 0;
    std::ifstream(task.path() / "comm") >> name;
    std::ifstream(task.path() / "schedstat") >> nanoseconds;
    const auto id = static_cast<pid_t>(std::stol(task.path().filename()));
    const auto* does = id == ::getpid()       ? "main"
                       : signers.contains(id) ? "signers"
                       : name == "caf.actor"  ? "writer"
                                              : "scheduler";
    times[does] += nanoseconds * 1e-9;
  }
  return times;
}

struct fed {
  measure all;
  thread_times threads;
};

/// One run over a new store.
class feed {
 public:
  feed(const settings& s, const crypto::keyring& keys, std::size_t signers)
      : filled_(s.work), config_(1, false), system_(config_), self_(system_) {
    std::vector<storage::key_name> active;
    for (const auto& entry : keys.keys())
      active.push_back(entry.key.id());
    actors::epoch_options opening;
    opening.batch_size = s.batch_size;
    const auto epoch = actors::open_epoch(filled_.store(), active, opening);
    writer_ = system_.spawn<caf::detached>(
        actors::record_writer,
        actors::record_writer_config{&filled_.store(), &progress_});
    actors::dispatcher_config work;
    work.store = &filled_.store();
    work.batch_size = s.batch_size;
    work.wall_clock_ms = [] { return std::uint64_t{1}; };
    work.progress = &progress_;
    dispatcher_ = system_.spawn(actors::dispatcher, work, writer_);
    actors::keyring_config lending;
    lending.epoch = epoch.entry;
    lending.authority = std::make_shared<crypto::lease_authority>(
        keys.lease_secret(), filled_.store().info().folder_id, epoch.entry.id);
    lending.wall_clock_ms = work.wall_clock_ms;
    lending.progress = &progress_;
    keyring_ = system_.spawn(actors::keyring, lending, writer_, dispatcher_);
    signing_.store = &filled_.store();
    signing_.hashes = s.hashes;
    signing_.sleep = std::chrono::nanoseconds(s.sleep_ns);
    signing_.threads = &threads_;
    const auto plan = actors::local_units({.signers = signers,
                                           .batch_size = s.batch_size,
                                           .keys = active.size(),
                                           .unsigned_records = s.work.records});
    signing_.units_outstanding = plan.outstanding;
    signing_.leases_per_unit = plan.leases;
    signers_ = signers;
  }
  feed(const feed&) = delete;
  feed& operator=(const feed&) = delete;
  ~feed() {
    for (const auto& actor : {caf::actor_cast<caf::actor>(keyring_),
                              caf::actor_cast<caf::actor>(dispatcher_),
                              caf::actor_cast<caf::actor>(writer_)})
      caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }

  fed run(std::uint64_t records) {
    std::vector<actors::signer_actor> signers;
    for (std::size_t i = 0; i < signers_; ++i)
      signers.push_back(system_.spawn<caf::detached>(null_signer, signing_,
                                                     keyring_, dispatcher_));
    const auto before = times_of(threads_);
    const stopwatch watch;
    for (const auto& s : signers)
      self_->send(s, actors::start_atom_v);
    bool over = false;
    while (!over) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      self_->request(dispatcher_, caf::infinite, actors::over_atom_v)
          .receive([&](bool answer) { over = answer; }, throw_it);
    }
    fed result{watch.stop(records), times_of(threads_)};
    for (const auto& [name, seconds] : before)
      result.threads[name] -= seconds;
    if (filled_.store().read().signature_count() != records)
      throw std::runtime_error("not all records are stored");
    return result;
  }

 private:
  static void throw_it(const caf::error& e) {
    throw std::runtime_error(actors::sentence(e));
  }

  filled_store filled_;
  actors::signing_progress progress_;
  signer_threads threads_;
  actors::system_config config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  actors::record_writer_actor writer_;
  actors::dispatcher_actor dispatcher_;
  actors::keyring_actor keyring_;
  null_signer_config signing_;
  std::size_t signers_ = 0;
};

void run(const settings& s) {
  const crypto::keyring keys(crypto::curve::p256, s.work.keys,
                             crypto::system_random());
  fmt::print("{} records of {} bytes, {} keys, batch size {}, {} ns a record "
             "for signing, median of {}\n\n{:>8}{:>12}{:>10}{:>12}{:>10}{:>10}"
             "   us a record\n",
             s.work.records, s.work.record_size, s.work.keys, s.batch_size,
             s.sleep_ns, s.repetitions, "signers", "records/s", "all",
             "scheduler", "writer", "signers");
  for (const auto signers : s.signers) {
    std::map<std::string, std::vector<double>> figures;
    for (std::size_t i = 0; i < s.repetitions; ++i) {
      const auto result = feed(s, keys, signers).run(s.work.records);
      figures["rate"].push_back(result.all.rate());
      figures["all"].push_back(result.all.cpu_us());
      for (const auto& [name, seconds] : result.threads)
        figures[name].push_back(seconds * 1e6 /
                                static_cast<double>(s.work.records));
    }
    fmt::print("{:>8}{:>12.0f}{:>10.2f}{:>12.2f}{:>10.2f}{:>10.2f}\n", signers,
               median(figures["rate"]), median(figures["all"]),
               median(figures["scheduler"]), median(figures["writer"]),
               median(figures["signers"]));
  }
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Feeds signers that sign nothing, and stores what they hand in");
  settings s;
  s.work.folder = std::filesystem::temp_directory_path();
  s.work.records = 1'000'000;
  app.add_option("--records", s.work.records, "Records in the table")
      ->capture_default_str();
  app.add_option("--batch-size", s.batch_size, "Records under one lease")
      ->capture_default_str();
  app.add_option("--keys", s.work.keys, "Keys in the keyring")
      ->capture_default_str();
  app.add_option("--signers", s.signers, "Separated by commas")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--sleep-ns", s.sleep_ns,
                 "How long a signer sleeps for each record")
      ->capture_default_str();
  app.add_flag("--hash", s.hashes, "Signers read and hash the records");
  app.add_option("--repeat", s.repetitions, "Repetitions")
      ->capture_default_str();
  app.add_option("--folder", s.work.folder, "Parent of temporary folders")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    run(s);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "feed_benchmark: {}\n", e.what());
    return 1;
  }
}
