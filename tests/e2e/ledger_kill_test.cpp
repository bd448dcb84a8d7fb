// SPDX-License-Identifier: Apache-2.0
//
// kill -9 of `node --stdin` at random moments while clients send to it; then
// the node is restarted, and clients resend messages without a receipt. Run
// with
//
//   ledger_kill_tests -- BINARY [SEED [KILLS]]
//
// The seed is printed first; the same seed draws the same moments.

#include "actors/ledger/client_session.hpp"
#include "apps/answers/answer_line.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/bytes.hpp"
#include "storage/ledger_store.hpp"
#include "tests/e2e/node_process.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>

BOOST_AUTO_TEST_SUITE(ledger_kill_test)

using namespace chancery;
using namespace std::chrono_literals;
using tests::node_process;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kills_by_default = 10;
#else
constexpr std::uint64_t kills_by_default = 40;
#endif
constexpr std::size_t client_count = 4;
/// Longest wait for an answer; after that the message counts as lost.
constexpr auto patience = 300s;

std::string argument(int index, const std::string& otherwise) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  return index < suite.argc ? suite.argv[index] : otherwise;
}

std::uint64_t seed() {
  static const std::uint64_t the_one = [] {
    const auto given = apps::parse_number(argument(2, ""));
    const auto drawn = given.value_or(std::random_device{}());
    BOOST_TEST_MESSAGE("seed " << drawn);
    std::printf("seed %llu\n", static_cast<unsigned long long>(drawn));
    std::fflush(stdout);
    return drawn;
  }();
  return the_one;
}

std::uint64_t kills() {
  return apps::parse_number(argument(3, "")).value_or(kills_by_default);
}

/// A client that is never killed, with the state of its requests.
struct sender {
  std::unique_ptr<actors::client_session> session;
  bool registered = false;
  /// Receipts that arrived and that the test dropped, by sequence number.
  std::map<std::uint64_t, std::string> lost;
};

struct kept_receipt {
  std::string message;
  std::uint64_t index = 0;
};

struct world {
  world() : random(seed()) {
    ::signal(SIGPIPE, SIG_IGN);
    node_process keys(arguments({"--keys", "--block-size", "7"}));
    const auto text = keys.read_line(patience).value();
    BOOST_REQUIRE(keys.wait() == 0);
    for (std::size_t i = 0; i < client_count; ++i)
      senders.push_back({std::make_unique<actors::client_session>(
                             crypto::private_key::generate(
                                 crypto::curve::p256, crypto::system_random()),
                             actors::read_node_keys(text, std::nullopt,
                                                    crypto::single_signatures),
                             crypto::single_signatures),
                         false,
                         {}});
  }

  std::vector<std::string> arguments(std::vector<std::string> more) const {
    std::vector<std::string> all{argument(1, ""), "--data",
                                 (temp.path() / "data").string(), "node"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  std::uint64_t draw(std::uint64_t below) { return random() % below; }

  /// Sends this client's registration, its unconfirmed message again, or a new
  /// message.
  void send(node_process& node, std::size_t i) {
    auto& s = senders[i];
    auto& session = *s.session;
    bool written = true;
    if (!s.registered)
      written = node.write_line(session.registration(apps::now_ms()));
    else if (!session.memory().unconfirmed.empty())
      written = node.write_line(session.seal_again());
    else
      written = node.write_line(
          session.seal(std::to_string(sealed++), apps::now_ms()));
    if (written)
      asked.push_back(i);
  }

  void take(const std::string& line) {
    auto& s = senders[asked.front()];
    asked.pop_front();
    const auto answer = apps::answer_from_line(line);
    BOOST_REQUIRE_MESSAGE(!answer.refused, line);
    if (!answer.registered.empty()) {
      s.registered = true;
      return;
    }
    auto& session = *s.session;
    const auto sequence = session.memory().sequence;
    // It must equal a dropped receipt byte for byte, also after a kill.
    if (const auto first = s.lost.find(sequence); first != s.lost.end())
      BOOST_TEST(first->second == answer.receipt);
    const auto message = session.memory().unconfirmed;
    if (draw(8) == 0) {
      s.lost.emplace(sequence, answer.receipt);
      return;
    }
    const auto receipt = session.accept(answer.receipt);
    kept.push_back({message, receipt.index});
  }

  /// Sends and handles answers for this long.
  void run_until(node_process& node, std::chrono::microseconds moment) {
    const auto end = std::chrono::steady_clock::now() + moment;
    for (std::size_t i = 0; i < client_count; ++i)
      send(node, i);
    while (std::chrono::steady_clock::now() < end) {
      const auto line =
          node.read_line(std::chrono::duration_cast<std::chrono::microseconds>(
              end - std::chrono::steady_clock::now()));
      if (!line)
        continue;
      const auto who = asked.front();
      take(*line);
      send(node, who);
    }
  }

  /// Runs the node and kills it at a random moment.
  void live_and_die() {
    node_process node(arguments({"--stdin", "--validators", "2"}));
    if (draw(4) != 0) {
      // The first answer shows that the node is up; until then lines wait in
      // the pipe.
      send(node, draw(client_count));
      const auto line = node.read_line(patience);
      BOOST_REQUIRE(line.has_value());
      take(*line);
    }
    run_until(node, std::chrono::microseconds(draw(300'000)));
    BOOST_REQUIRE(node.running());
    node.kill();
    // Answers written before the kill may or may not reach their clients.
    if (draw(2) == 0)
      while (const auto line = node.read_line(patience))
        take(*line);
    asked.clear();
  }

  /// Runs the node until every client has its outstanding receipt.
  void heal() {
    node_process node(arguments({"--stdin"}));
    for (std::size_t i = 0; i < client_count; ++i)
      while (!senders[i].registered ||
             !senders[i].session->memory().unconfirmed.empty()) {
        send(node, i);
        const auto line = node.read_line(patience);
        BOOST_REQUIRE(line.has_value());
        take(*line);
      }
    node.close_input();
    BOOST_TEST(node.wait() == 0);
  }

  void check_verifies() const {
    node_process verify({argument(1, ""), "--data",
                         (temp.path() / "data").string(), "chain", "verify",
                         "--json"});
    const auto report = verify.read_line(patience);
    BOOST_REQUIRE(report.has_value());
    BOOST_TEST(verify.wait() == 0, *report);
  }

  /// Each held receipt has its message at its index exactly once, and the
  /// ledger has no other messages.
  void check_receipts() const {
    storage::ledger_options options;
    options.read_only = true;
    const storage::ledger_store store(temp.path() / "data" / "ledger", options);
    const auto view = store.read();
    std::map<std::string, std::uint64_t, std::less<>> stored;
    for (std::uint64_t i = 0; i < view.message_count(); ++i)
      BOOST_TEST(
          stored.emplace(crypto::text_of(view.message(i).value()), i).second);
    for (const auto& held : kept) {
      const auto found = stored.find(held.message);
      BOOST_REQUIRE((found != stored.end()));
      BOOST_TEST(found->second == held.index);
    }
    BOOST_TEST(view.message_count() == kept.size());
    BOOST_TEST(view.sequence_count() == view.message_count());
  }

  tests::temp_folder temp;
  std::mt19937_64 random;
  std::vector<sender> senders;
  std::deque<std::size_t> asked; ///< clients, in the order of their answers
  std::vector<kept_receipt> kept;
  std::uint64_t sealed = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_first_start_that_is_killed_is_finished_by_the_next) {
  std::mt19937_64 random(seed());
  for (std::uint64_t i = 0; i < kills() / 2; ++i) {
    const tests::temp_folder temp;
    const std::vector<std::string> start{argument(1, ""), "--data",
                                         (temp.path() / "data").string(),
                                         "node", "--keys"};
    {
      node_process killed(start);
      ::usleep(static_cast<useconds_t>(random() % 600'000));
      killed.kill();
    }
    node_process next(start);
    const auto keys = next.read_line(patience);
    BOOST_REQUIRE(keys.has_value());
    BOOST_TEST(next.wait() == 0);
    node_process again(start);
    const auto same = again.read_line(patience).value();
    BOOST_TEST(
        (actors::read_node_keys(same, std::nullopt, crypto::single_signatures)
             .signing ==
         actors::read_node_keys(*keys, std::nullopt, crypto::single_signatures)
             .signing));
  }
}

BOOST_AUTO_TEST_CASE(what_clients_hold_receipts_for_survives_every_kill) {
  world w;
  for (std::uint64_t i = 0; i < kills(); ++i) {
    w.live_and_die();
    w.check_verifies();
  }
  w.heal();
  w.check_verifies();
  w.check_receipts();
  std::printf("%llu kills, %zu receipts\n",
              static_cast<unsigned long long>(kills()), w.kept.size());
  BOOST_TEST(w.kept.size() > kills());
}

BOOST_AUTO_TEST_SUITE_END()
