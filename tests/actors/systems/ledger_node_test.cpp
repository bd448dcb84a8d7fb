// SPDX-License-Identifier: Apache-2.0
// The node with real threads and a real clock.
#include "actors/systems/ledger_node.hpp"

#include "actors/audit/chain_verify.hpp"
#include "actors/systems/ledger_simulation.hpp"
#include "tests/actors/ledger_actor_fixture.hpp"

#include <thread>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(ledger_node_test)

namespace {

struct node_folder {
  explicit node_folder(std::uint32_t block_size = 10,
                       std::function<void()> before_commit = {}) {
    storage::ledger_options options;
    options.sync = false;
    storage::ledger_store::create(folder.path() / "ledger",
                                  {identity.id(), block_size}, options);
    options.before_commit = std::move(before_commit);
    store.emplace(folder.path() / "ledger", options);
  }

  actors::chain_report verify() {
    std::atomic<std::uint64_t> done{0};
    return actors::verify_chain(*store, identity.signing.public_half(),
                                {.threads = 2}, done, never);
  }

  temp_folder folder;
  const crypto::node_identity& identity = node_identity_for_tests();
  std::optional<storage::ledger_store> store;
  std::atomic<bool> never{false};
};

actors::client_session session_at(const actors::ledger_node& node) {
  return {new_client_key(),
          actors::read_node_keys(node.keys(), {}, crypto::single_signatures),
          crypto::single_signatures};
}

} // namespace

BOOST_AUTO_TEST_CASE(many_threads_hand_in_and_each_gets_its_own_answer) {
  node_folder f;
  {
    actors::ledger_node node(*f.store, f.identity, {.validators = 2});
    std::vector<std::jthread> threads;
    std::atomic<int> right{0};
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        auto client = session_at(node);
        node.submit(client.registration(1)).wait();
        for (int i = 0; i < 25; ++i) {
          const auto answer = node.submit(client.seal("0", 1)).get();
          client.accept(answer.receipt); // throws for a wrong one
          ++right;
        }
      });
    threads.clear();
    BOOST_TEST(right == 100);
    BOOST_TEST(node.counters().accepted == 100U);
    BOOST_TEST(node.counters().registered == 4U);
    BOOST_TEST(node.failure() == "");
  }
  BOOST_TEST(f.store->read().block_count() == 10U);
  BOOST_TEST(f.verify().passed);
}

BOOST_AUTO_TEST_CASE(a_refusal_carries_its_code_and_a_sentence) {
  node_folder f;
  actors::ledger_node node(*f.store, f.identity, {});
  const auto answer = node.submit("garbage").get();
  BOOST_TEST((answer.refused == crypto::refusal::not_encrypted_to_me));
  BOOST_TEST(!answer.reason.empty());
  BOOST_TEST(answer.receipt.empty());
  BOOST_TEST(node.counters().refused.at(crypto::refusal::not_encrypted_to_me) ==
             1U);
}

BOOST_AUTO_TEST_CASE(a_failed_commit_is_told_before_the_answer) {
  bool fails = false;
  node_folder f(10, [&] {
    if (fails)
      throw std::runtime_error("no space");
  });
  actors::ledger_node node(*f.store, f.identity, {});
  auto client = session_at(node);
  node.submit(client.registration(1)).wait();
  fails = true;
  const auto answer = node.submit(client.seal("0", 1)).get();
  BOOST_TEST((answer.refused == crypto::refusal::internal));
  BOOST_TEST(node.failure().find("no space") != std::string::npos);
  const auto later = node.submit(client.seal_again()).get();
  BOOST_TEST((later.refused == crypto::refusal::internal));
  BOOST_TEST(later.reason == answer.reason);
}

BOOST_AUTO_TEST_CASE(whoever_waits_at_its_end_gets_an_answer) {
  node_folder f;
  std::vector<std::future<actors::ledger_answer>> answers;
  {
    actors::ledger_node node(*f.store, f.identity, {});
    for (int i = 0; i < 500; ++i)
      answers.push_back(node.submit("garbage"));
  }
  for (auto& a : answers)
    BOOST_TEST(a.get().refused.has_value());
}

BOOST_AUTO_TEST_CASE(a_ledger_of_another_node_is_refused) {
  node_folder f;
  const auto other = crypto::make_node_identity(crypto::system_random());
  BOOST_CHECK_THROW(actors::ledger_node(*f.store, other, {}),
                    std::runtime_error);
  BOOST_CHECK_THROW(
      actors::ledger_node(*f.store, f.identity, {.validators = 0}),
      std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_simulation_confirms_every_message) {
  node_folder f;
  actors::ledger_simulation_options options;
  options.clients = 5;
  options.rate = 10;
  options.duration = 3;
  options.speed = 30;
  options.node.validators = 2;
  actors::ledger_progress progress;
  const auto result =
      simulate_ledger(*f.store, f.identity, options, f.never, progress);
  BOOST_TEST(result.sent == 150U);
  BOOST_TEST(result.accepted == 150U);
  BOOST_TEST(result.refused == 0U);
  BOOST_TEST(result.receipts.size() == 150U);
  BOOST_TEST(!result.stopped);
  BOOST_TEST(result.latency_ms_p50 > 0);
  BOOST_TEST(result.latency_ms_p99 >= result.latency_ms_p50);
  BOOST_TEST(progress.blocks == 15U);
  const auto report = f.verify();
  BOOST_TEST(report.passed);
  BOOST_TEST(report.clients == 5U);
}

BOOST_AUTO_TEST_CASE(a_stopped_simulation_confirms_what_it_sent) {
  node_folder f;
  actors::ledger_simulation_options options;
  options.clients = 3;
  options.rate = 1;
  options.duration = 100'000;
  options.speed = 20;
  actors::ledger_progress progress;
  std::atomic<bool> stop{false};
  const std::jthread stopper([&] {
    while (progress.accepted < 6)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    stop = true;
  });
  const auto result =
      simulate_ledger(*f.store, f.identity, options, stop, progress);
  BOOST_TEST(result.stopped);
  BOOST_TEST(result.accepted >= 6U);
  BOOST_TEST(result.accepted == result.sent);
  BOOST_TEST(f.store->read().message_count() == result.sent);
}

BOOST_AUTO_TEST_CASE(a_simulation_says_what_is_out_of_range) {
  node_folder f;
  actors::ledger_progress progress;
  const auto refused = [&](auto change) {
    actors::ledger_simulation_options options;
    change(options);
    BOOST_CHECK_THROW(
        simulate_ledger(*f.store, f.identity, options, f.never, progress),
        std::invalid_argument);
  };
  refused([](auto& o) { o.clients = 0; });
  refused([](auto& o) { o.clients = actors::ledger_clients_max + 1; });
  refused([](auto& o) { o.rate = 0; });
  refused([](auto& o) { o.rate = -1; });
  refused([](auto& o) { o.speed = 0; });
  refused([](auto& o) { o.duration = 1e300; });
  refused([](auto& o) { o.duration = 0.001; });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
