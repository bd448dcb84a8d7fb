// SPDX-License-Identifier: Apache-2.0
#include "apps/api/event_hub.hpp"
#include "apps/api/problem.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

using namespace std::chrono_literals;

struct hub_world {
  explicit hub_world(const apps::event_limits& l = {})
      : limits(l), hub("p", l) {}

  /// A reader that takes what has come.
  struct reading {
    std::string take() const { return end->next().octets; }
    std::shared_ptr<apps::http_stream_reader> end;
  };
  reading read(
      std::string_view last_id = "",
      std::function<bool()> may_read = [] { return true; }) {
    auto made = apps::make_http_stream(limits.unread_max);
    hub.subscribe(std::move(made.owner), last_id, std::move(may_read));
    return {std::move(made.reader)};
  }
  /// The same, behind the beginning of its stream.
  reading read_on() {
    auto made = read();
    made.take();
    return made;
  }

  void publish(const std::string& type, const std::string& json) {
    hub.publish({.type = type, .json = json}, now);
  }
  void deliver() { hub.deliver(now); }
  /// Of events 1 to `count`, each in a second of its own.
  void publish_many(int count) {
    for (int i = 1; i <= count; ++i) {
      publish("e", std::to_string(i));
      deliver();
      now += 1s;
    }
  }

  apps::event_limits limits;
  apps::event_hub hub;
  apps::event_hub::clock::time_point now{1'000s};
};

apps::event_limits without_keep_alive() {
  apps::event_limits limits;
  limits.keep_alive = std::chrono::hours(100'000);
  return limits;
}

struct quiet_world : hub_world {
  quiet_world() : hub_world(without_keep_alive()) {}
};

std::string numbered(int number, const std::string& type,
                     const std::string& json) {
  return "id: p." + std::to_string(number) + "\nevent: " + type +
         "\ndata: " + json + "\n\n";
}

BOOST_FIXTURE_TEST_SUITE(event_hub_test, quiet_world)

BOOST_AUTO_TEST_CASE(events_are_numbered_in_their_order) {
  const auto a = read();
  const auto b = read();
  BOOST_TEST(a.take() == "retry: 2000\nid: p.0\n\n");
  b.take();
  publish("block", R"({"index":4})");
  publish("refused", "{\n\"codes\":\r\n{} }");
  BOOST_TEST(a.take() == ""); // nobody has delivered it
  deliver();
  const auto expected = numbered(1, "block", R"({"index":4})") +
                        numbered(2, "refused", "{ \"codes\":  {} }");
  BOOST_TEST(a.take() == expected);
  BOOST_TEST(b.take() == expected);
  BOOST_TEST(read().take() == "retry: 2000\nid: p.2\n\n");
}

BOOST_AUTO_TEST_CASE(a_state_has_no_number_and_is_not_kept) {
  const auto a = read_on();
  hub.publish({.type = "signing", .json = "{}", .passing = true}, now);
  publish("block", "{}");
  deliver();
  BOOST_TEST(a.take() ==
             "event: signing\ndata: {}\n\n" + numbered(1, "block", "{}"));
  BOOST_TEST(read("p.0").take() ==
             "retry: 2000\n\n" + numbered(1, "block", "{}"));
}

BOOST_AUTO_TEST_CASE(who_comes_back_gets_what_it_missed) {
  publish_many(3);
  const auto second = numbered(2, "e", "2");
  const auto third = numbered(3, "e", "3");
  BOOST_TEST(read("p.1").take() == "retry: 2000\n\n" + second + third);
  BOOST_TEST(read("p.2").take() == "retry: 2000\n\n" + third);
  BOOST_TEST(read("p.3").take() == "retry: 2000\nid: p.3\n\n");
  const auto back = read("p.2");
  publish_many(1);
  BOOST_TEST(back.take() == "retry: 2000\n\n" + third + numbered(4, "e", "1"));
}

BOOST_AUTO_TEST_CASE(an_id_that_is_unknown_gets_all_that_is_kept) {
  publish_many(2);
  const auto all =
      "retry: 2000\n\n" + numbered(1, "e", "1") + numbered(2, "e", "2");
  for (const char* id : {"q.1", "p.3", "p.", "p.x", "p.-1", "p", ".", "1",
                         "p.18446744073709551616", "pp.1"})
    BOOST_TEST(read(id).take() == all, id);
}

BOOST_AUTO_TEST_CASE(the_latest_are_kept) {
  auto small = without_keep_alive();
  small.kept_max = 3;
  hub_world few(small);
  few.publish_many(5);
  BOOST_TEST(few.read("p.1").take() ==
             "retry: 2000\n\n" + numbered(3, "e", "3") + numbered(4, "e", "4") +
                 numbered(5, "e", "5"));
  small.kept_bytes_max = 2 * numbered(1, "e", "1").size();
  hub_world short_ones(small);
  short_ones.publish_many(5);
  BOOST_TEST(short_ones.read("p.1").take() ==
             "retry: 2000\n\n" + numbered(4, "e", "4") + numbered(5, "e", "5"));
}

BOOST_AUTO_TEST_CASE(all_that_is_kept_fits_into_a_stream) {
  for (int i = 0; i < 100; ++i) {
    publish("e", std::string(1'000, 'x'));
    deliver();
    now += 1s;
  }
  const auto late = read("p.0");
  BOOST_TEST(late.take().size() > 40'000u);
  BOOST_TEST(!late.end->broken());
}

BOOST_AUTO_TEST_CASE(readers_are_limited_and_leave_their_places) {
  std::vector<reading> all;
  for (int i = 0; i < 64; ++i)
    all.push_back(read());
  BOOST_CHECK_EXCEPTION(read(), apps::problem, [](const auto& why) {
    return why.kind().code == std::string_view("busy");
  });
  BOOST_TEST(hub.readers() == 64u);
  all.pop_back();
  const auto in_its_place = read();
  BOOST_CHECK_THROW(read(), apps::problem);
  all.clear();
  deliver();
  BOOST_TEST(hub.readers() == 1u);
}

BOOST_AUTO_TEST_CASE(who_reads_too_slowly_is_closed_and_nobody_else) {
  const auto slow = read();
  const auto reads = read_on();
  int delivered = 0;
  for (; hub.readers() == 2 && delivered < 1'000; ++delivered) {
    publish("e", std::string(1'000, 'x'));
    deliver();
    now += 1s;
    BOOST_TEST(reads.take().ends_with("x\n\n"));
  }
  BOOST_TEST(slow.end->broken());
  // 64 KiB
  BOOST_TEST(delivered > 60);
  BOOST_TEST(delivered < 66);
  BOOST_TEST(!reads.end->broken());
}

BOOST_AUTO_TEST_CASE(of_a_type_at_most_fifty_come_in_a_second) {
  const auto a = read_on();
  std::string expected;
  for (int i = 1; i <= 1'000; ++i) {
    publish("batch", std::to_string(i));
    if (i < 50)
      expected += numbered(i, "batch", std::to_string(i));
  }
  deliver();
  BOOST_TEST(a.take() == expected);
  publish("block", "{}"); // another type
  deliver();
  BOOST_TEST(a.take() == numbered(50, "block", "{}"));
  now += 999ms;
  deliver();
  BOOST_TEST(a.take() == "");
  now += 1ms;
  deliver(); // without another one
  const auto last =
      "event: skipped\ndata: {\"event\":\"batch\",\"count\":950}\n\n" +
      numbered(51, "batch", "1000");
  BOOST_TEST(a.take() == last);
  publish("batch", "1001");
  deliver();
  BOOST_TEST(a.take() == numbered(52, "batch", "1001"));
  // What was skipped is said to those that come back, too.
  BOOST_TEST(read("p.50").take() ==
             "retry: 2000\n\n" + last + numbered(52, "batch", "1001"));
}

BOOST_AUTO_TEST_CASE(what_a_publisher_skipped_is_added) {
  const auto a = read_on();
  hub.publish({.type = "block", .json = "1", .skipped = 7}, now);
  deliver();
  BOOST_TEST(a.take() ==
             "event: skipped\ndata: {\"event\":\"block\",\"count\":7}\n\n" +
                 numbered(1, "block", "1"));
  for (int i = 0; i < 48; ++i)
    publish("block", "{}");
  deliver();
  a.take();
  hub.publish({.type = "block", .json = "2", .skipped = 3}, now);
  hub.publish({.type = "block", .json = "3", .skipped = 2}, now);
  now += 1s;
  deliver();
  BOOST_TEST(a.take() ==
             "event: skipped\ndata: {\"event\":\"block\",\"count\":6}\n\n" +
                 numbered(50, "block", "3"));
}

BOOST_AUTO_TEST_CASE(a_delivery_that_is_late_closes_nobody_that_keeps_up) {
  const auto a = read_on();
  for (int i = 0; i < 1'000; ++i) {
    for (const char* type : {"a", "b", "c"})
      publish(type, std::string(1'000, 'x'));
    now += 100ms;
  }
  deliver();
  BOOST_TEST(!a.end->broken());
  BOOST_TEST(a.take().size() > 30'000u);
  now += 1s;
  deliver();
  const auto rest = a.take();
  for (const char* type : {"a", "b", "c"})
    BOOST_TEST(rest.find(std::string("event: ") + type) != std::string::npos);
  BOOST_TEST(!a.end->broken());
}

BOOST_AUTO_TEST_CASE(a_comment_keeps_connections_alive) {
  hub_world world;
  world.deliver();
  const auto a = world.read_on();
  for (int i = 0; i < 3; ++i) {
    world.now += 14'999ms;
    world.deliver();
    BOOST_TEST(a.take() == "");
    world.now += 1ms;
    world.deliver();
    BOOST_TEST(a.take() == ": keep-alive\n\n");
  }
}

BOOST_AUTO_TEST_CASE(who_may_not_read_any_more_is_ended) {
  hub_world world;
  world.deliver();
  bool may_read = true;
  const auto a = world.read("", [&] { return may_read; });
  a.take();
  may_read = false;
  world.publish("block", "{}");
  world.deliver();
  BOOST_TEST(!a.end->next().last);
  world.now += 15s;
  world.deliver();
  BOOST_TEST(a.end->next().last);
  BOOST_TEST(!a.end->broken());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
