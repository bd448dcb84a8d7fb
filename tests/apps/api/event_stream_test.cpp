// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/chain_answers.hpp"
#include "apps/api/event_stream.hpp"
#include "apps/api/ledger_events.hpp"
#include "tests/apps/http/http_fixture.hpp"
#include "tests/apps/ledgers.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <atomic>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(event_stream_test)

namespace {

using apps::event;
using apps::event_source;
using apps::event_stream;
using nlohmann::json;

/// Reads the events of a stream as they come.
class reading {
 public:
  explicit reading(event_stream& from) {
    auto made = apps::make_http_stream(from.limits().unread_max);
    from.subscribe(std::move(made.owner), "", [] { return true; });
    end_ = std::move(made.reader);
  }

  /// The data of all events of this type so far.
  std::vector<json> all(const std::string& type) {
    text_ += end_->next().octets;
    const auto begin = "event: " + type + "\ndata: ";
    std::vector<json> found;
    for (auto at = text_.find(begin); at != std::string::npos;
         at = text_.find(begin, at + 1)) {
      const auto data = at + begin.size();
      found.push_back(
          json::parse(text_.substr(data, text_.find('\n', data) - data)));
    }
    return found;
  }
  bool comes(const std::string& type, std::size_t count) {
    return comes_true([&] { return all(type).size() >= count; });
  }
  bool broken() const { return end_->broken(); }

 private:
  std::shared_ptr<apps::http_stream_reader> end_;
  std::string text_;
};

event one_event(const std::string& type, const std::string& text) {
  return {.type = type, .json = text};
}

} // namespace

BOOST_AUTO_TEST_CASE(what_many_threads_publish_comes_or_is_counted) {
  event_stream events({});
  reading a(events);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&events] {
        for (int i = 0; i < 1'000; ++i)
          events.publish("batch", "{}");
      });
  }
  const auto counted = [&a] {
    auto sum = a.all("batch").size();
    for (const auto& skipped : a.all("skipped"))
      sum += skipped.at("count").get<std::size_t>();
    return sum;
  };
  BOOST_TEST(comes_true([&] { return counted() == 4'000; }));
  BOOST_TEST(!a.broken());
}

BOOST_AUTO_TEST_CASE(sources_are_asked_though_one_fails) {
  event_stream events(
      {{.look = []() -> std::vector<event> {
         throw std::runtime_error("no database");
       }},
       {.every = std::chrono::milliseconds(1),
        .look = [&] { return std::vector{one_event("a", "[1]")}; }},
       {.every = std::chrono::milliseconds(1),
        .look = [] { return std::vector{one_event("b", "[2]")}; },
        .only_for_readers = true}});
  reading a(events);
  BOOST_TEST(a.comes("a", 2));
  BOOST_TEST(a.comes("b", 2));
}

BOOST_AUTO_TEST_CASE(a_state_is_asked_for_while_somebody_reads) {
  std::atomic<int> asked{0};
  std::vector<event_source> sources;
  sources.push_back(apps::state_source("signing", [&] {
    return ++asked == 1 ? std::nullopt : std::optional<std::string>("{}");
  }));
  std::atomic<int> looks{0};
  sources.push_back({.look = [&] {
    ++looks;
    return std::vector<event>();
  }});
  event_stream events(std::move(sources));
  BOOST_TEST(comes_true([&] { return looks == 3; }));
  BOOST_TEST(asked == 0);
  reading a(events);
  BOOST_TEST(a.comes("signing", 1));
  BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(its_end_breaks_off_what_is_read) {
  std::optional<event_stream> events(std::in_place,
                                     std::vector<event_source>());
  const reading a(*events);
  BOOST_TEST(!a.broken());
  events.reset();
  BOOST_TEST(a.broken());
}

namespace {

void add_block(small_ledger& to, std::uint64_t index) {
  const auto bytes = crypto::encode({.index = index,
                                     .previous = {},
                                     .root = {},
                                     .first_message = index,
                                     .count = 1,
                                     .time_ms = test_time_ms,
                                     .node = to.identity.id()});
  auto t = to.store->write();
  t.append_block(crypto::block_hash(bytes), bytes, std::array<std::byte, 64>{});
  t.commit();
}

} // namespace

BOOST_AUTO_TEST_CASE(new_blocks_are_events_as_the_list_shows_them) {
  small_ledger ledger;
  const auto source = apps::block_events(*ledger.store);
  BOOST_TEST(source.look().empty()); // the first is none of them
  add_block(ledger, 1);
  add_block(ledger, 2);
  const auto found = source.look();
  BOOST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[1].type == "block");
  BOOST_TEST(found[1].skipped == 0u);
  const auto block = actors::block_at(ledger.store->read(), 2).value();
  BOOST_TEST(found[1].json == apps::block_json(block).dump());
  BOOST_TEST(source.look().empty());
}

BOOST_AUTO_TEST_CASE(of_many_new_blocks_the_last_twelve_are_events) {
  small_ledger ledger;
  const auto source = apps::block_events(*ledger.store);
  for (std::uint64_t i = 1; i <= 20; ++i)
    add_block(ledger, i);
  const auto found = source.look();
  BOOST_REQUIRE(found.size() == 12u);
  BOOST_TEST(found.front().skipped == 8u);
  BOOST_TEST(json::parse(found.front().json).at("index") == 9);
  BOOST_TEST(found.back().skipped == 0u);
  BOOST_TEST(json::parse(found.back().json).at("index") == 20);
}

BOOST_AUTO_TEST_CASE(refusals_are_counted_by_their_codes) {
  using crypto::refusal;
  std::map<refusal, std::uint64_t> refused{{refusal::busy, 4}};
  const auto source = apps::refusal_events([&] { return refused; });
  BOOST_TEST(source.look().empty());
  refused[refusal::busy] = 6;
  refused[refusal::bad_signature] = 1;
  const auto found = source.look();
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found[0].type == "refused");
  BOOST_TEST(json::parse(found[0].json) ==
             json::parse(R"({"codes":{"busy":2,"bad_signature":1}})"));
  BOOST_TEST(source.look().empty());
  BOOST_TEST((source.every == std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
