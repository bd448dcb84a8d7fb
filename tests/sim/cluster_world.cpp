// SPDX-License-Identifier: Apache-2.0
#include "cluster_world.hpp"

#include "../temp_folder.hpp"
#include "checker.hpp"
#include "cluster_hosts.hpp"
#include "wire.hpp"

#include <caf/actor_cast.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

namespace chancery::tests {

namespace {

/// Steps that a troubled epoch goes on while no worker has anything to do:
/// all of them may have been refused.
constexpr std::uint64_t rest_max = 1'000;

// A key's uses must follow its fences, across all hosts.
std::optional<std::string> check_order(const use_log& uses) {
  std::map<crypto::key_id, std::uint64_t> newest;
  for (const auto& use : uses) {
    auto& fence = newest[use.key];
    if (use.fence < fence)
      return fmt::format("key_exclusive: a key is used under lease {:#x} "
                         "after lease {:#x}",
                         use.fence, fence);
    fence = use.fence;
  }
  return std::nullopt;
}

class cluster {
 public:
  explicit cluster(const cluster_options& options);
  cluster_result live();

 private:
  struct slot {
    std::unique_ptr<worker_host> host; // null while it is down
    std::shared_ptr<wire> link;
    // Of the one that keeps its units:
    bool keeps = false;
    actors::gateway_actor gateway{};
    std::vector<std::string> kept{}; ///< leases, of units
    milliseconds renewed{0};
  };

  void fill();
  void start_worker(slot& s);
  std::optional<actors::dialled> dial(slot& s);
  milliseconds travel();
  std::optional<std::string> live_epoch(storage::record_store& store);
  bool anybody_busy() const;
  void rest_between_epochs();
  void misfortune();
  static void keep(slot& s, actors::work_request& request);
  void renew_kept(slot& s);
  void cut(slot& s);
  void kill_worker(slot& s);
  bool step();
  void pass(milliseconds time);
  milliseconds unit_of_time() const;
  void later(milliseconds delay, std::function<void()> f);
  bool chance(unsigned per_thousand) {
    return truth_.below(1'000) < per_thousand;
  }

  cluster_truth truth_;
  temp_folder folder_;
  crypto::random_id folder_id_{};
  crypto::public_keyring public_keys_{crypto::curve::p256, {}};
  storage::store_options storage_options_;
  std::multimap<milliseconds, std::function<void()>> later_;
  std::unique_ptr<coordinator_host> coordinator_; // null while it is down
  std::vector<slot> workers_;
  std::vector<std::shared_ptr<wire>> wires_; // to this coordinator
  bool healed_ = false;
};

cluster::cluster(const cluster_options& options)
    : truth_{options,
             std::mt19937_64(options.seed),
             crypto::keyring(crypto::curve::p256, 3, seeded(options.seed)),
             milliseconds{1'000'000},
             {},
             false,
             {}} {
  for (const auto& entry : truth_.keys.keys())
    public_keys_.keys.push_back({entry.key.public_half(), entry.state});
  storage::store_info info;
  info.signature_size = 64;
  folder_id_ = crypto::make_random_id(seeded(options.seed + 1));
  info.folder_id = folder_id_;
  storage_options_.sync = false;
  storage_options_.before_commit = [this] {
    if (truth_.crashed)
      throw std::runtime_error("the process is gone");
  };
  storage::record_store::create(folder_.path() / "records", info,
                                storage_options_);
  fill();
  workers_.resize(1 + truth_.below(3) + (options.keeper ? 1 : 0));
  workers_.front().keeps = options.keeper;
  for (auto& s : workers_)
    start_worker(s);
}

void cluster::fill() {
  storage::record_store store(folder_.path() / "records", storage_options_);
  auto transaction = store.write();
  truth_.result.records = 20 + truth_.below(150);
  for (std::uint64_t i = 0; i < truth_.result.records; ++i) {
    const auto record = fmt::format("record {}", i);
    transaction.append_record(std::as_bytes(std::span(record)));
  }
  transaction.commit();
}

void cluster::start_worker(slot& s) {
  const bool lies = !healed_ && chance(300);
  s.host = std::make_unique<worker_host>(truth_, folder_id_, lies,
                                         [this, &s] { return dial(s); });
}

// A new dial cuts the previous link, as with a connector.
std::optional<actors::dialled> cluster::dial(slot& s) {
  if (s.link)
    cut(s);
  if (!s.host || !coordinator_ || (!healed_ && chance(200)))
    return std::nullopt;
  ++truth_.result.connections;
  s.kept.clear();
  s.gateway =
      coordinator_->open_gateway(fmt::format("w{}", &s - workers_.data()));
  s.link = std::make_shared<wire>(
      s.host->host(), coordinator_->host(), s.gateway,
      [this] { return truth_.time; }, [this] { return travel(); },
      [this, &s](milliseconds kept) {
        if (!truth_.options.count_from_asking && s.host)
          s.host->lag(kept);
      },
      [&s](actors::work_request& request) {
        if (s.host)
          s.host->spoil(request);
        if (s.keeps)
          keep(s, request);
      });
  wires_.push_back(s.link);
  return actors::dialled{
      caf::actor_cast<caf::strong_actor_ptr>(s.link->handle()), {}};
}

void cluster::keep(slot& s, actors::work_request& request) {
  if (!request.signatures.empty())
    s.kept.push_back(request.returned);
  request.batches.clear();
  request.signatures.clear();
  request.returned.clear();
}

void cluster::renew_kept(slot& s) {
  if (s.kept.empty() || !s.link || truth_.time - s.renewed < unit_of_time() / 3)
    return;
  s.renewed = truth_.time;
  for (const auto& leases : s.kept)
    caf::anon_send(s.gateway, actors::renew_atom_v,
                   actors::renew_request{1, leases});
}

milliseconds cluster::unit_of_time() const {
  return coordinator_ ? coordinator_->ttl() : milliseconds{300};
}

milliseconds cluster::travel() {
  if (!healed_ && chance(60))
    return truth_.any_time(3 * unit_of_time() + milliseconds{1'500});
  return truth_.any_time(milliseconds{20});
}

// Each side notices at its own time.
void cluster::cut(slot& s) {
  const auto link = std::exchange(s.link, nullptr);
  link->cut();
  later(truth_.any_time(2 * unit_of_time()),
        [link] { link->tell_coordinator(); });
  later(truth_.any_time(2 * unit_of_time()), [link] { link->tell_worker(); });
}

void cluster::kill_worker(slot& s) {
  if (s.link) {
    const auto link = s.link;
    cut(s);
    link->tell_worker();
  }
  // Pending notices to this host are delivered before it is gone.
  while (!later_.empty()) {
    later_.begin()->second();
    later_.erase(later_.begin());
  }
  s.host.reset();
  ++truth_.result.deaths;
}

void cluster::misfortune() {
  auto& s = workers_[truth_.below(workers_.size())];
  if (s.link && chance(4)) {
    ++truth_.result.cuts;
    cut(s);
  }
  if (s.host && !s.host->paused() && chance(4)) {
    ++truth_.result.pauses;
    s.host->pause_until(truth_.time + truth_.any_time(4 * unit_of_time()));
  }
  if (s.host && chance(1))
    kill_worker(s);
  if (!s.host && chance(20))
    start_worker(s);
}

void cluster::later(milliseconds delay, std::function<void()> f) {
  later_.emplace(truth_.time + delay, std::move(f));
}

void cluster::pass(milliseconds time) {
  truth_.time += time;
  for (auto& s : workers_)
    if (s.host)
      s.host->advance(time);
  for (auto& s : workers_)
    renew_kept(s);
  if (coordinator_)
    coordinator_->host().advance(time);
  while (!later_.empty() && later_.begin()->first <= truth_.time) {
    const auto f = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    f();
  }
}

// Runs one message of one actor on one host, or lets time pass. Time can always
// pass, so that a cluster at rest shows in the number of steps.
bool cluster::step() {
  std::vector<sim_host*> busy;
  for (auto& s : workers_) {
    if (s.link)
      s.link->deliver();
    if (s.host && !s.host->paused() && s.host->host().busy())
      busy.push_back(&s.host->host());
  }
  if (coordinator_ && coordinator_->host().busy())
    busy.push_back(&coordinator_->host());
  if (!busy.empty() && truth_.below(10) != 0) {
    busy[truth_.below(busy.size())]->run_one(truth_.random);
    return true;
  }
  pass(milliseconds{1 + truth_.below(20)});
  return !busy.empty();
}

std::optional<std::string> cluster::live_epoch(storage::record_store& store) {
  coordinator_ = std::make_unique<coordinator_host>(truth_, store);
  const auto crash_after = 50 + truth_.below(2'000);
  std::optional<std::string> wrong;
  std::uint64_t steps = 0;
  const auto steps_max = static_cast<std::uint64_t>(truth_.options.steps_max);
  for (; steps < steps_max && !coordinator_->all_signed(); ++steps) {
    if (!healed_) {
      misfortune();
      // Only at a bad moment: a worker may hold a unit that it has not signed.
      if (steps > crash_after &&
          (anybody_busy() || steps > crash_after + rest_max))
        break;
    }
    step();
  }
  if (coordinator_->all_signed())
    coordinator_->close();
  else if (healed_)
    wrong =
        fmt::format("liveness: {} records stay unsigned", coordinator_->left());
  // The coordinator's host is gone. Each worker notices at its own time, and
  // those that are about to sign may pause before.
  for (auto& s : workers_) {
    if (s.host && !healed_ && s.host->host().busy() && chance(800))
      s.host->pause_until(truth_.time + truth_.any_time(unit_of_time()));
    if (s.link)
      cut(s);
  }
  for (const auto& link : wires_)
    link->tell_coordinator();
  wires_.clear();
  for (auto& s : workers_)
    s.gateway = nullptr;
  coordinator_->host().run_all();
  coordinator_.reset();
  return wrong;
}

bool cluster::anybody_busy() const {
  return std::ranges::any_of(
      workers_, [](const slot& s) { return s.host && s.host->host().busy(); });
}

// Workers continue with what they hold while there is no coordinator.
void cluster::rest_between_epochs() {
  for (auto steps = truth_.below(20); steps > 0; --steps)
    step();
}

cluster_result cluster::live() {
  const auto troubled_epochs = 1 + truth_.below(4);
  for (std::uint64_t i = 0; !truth_.result.violation; ++i) {
    healed_ = i >= troubled_epochs;
    if (healed_)
      for (auto& s : workers_) {
        if (s.host)
          kill_worker(s); // it may lie
        start_worker(s);
      }
    storage::record_store store(folder_.path() / "records", storage_options_);
    const auto view = store.read();
    if (view.signature_count() == view.record_count())
      break;
    ++truth_.result.epochs;
    truth_.result.violation = live_epoch(store);
    rest_between_epochs();
    if (auto broken = check_order(truth_.uses))
      truth_.result.violation = std::move(broken);
    if (auto broken = check(store, public_keys_, truth_.uses))
      truth_.result.violation = std::move(broken);
    truth_.result.history = history_of(store);
  }
  for (auto& s : workers_)
    if (s.host)
      kill_worker(s);
  return truth_.result;
}

} // namespace

cluster_result live(const cluster_options& options) {
  return cluster(options).live();
}

} // namespace chancery::tests
