// SPDX-License-Identifier: Apache-2.0
//
// kill -9 of `serve` at random moments, from its first start on, while clients
// post records over HTTP; it is started again on the same folder, and clients
// send again what had no answer and may be sent again. Run with
//
//   CHANCERY_KILLS=200 record_kill_tests -- BINARY [SEED]
//
// The seed is printed first; the same seed draws the same moments.

#include "apps/http/http_client.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/bytes.hpp"
#include "storage/record_store.hpp"
#include "tests/e2e/record_client.hpp"
#include "tests/e2e/serve_process.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

BOOST_AUTO_TEST_SUITE(record_kill_test)

using namespace chancery;
using namespace std::chrono_literals;
using tests::node_process;
using tests::record_client;
using tests::serve_process;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kills_by_default = 10;
#else
constexpr std::uint64_t kills_by_default = 40;
#endif
constexpr std::size_t client_count = 4;
/// Longest wait for a server that hangs.
constexpr auto patience = 300s;

std::string argument(int index, const std::string& otherwise) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  return index < suite.argc ? suite.argv[index] : otherwise;
}

std::uint64_t seed_of_this_run() {
  const auto given = apps::parse_number(argument(2, ""));
  const auto seed = given.value_or(std::random_device{}());
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  return seed;
}

std::uint64_t kills() {
  const char* asked = std::getenv("CHANCERY_KILLS");
  return apps::parse_number(asked != nullptr ? asked : "")
      .value_or(kills_by_default);
}

struct world {
  explicit world(std::uint64_t seed) : random(seed) {
    ::signal(SIGPIPE, SIG_IGN);
    for (std::size_t i = 0; i < client_count; ++i)
      clients.emplace_back(fmt::format("client-{}", i), random());
  }

  std::uint64_t draw(std::uint64_t below) { return random() % below; }

  std::filesystem::path data() const { return temp.path() / "data"; }

  std::vector<std::string> drawn_options() {
    static const std::vector<std::string> sizes{"1", "7", "10", "33", "100"};
    static const std::vector<std::string> waits{"0", "20", "250"};
    std::vector<std::string> options{
        "--batch-size", sizes[draw(sizes.size())],
        "--max-wait",   waits[draw(waits.size())],
        "--signers",    std::to_string(1 + draw(3))};
    if (draw(2) == 0)
      options.emplace_back("--no-ledger");
    return options;
  }

  /// One life: clients post, and it is killed meanwhile.
  void live_and_die() {
    serve_process server(argument(1, ""), data(), temp.path() / "errors",
                         drawn_options());
    if (draw(4) == 0) { // while it starts
      ::usleep(static_cast<useconds_t>(draw(600'000)));
      BOOST_REQUIRE_MESSAGE(server.process().running(), errors());
      server.process().kill();
      return;
    }
    const auto port = server.port(patience);
    BOOST_REQUIRE_MESSAGE(port.has_value(), errors());
    served = true;
    std::atomic<std::uint64_t> answers{0};
    std::vector<std::jthread> threads;
    for (auto& client : clients)
      threads.emplace_back(
          [&client, &answers, port] { client.post(*port, answers); });
    const auto wanted = draw(4) == 0 ? 0 : 1 + draw(40);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (answers < wanted && server.process().running() &&
           std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(1ms);
    if (draw(3) == 0) // an epoch ends
      server.process().signal(SIGHUP);
    ::usleep(static_cast<useconds_t>(draw(300'000)));
    const bool lived = server.process().running();
    server.process().kill();
    threads.clear();
    BOOST_REQUIRE_MESSAGE(lived, errors());
    check_clients();
  }

  void check_clients() const {
    for (const auto& client : clients)
      for (const auto& fault : client.faults())
        BOOST_ERROR(fault);
  }

  /// Runs the server until clients have their answers and all is signed.
  void heal() {
    serve_process server(argument(1, ""), data(), temp.path() / "errors");
    const auto port = server.port(patience);
    BOOST_REQUIRE_MESSAGE(port.has_value(), errors());
    for (auto& client : clients)
      client.settle(*port);
    check_clients();
    apps::http_client reader({.port = *port, .patience = patience});
    for (const auto& client : clients)
      for (const auto& [id, record] : client.stored())
        if (draw(20) == 0)
          BOOST_TEST(
              reader.send("GET", fmt::format("/v1/records/{}/data", id)).body ==
              record.bytes);
    for (;;) {
      const auto answer = reader.send("GET", "/v1/signing");
      BOOST_REQUIRE(answer.status == 200);
      if (nlohmann::json::parse(answer.body)["unsigned"] == 0)
        break;
      std::this_thread::sleep_for(50ms);
    }
    BOOST_TEST(server.end() == 0, errors());
  }

  nlohmann::json answer_of(const std::vector<std::string>& command) const {
    std::vector<std::string> all{argument(1, ""), "--data", data().string()};
    all.insert(all.end(), command.begin(), command.end());
    node_process process(all, (temp.path() / "errors").string());
    const auto line = process.read_line(patience);
    BOOST_REQUIRE_MESSAGE(line.has_value(), errors());
    BOOST_TEST(process.wait() == 0, *line);
    return nlohmann::json::parse(*line);
  }

  void check_audit(bool all_signed) const {
    const auto report = answer_of({"audit", "--json"});
    BOOST_TEST(report["passed"] == true);
    BOOST_TEST(report["beside"].is_null());
    if (all_signed)
      BOOST_TEST(report["unsigned"] == 0);
  }

  /// By id, the signature of every exported line.
  std::map<std::uint64_t, std::string> exported() const {
    node_process process(
        {argument(1, ""), "--data", data().string(), "export"});
    std::map<std::uint64_t, std::string> lines;
    while (const auto text = process.read_line(patience)) {
      const auto line = nlohmann::json::parse(*text);
      BOOST_TEST(lines.emplace(line["record"], line["signature"]).second,
                 *text);
    }
    BOOST_TEST(process.wait() == 0);
    return lines;
  }

  /// What was answered is there, and nothing is there that was not sent, or
  /// twice.
  void check_records() const {
    storage::store_options options;
    options.read_only = true;
    const storage::record_store store(data() / "records", options);
    const auto view = store.read();
    std::map<std::string, std::uint64_t, std::less<>> stored;
    for (std::uint64_t i = 0; i < view.record_count(); ++i)
      BOOST_TEST(
          stored.emplace(crypto::text_of(view.record(i).value()), i).second);
    const auto lines = exported();
    BOOST_TEST(lines.size() == stored.size());
    std::set<std::uint64_t> known;
    for (const auto& client : clients) {
      for (const auto& [id, record] : client.stored()) {
        const auto found = stored.find(record.bytes);
        BOOST_REQUIRE((found != stored.end()));
        BOOST_TEST(found->second == id);
        BOOST_TEST(view.name_of(id).value_or("") == record.name);
        BOOST_TEST(known.insert(id).second);
      }
      for (const auto& [id, signature] : client.signatures())
        BOOST_TEST(lines.at(id) == signature);
      for (const auto& posting : client.lost()) {
        std::size_t there = 0;
        for (std::size_t i = 0; i < posting.fresh; ++i) {
          const auto found = stored.find(posting.records[i].bytes);
          if (found == stored.end())
            continue;
          ++there;
          BOOST_TEST(known.insert(found->second).second);
        }
        BOOST_TEST((there == 0 || there == posting.fresh));
      }
    }
    BOOST_TEST(known.size() == stored.size());
  }

  std::string errors() const {
    std::ifstream file(temp.path() / "errors");
    std::stringstream all;
    all << file.rdbuf();
    const auto text = all.str();
    return text.substr(text.size() - std::min<std::size_t>(text.size(), 3'000));
  }

  tests::temp_folder temp;
  std::mt19937_64 random;
  std::vector<record_client> clients;
  bool served = false; ///< at least once, so that there is a folder
};

} // namespace

BOOST_AUTO_TEST_CASE(what_was_answered_survives_every_kill_and_is_signed_once) {
  world w(seed_of_this_run());
  for (std::uint64_t i = 0; i < kills(); ++i) {
    w.live_and_die();
    if (w.served && w.draw(4) == 0)
      w.check_audit(false);
  }
  w.heal();
  w.check_audit(true);
  w.check_records();
  std::size_t records = 0;
  std::size_t lost = 0;
  std::uint64_t replays = 0;
  for (const auto& client : w.clients) {
    records += client.stored().size();
    lost += client.lost().size();
    replays += client.replays();
  }
  std::printf("%llu kills, %zu records, %zu requests lost, %llu replays\n",
              static_cast<unsigned long long>(kills()), records, lost,
              static_cast<unsigned long long>(replays));
  BOOST_TEST(records > kills());
}

BOOST_AUTO_TEST_SUITE_END()
