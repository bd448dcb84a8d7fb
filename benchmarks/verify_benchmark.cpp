// SPDX-License-Identifier: Apache-2.0

// How many records a second a coordinator takes from other hosts on one core:
// it verifies their signatures and stores them. The real dispatcher, verifier
// and record writer, all on one processor; the units are signed before the
// measurement. README.md explains the figures.

#include "actors/signing/dispatcher.hpp"
#include "actors/signing/record_writer.hpp"
#include "actors/signing/unit_hasher.hpp"
#include "actors/signing/unit_verifier.hpp"
#include "actors/systems/system_config.hpp"
#include "benchmarks/report.hpp"
#include "benchmarks/workload.hpp"
#include "crypto/keyring/lease.hpp"
#include "crypto/p256/kernel_choice.hpp"
#include "crypto/providers/provider_parts.hpp"

#include <CLI/CLI.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <sched.h>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace chancery;
using namespace chancery::benchmarks;
using json = nlohmann::ordered_json;

struct settings {
  workload work;
  std::uint32_t batch_size = 1'000;
  std::size_t repetitions = 5;
  bool as_json = false;
};

/// What verifies, and how many records it gets.
struct contender {
  std::string name;
  crypto::curve curve;
  std::function<std::unique_ptr<crypto::signature_verifier>()> make;
  std::uint64_t records;
};

void stay_on_one_processor() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(0, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0)
    throw std::runtime_error("cannot stay on one processor");
}

class coordinator {
 public:
  coordinator(const contender& c, const workload& w,
              const crypto::keyring& keys, std::uint32_t batch_size)
      : keys_(keys), filled_(w), hasher_(filled_.store(), c.curve),
        config_(1, false), system_(config_), self_(system_) {
    writer_ = system_.spawn<caf::detached>(
        actors::record_writer,
        actors::record_writer_config{&filled_.store(), &progress_});
    auto halves =
        std::make_shared<std::map<storage::key_name, crypto::public_key>>();
    for (const auto& entry : keys.keys())
      halves->emplace(entry.key.id(), entry.key.public_half());
    verifier_ = system_.spawn<caf::detached>(
        actors::unit_verifier,
        actors::unit_verifier_config{c.curve, halves, c.make});
    actors::dispatcher_config work;
    work.store = &filled_.store();
    work.batch_size = batch_size;
    work.wall_clock_ms = [] { return std::uint64_t{1}; };
    work.progress = &progress_;
    work.verifiers = {verifier_};
    dispatcher_ = system_.spawn(actors::dispatcher, work, writer_);
  }
  coordinator(const coordinator&) = delete;
  coordinator& operator=(const coordinator&) = delete;
  ~coordinator() {
    for (const auto& actor : {caf::actor_cast<caf::actor>(dispatcher_),
                              caf::actor_cast<caf::actor>(verifier_),
                              caf::actor_cast<caf::actor>(writer_)})
      caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }

  /// All records, signed.
  std::vector<actors::remote_unit_ptr> sign_all(std::uint64_t records,
                                                crypto::curve c) {
    std::vector<actors::remote_unit_ptr> units;
    for (std::uint64_t taken = 0; taken < records;
         taken += units.back()->size())
      units.push_back(sign(take_work(), c));
    return units;
  }

  measure store(const std::vector<actors::remote_unit_ptr>& units,
                std::uint64_t records) {
    const stopwatch watch;
    std::size_t waiting = 0;
    for (const auto& unit : units) {
      ++waiting;
      self_->send(dispatcher_, actors::hand_in_atom_v,
                  actors::remote_result{unit});
    }
    while (waiting > 0)
      self_->receive([&](const actors::unit_verdict& verdict) {
        if (!verdict.right)
          throw std::runtime_error(verdict.why);
        --waiting;
      });
    self_->request(dispatcher_, caf::infinite, actors::finish_atom_v)
        .receive([](std::uint64_t) {},
                 [](const caf::error& e) {
                   throw std::runtime_error(actors::sentence(e));
                 });
    const auto m = watch.stop(records);
    const auto view = filled_.store().read();
    if (view.signature_count() != records)
      throw std::runtime_error("not all records are stored");
    return m;
  }

 private:
  // Two leases with keys in turn; the dispatcher does not check tokens.
  actors::unit take_work() {
    actors::unit work;
    crypto::lease_set set;
    for (int i = 0; i < 2; ++i) {
      const auto fence = ++last_fence_;
      set.leases.push_back(
          {keys_.keys()[fence % keys_.keys().size()].key.id(), fence});
    }
    self_
        ->request(dispatcher_, caf::infinite, actors::next_atom_v,
                  crypto::encode(set))
        .receive([&](const actors::unit& u) { work = u; },
                 [](const caf::error& e) {
                   throw std::runtime_error(actors::sentence(e));
                 });
    work.digests =
        hasher_.digests_of(actors::decode_unit_batches(work.batches));
    return work;
  }

  actors::remote_unit_ptr sign(const actors::unit& work, crypto::curve c) {
    if (!signer_)
      signer_ = crypto::make_batch_signer(crypto::provider_from_name("auto", c),
                                          c, crypto::system_random());
    std::vector<crypto::key_run> runs;
    std::vector<storage::key_name> names;
    std::size_t total = 0;
    const auto batches = actors::decode_unit_batches(work.batches);
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const auto& entry = keys_.keys()[batches[i].fence % keys_.keys().size()];
      runs.push_back({&entry.key, batches[i].count});
      names.push_back(entry.key.id());
      total += batches[i].count;
    }
    const auto size = crypto::signature_size(c);
    std::string signatures(total * size, '\0');
    signer_->sign_batch(runs, std::as_bytes(std::span(work.digests)),
                        std::as_writable_bytes(std::span(signatures)));
    return std::make_shared<const actors::remote_unit>(
        "worker", work.batches, names, work.digests, signatures, size);
  }

  const crypto::keyring& keys_;
  filled_store filled_;
  actors::unit_hasher hasher_;
  actors::signing_progress progress_;
  actors::system_config config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  actors::record_writer_actor writer_;
  actors::unit_verifier_actor verifier_;
  actors::dispatcher_actor dispatcher_;
  std::unique_ptr<crypto::batch_signer> signer_;
  std::uint64_t last_fence_ = std::uint64_t{1} << 32;
};

json compete(const contender& c, const settings& s) {
  auto w = s.work;
  w.curve = c.curve;
  w.records = c.records;
  const crypto::keyring keys(c.curve, w.keys, crypto::system_random());
  std::vector<double> rates;
  std::vector<double> cpu;
  for (std::size_t i = 0; i < s.repetitions; ++i) {
    coordinator office(c, w, keys, s.batch_size);
    const auto units = office.sign_all(w.records, c.curve);
    const auto m = office.store(units, w.records);
    rates.push_back(m.rate());
    cpu.push_back(m.cpu_us());
  }
  return {{"verifier", c.name},
          {"records", c.records},
          {"records_per_second", median(rates)},
          {"cpu_us", median(cpu)}};
}

std::vector<contender> contenders(std::uint64_t records) {
  std::vector<contender> all;
  for (const auto* k : crypto::p256::usable_kernels())
    all.push_back({fmt::format("P-256, {}", k->name), crypto::curve::p256,
                   [k] { return crypto::make_batch_p256_verifier(*k); },
                   records});
  const auto one_by_one = [](crypto::provider p, crypto::curve c) {
    return [=] { return crypto::make_verifier(p, c); };
  };
  all.push_back({"P-256, openssl, one by one", crypto::curve::p256,
                 one_by_one(crypto::provider::openssl, crypto::curve::p256),
                 records / 4});
  const auto best = crypto::provider_from_name("auto", crypto::curve::p384);
  all.push_back({fmt::format("P-384, {}, one by one", crypto::to_text(best)),
                 crypto::curve::p384, one_by_one(best, crypto::curve::p384),
                 records / 50});
  return all;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Verifies and stores what other hosts sign, on one core");
  settings s;
  s.work.folder = std::filesystem::temp_directory_path();
  app.add_option("--records", s.work.records, "Records of a run")
      ->check(CLI::Range(1'000u, 190'000u))
      ->capture_default_str();
  app.add_option("--batch-size", s.batch_size, "Records in a batch")
      ->check(CLI::Range(1u, 4'000u))
      ->capture_default_str();
  app.add_option("--repeat", s.repetitions,
                 "Repetitions; the median is reported")
      ->check(CLI::Range(1u, 1'000u))
      ->capture_default_str();
  app.add_option("--folder", s.work.folder, "Parent folder of temporary stores")
      ->capture_default_str();
  app.add_flag("--json", s.as_json, "Print JSON instead of the table");
  CLI11_PARSE(app, argc, argv);
  try {
    stay_on_one_processor();
    json rows = json::array();
    for (const auto& c : contenders(s.work.records))
      rows.push_back(compete(c, s));
    if (s.as_json) {
      fmt::print("{}\n", rows.dump(2));
      return 0;
    }
    fmt::print("{:<30}{:>12}{:>14}\n", "verifier", "records/s",
               "CPU us/record");
    for (const auto& r : rows)
      fmt::print("{:<30}{:>12.0f}{:>14.2f}\n", r["verifier"].get<std::string>(),
                 r["records_per_second"].get<double>(),
                 r["cpu_us"].get<double>());
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "verify_benchmark: {}\n", e.what());
    return 1;
  }
}
