// SPDX-License-Identifier: Apache-2.0
#include "cluster_hosts.hpp"

#include "actors/signing/dispatcher.hpp"
#include "actors/signing/record_reader.hpp"
#include "actors/signing/record_writer.hpp"
#include "actors/signing/unit_verifier.hpp"
#include "crypto/keyring/keyring_bundle.hpp"

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace chancery::tests {

namespace {

std::string bytes(const auto& id) { return {id.begin(), id.end()}; }

void kill(const auto& actor) {
  caf::anon_send_exit(actor, caf::exit_reason::kill);
}

actors::connector_actor::behavior_type
connector(std::function<std::optional<actors::dialled>()> dial) {
  return {
      [dial](actors::dial_atom) -> caf::result<actors::dialled> {
        if (auto peer = dial())
          return *std::move(peer);
        return actors::make_fault(actors::fault::unreachable, "nobody there");
      },
  };
}

actors::hello greeting_of(cluster_truth& truth, const crypto::random_id& folder,
                          const crypto::random_id& instance) {
  actors::hello h;
  h.software = "simulated";
  h.instance = bytes(instance);
  h.fingerprint = bytes(crypto::worker_fingerprint(truth.keys));
  h.folder = bytes(folder);
  return h;
}

actors::opened_epoch open(cluster_truth& truth, storage::record_store& store,
                          std::uint32_t batch_size, std::uint32_t ttl_ms) {
  std::vector<storage::key_name> active;
  for (const auto& entry : truth.keys.keys())
    active.push_back(entry.key.id());
  actors::epoch_options options;
  options.batch_size = batch_size;
  options.remote_possible = true;
  options.ttl_ms_max = ttl_ms;
  options.id = crypto::make_random_id(seeded(truth.random()));
  options.time_ms = static_cast<std::uint64_t>(truth.time.count());
  return actors::open_epoch(store, active, options);
}

std::uint64_t count_unsigned(const storage::record_store& store) {
  const auto view = store.read();
  return view.record_count() - view.signature_count();
}

} // namespace

std::shared_ptr<crypto::vault> make_vault(cluster_truth& truth,
                                          const crypto::random_id& folder,
                                          const crypto::random_id& epoch,
                                          const crypto::random_id& instance,
                                          crypto::vault::clock clock) {
  crypto::vault::options options;
  options.folder = folder;
  options.epoch = epoch;
  options.instance = instance;
  options.now = std::move(clock);
  options.observe = [&truth](const crypto::key_use& use) {
    truth.uses.push_back(use);
  };
  return std::make_shared<crypto::vault>(truth.keys, options,
                                         crypto::system_random());
}

worker_host::worker_host(cluster_truth& truth, const crypto::random_id& folder,
                         bool lies,
                         std::function<std::optional<actors::dialled>()> dial)
    : truth_(truth),
      connector_(host_.system().spawn(connector, std::move(dial))) {
  if (lies)
    liar_.emplace([&truth](std::uint64_t limit) { return truth.below(limit); });
  const auto instance = crypto::make_random_id(seeded(truth.random()));
  actors::worker_config config;
  config.connector = connector_;
  config.greeting = greeting_of(truth, folder, instance);
  config.prover.emplace(truth.keys.lease_secret());
  config.nonces = seeded(truth.random());
  config.signers = truth.options.count_from_asking ? 1 + truth.below(2) : 1;
  config.detached_signers = false;
  config.now = [this] { return truth_.time - lag_; };
  config.make_vault = [this, folder, instance](const actors::welcome& w) {
    crypto::random_id epoch{};
    std::copy(w.epoch_id.begin(), w.epoch_id.end(), epoch.begin());
    return make_vault(truth_, folder, epoch, instance,
                      [this] { return truth_.time - lag_; });
  };
  config.random = [this] {
    return static_cast<double>(truth_.below(1'000)) / 1'000;
  };
  config.note = [](const std::string&) {};
  config.progress = &progress_;
  worker_ = host_.system().spawn(actors::worker, config);
}

worker_host::~worker_host() {
  kill(worker_);
  kill(connector_);
  host_.run_all();
  truth_.result.late_units += progress_.units_late;
  truth_.result.renewals += progress_.renewals;
}

void worker_host::spoil(actors::work_request& request) {
  if (liar_ && (*liar_)(request))
    ++truth_.result.lies;
}

void worker_host::advance(milliseconds time) {
  missed_ += time;
  if (!paused())
    host_.advance(std::exchange(missed_, milliseconds{0}));
}

coordinator_host::coordinator_host(cluster_truth& truth,
                                   storage::record_store& store)
    : truth_(truth), unsigned_records_(count_unsigned(store)),
      batch_size_(static_cast<std::uint32_t>(1 + truth.below(9))),
      ttl_ms_(static_cast<std::uint32_t>(100 + truth.below(500))),
      opened_(open(truth, store, batch_size_, ttl_ms_)) {
  const auto wall_clock = [&truth] {
    return static_cast<std::uint64_t>(truth.time.count());
  };
  const auto folder = store.info().folder_id;
  writer_ = host_.system().spawn(
      actors::record_writer, actors::record_writer_config{&store, &progress_});
  actors::dispatcher_config work;
  work.store = &store;
  work.batch_size = batch_size_;
  work.wall_clock_ms = wall_clock;
  work.progress = &progress_;
  work.verifiers = verifiers_ = spawn_verifiers();
  work.random = seeded(truth.random());
  work.defended = truth.options.defended;
  dispatcher_ = host_.system().spawn(actors::dispatcher, work, writer_);

  actors::keyring_config lending;
  lending.epoch = opened_.entry;
  lending.authority = std::make_shared<crypto::lease_authority>(
      truth.keys.lease_secret(), folder, opened_.entry.id);
  if (truth.options.quarantine)
    lending.quarantine = opened_.quarantine;
  lending.wall_clock_ms = wall_clock;
  lending.progress = &progress_;
  lending.defended = truth.options.defended;
  keyring_ =
      host_.system().spawn(actors::keyring, lending, writer_, dispatcher_);

  gateways_.reader = reader_ =
      host_.system().spawn(actors::record_reader, &store, truth.keys.curve(),
                           std::shared_ptr<actors::seal_formats>());
  gateways_.fingerprint = bytes(crypto::worker_fingerprint(truth.keys));
  gateways_.prover.emplace(truth.keys.lease_secret());
  gateways_.random = seeded(truth.random());
  gateways_.table = &progress_.workers;
  gateways_.progress = &progress_;
  gateways_.batch_size = batch_size_;
  gateways_.greeting.epoch = opened_.entry.epoch;
  gateways_.greeting.epoch_id = bytes(opened_.entry.id);
  gateways_.greeting.folder = bytes(folder);
  gateways_.greeting.ttl_ms = ttl_ms_;
  gateways_.greeting.leases_per_unit =
      static_cast<std::uint32_t>(1 + truth.below(3));
  gateways_.greeting.units_max =
      truth.options.count_from_asking
          ? static_cast<std::uint32_t>(1 + truth.below(4))
          : 1;
  if (truth.below(2) == 0)
    spawn_signer(store);
}

std::vector<actors::unit_verifier_actor> coordinator_host::spawn_verifiers() {
  auto keys =
      std::make_shared<std::map<storage::key_name, crypto::public_key>>();
  for (const auto& entry : truth_.keys.keys())
    keys->emplace(entry.key.id(), entry.key.public_half());
  std::vector<actors::unit_verifier_actor> made;
  for (auto count = 1 + truth_.below(3); count > 0; --count)
    made.push_back(host_.system().spawn(
        actors::unit_verifier,
        actors::unit_verifier_config{truth_.keys.curve(), keys}));
  return made;
}

void coordinator_host::spawn_signer(storage::record_store& store) {
  if (!vault_)
    vault_ = make_vault(truth_, store.info().folder_id, opened_.entry.id,
                        crypto::make_random_id(seeded(truth_.random())),
                        [this] { return truth_.time; });
  actors::signer_config config;
  config.vault = vault_.get();
  config.store = &store;
  signers_.push_back(
      host_.system().spawn(actors::signer, config, keyring_, dispatcher_));
  caf::anon_send(signers_.back(), actors::start_atom_v);
}

// The gateways have ended already: their wires were cut before.
coordinator_host::~coordinator_host() {
  truth_.crashed = true;
  std::ranges::for_each(signers_, [](const auto& s) { kill(s); });
  kill(keyring_);
  kill(dispatcher_);
  std::ranges::for_each(verifiers_, [](const auto& v) { kill(v); });
  kill(reader_);
  kill(writer_);
  host_.run_all();
  truth_.crashed = false;
  truth_.result.late_results += progress_.late_results;
  truth_.result.leases_lost += progress_.leases_lost;
  truth_.result.refused += progress_.refused.list().size();
}

actors::gateway_actor
coordinator_host::open_gateway(const std::string& worker) {
  auto config = gateways_;
  config.worker = worker;
  return host_.system().spawn(actors::gateway, config, keyring_, dispatcher_);
}

void coordinator_host::close() {
  host_.run_all();
  caf::scoped_actor self{host_.system()};
  auto answer = self->request(keyring_, caf::infinite, actors::close_atom_v);
  host_.run_all();
  answer.receive([](std::uint64_t) {}, [](const caf::error&) {});
}

} // namespace chancery::tests
