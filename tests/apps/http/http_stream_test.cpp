// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_stream.hpp"
#include "tests/apps/http/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/socket.h>

BOOST_AUTO_TEST_SUITE(http_stream_test)

using namespace chancery;
using namespace std::chrono_literals;
using tests::comes_true;
using tests::raw_http;

BOOST_AUTO_TEST_CASE(what_is_put_is_read_once) {
  auto [owner, reader] = apps::make_http_stream(10);
  int wakes = 0;
  reader->on_more([&] { ++wakes; });
  BOOST_TEST(owner.put("ab"));
  BOOST_TEST(owner.put("cd"));
  BOOST_TEST(wakes == 0); // it has not looked yet
  BOOST_TEST(reader->next().octets == "abcd");
  BOOST_TEST(reader->next().octets == "");
  BOOST_TEST(owner.put("e"));
  BOOST_TEST(owner.put("f"));
  BOOST_TEST(wakes == 1);
  BOOST_TEST(reader->next().octets == "ef");
  owner.end();
  BOOST_TEST(!owner.put("g"));
  BOOST_TEST(reader->next().last);
  BOOST_TEST(!reader->broken());
}

BOOST_AUTO_TEST_CASE(what_a_reader_is_not_done_with_is_unread) {
  auto [owner, reader] = apps::make_http_stream(4);
  BOOST_TEST(owner.put("abcd"));
  BOOST_TEST(reader->next().octets == "abcd");
  int wakes = 0;
  reader->on_more([&] { ++wakes; });
  BOOST_TEST(!owner.gone());
  BOOST_TEST(!owner.put("e"));
  BOOST_TEST(wakes == 1); // though it was not waiting
  BOOST_TEST(reader->broken());
  BOOST_TEST(owner.gone());
  auto [other, reads] = apps::make_http_stream(4);
  BOOST_TEST(other.put("abcd"));
  reads->next();
  reads->next();
  BOOST_TEST(other.put("efgh"));
}

BOOST_AUTO_TEST_CASE(each_end_sees_that_the_other_has_gone) {
  auto [owner, reader] = apps::make_http_stream(10);
  std::vector<std::uint64_t> gone;
  reader->on_gone([&](std::uint64_t octets) { gone.push_back(octets); });
  owner.put("abc");
  reader->next();
  owner.put("unread");
  BOOST_TEST(!owner.gone());
  reader.reset();
  BOOST_TEST(owner.gone());
  BOOST_TEST(!owner.put("d"));
  BOOST_TEST(gone == std::vector<std::uint64_t>{3},
             boost::test_tools::per_element());
  auto made = apps::make_http_stream(10);
  { const auto dropped = std::move(made.owner); }
  BOOST_TEST(made.reader->broken());
}

struct running {
  template <class Change>
  explicit running(Change change) {
    change(options.limits);
    server.emplace(options, told.handler());
  }
  running() : running([](auto&) {}) {}

  raw_http ask(const std::string& line, int receive_buffer = 0) const {
    raw_http client(server->port(), receive_buffer);
    client.send(line + "\r\nHost: h\r\n\r\n");
    return client;
  }
  bool has(std::uint64_t connections, std::uint64_t streams) const {
    return comes_true([&] {
      const auto now = server->counters();
      return now.connections == connections && now.streams == streams;
    });
  }

  apps::http_server_options options = tests::patient_options();
  tests::told_requests told;
  std::optional<apps::http_server> server;
};

const std::string asked = "GET /stream HTTP/1.1";

/// More than the system keeps for a peer that reads nothing.
constexpr std::size_t more_than_waits = std::size_t{64} << 20;

BOOST_AUTO_TEST_CASE(pieces_are_sent_as_they_come) {
  running one;
  auto client = one.ask(asked);
  const auto head = client.answer(true).value();
  BOOST_TEST(head.status == 200);
  BOOST_TEST(head.field("Transfer-Encoding").value() == "chunked");
  BOOST_TEST(!head.field("Content-Length"));
  auto stream = one.told.take_stream();
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(stream.put("hello"));
    BOOST_TEST(client.octets(10) == "5\r\nhello\r\n");
  }
  stream.put(std::string(26, 'x'));
  BOOST_TEST(client.octets(32) == "1a\r\n" + std::string(26, 'x') + "\r\n");
  BOOST_TEST(one.server->counters().streams == 1u);
  stream.end();
  BOOST_TEST(client.octets(5) == "0\r\n\r\n");
  client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_TEST(client.answer().value().body == "GET /next ");
  BOOST_TEST(one.server->counters().streams == 0u);
  BOOST_TEST(stream.gone());
}

/// Reads a chunked body up to its end.
std::string chunked_body(raw_http& from) {
  std::string body;
  for (;;) {
    std::string line;
    while (!line.ends_with("\r\n")) {
      const auto next = from.octets(1);
      BOOST_REQUIRE(!next.empty());
      line += next;
    }
    const auto size = std::stoul(line, nullptr, 16);
    const auto piece = from.octets(size + 2);
    BOOST_REQUIRE(piece.ends_with("\r\n"));
    if (size == 0)
      return body;
    body += piece.substr(0, size);
  }
}

BOOST_AUTO_TEST_CASE(no_octet_is_lost_between_two_threads) {
  running one;
  one.told.unread_max = more_than_waits;
  auto client = one.ask(asked);
  auto stream = one.told.take_stream();
  std::string all;
  for (int i = 0; i < 3'000; ++i)
    all += std::to_string(i) + std::string(static_cast<std::size_t>(i), 'x');
  std::jthread puts([&] {
    for (std::size_t at = 0, size = 1; at < all.size(); ++size) {
      stream.put(std::string_view(all).substr(at, size));
      at += size;
    }
    stream.end();
  });
  client.answer(true);
  BOOST_TEST((chunked_body(client) == all));
}

BOOST_AUTO_TEST_CASE(http_1_0_gets_no_chunks_and_the_end_of_its_connection) {
  running one;
  auto client = one.ask("GET /stream HTTP/1.0");
  const auto head = client.answer(true).value();
  BOOST_TEST(!head.field("Transfer-Encoding"));
  BOOST_TEST(!head.field("Content-Length"));
  BOOST_TEST(head.field("Connection").value() == "close");
  auto stream = one.told.take_stream();
  stream.put("hello");
  BOOST_TEST(client.octets(5) == "hello");
  stream.put("world");
  stream.end();
  BOOST_TEST(client.octets(100) == "world");
}

BOOST_AUTO_TEST_CASE(head_gets_the_header_alone) {
  running one;
  auto client = one.ask("HEAD /stream HTTP/1.1");
  BOOST_TEST(client.answer(true).value().field("Transfer-Encoding").value() ==
             "chunked");
  auto stream = one.told.take_stream();
  BOOST_TEST(comes_true([&] { return stream.gone(); }));
  client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_TEST(client.answer().value().body == "GET /next ");
}

BOOST_AUTO_TEST_CASE(a_peer_that_goes_is_noticed_with_nothing_to_send) {
  running one;
  for (const bool reset : {false, true}) {
    std::optional<raw_http> client(one.ask(asked));
    BOOST_TEST(client->answer(true).value().status == 200);
    auto stream = one.told.take_stream();
    stream.put("hello");
    BOOST_TEST(client->octets(10).size() == 10u);
    BOOST_TEST(!stream.gone());
    if (reset) {
      const linger at_once{1, 0};
      ::setsockopt(client->get(), SOL_SOCKET, SO_LINGER, &at_once,
                   sizeof(at_once));
    }
    client.reset();
    BOOST_TEST(comes_true([&] { return stream.gone(); }));
    BOOST_TEST(!stream.put("a"));
    BOOST_TEST(one.has(0, 0));
  }
}

BOOST_AUTO_TEST_CASE(a_peer_that_reads_too_slowly_is_closed) {
  running one;
  one.told.unread_max = more_than_waits;
  auto client = one.ask(asked, 4'096);
  auto stream = one.told.take_stream();
  const std::string half(more_than_waits / 2, 'x');
  BOOST_TEST(stream.put(half));
  BOOST_TEST(!stream.gone());
  BOOST_TEST(!stream.put(half + "x"));
  BOOST_TEST(stream.gone());
  BOOST_TEST(one.has(0, 0));
  client.answer(true);
  const auto got = client.octets(more_than_waits);
  BOOST_TEST(!got.ends_with("\r\n0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(what_is_put_has_to_be_taken_in_time) {
  running one([](auto& limits) { limits.progress = 100ms; });
  one.told.unread_max = more_than_waits;
  const auto client = one.ask(asked, 4'096);
  auto stream = one.told.take_stream();
  BOOST_TEST(stream.put(std::string(more_than_waits / 2, 'x')));
  BOOST_TEST(one.has(0, 0));
  BOOST_TEST(stream.gone());
}

BOOST_AUTO_TEST_CASE(with_nothing_to_send_a_stream_has_no_deadline) {
  running one([](auto& limits) { limits.progress = 50ms; });
  auto client = one.ask(asked);
  BOOST_TEST(client.answer(true).value().status == 200);
  auto stream = one.told.take_stream();
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(100ms);
    BOOST_TEST(stream.put("hello"));
    BOOST_TEST(client.octets(10) == "5\r\nhello\r\n");
  }
}

BOOST_AUTO_TEST_CASE(a_stream_is_not_owed_an_answer) {
  running one([](auto& limits) { limits.under_way_max = 1; });
  std::vector<raw_http> clients;
  std::list<apps::http_stream> streams;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(one.ask(asked));
    BOOST_TEST(clients.back().answer(true).value().status == 200);
    streams.push_back(one.told.take_stream());
  }
  BOOST_TEST(one.server->counters().under_way == 0u);
  BOOST_TEST(one.server->counters().streams == 3u);
  BOOST_TEST(one.ask("GET /a HTTP/1.1").answer().value().status == 200);
}

BOOST_AUTO_TEST_CASE(a_request_behind_a_stream_waits_for_its_end) {
  running one;
  auto client = one.ask(asked);
  client.answer(true);
  auto stream = one.told.take_stream();
  client.send("GET /behind HTTP/1.1\r\nHost: h\r\n\r\n");
  for (int i = 0; i < 3; ++i) {
    stream.put("hello");
    BOOST_TEST(client.octets(10) == "5\r\nhello\r\n");
  }
  BOOST_TEST(!one.told.was_served("/behind"));
  stream.end();
  BOOST_TEST(client.octets(5) == "0\r\n\r\n");
  BOOST_TEST(client.answer().value().body == "GET /behind ");
}

BOOST_AUTO_TEST_CASE(whoever_sends_on_behind_a_stream_is_closed) {
  running one;
  auto client = one.ask(asked);
  client.answer(true);
  auto stream = one.told.take_stream();
  client.send(std::string(std::size_t{17} << 10, 'x'));
  BOOST_TEST(comes_true([&] { return stream.gone(); }));
  BOOST_TEST(one.has(0, 0));
}

BOOST_AUTO_TEST_CASE(an_owner_that_goes_breaks_the_answer_off) {
  running one;
  auto client = one.ask(asked);
  client.answer(true);
  {
    auto stream = one.told.take_stream();
    stream.put("hello");
    BOOST_TEST(client.octets(10) == "5\r\nhello\r\n");
  }
  BOOST_TEST(client.octets(1) == "");
  BOOST_TEST(one.has(0, 0));
}

BOOST_AUTO_TEST_CASE(a_drain_ends_every_stream) {
  running one;
  one.told.unread_max = more_than_waits;
  auto reads = one.ask(asked);
  BOOST_TEST(reads.answer(true).value().status == 200);
  auto read = one.told.take_stream();
  const auto does_not_read = one.ask(asked, 4'096);
  auto unread = one.told.take_stream();
  unread.put(std::string(more_than_waits / 2, 'x'));
  BOOST_TEST(one.server->drain(2min));
  BOOST_TEST(reads.octets(100) == "0\r\n\r\n");
  BOOST_TEST(comes_true([&] { return read.gone() && unread.gone(); }));
}

BOOST_AUTO_TEST_CASE(a_stream_that_begins_during_a_drain_ends) {
  running one;
  auto client = one.ask("GET /late HTTP/1.1");
  BOOST_REQUIRE(comes_true([&] { return one.told.late() == 1; }));
  BOOST_TEST(!one.server->drain(1ms));
  auto made = apps::make_http_stream(10);
  made.owner.put("hello");
  one.told.take_late().at(0)({200, {}, "begin", std::move(made.reader)});
  BOOST_TEST(one.server->drain(2min));
  const auto head = client.answer(true).value();
  BOOST_TEST(head.field("Connection").value() == "close");
  BOOST_TEST(client.octets(100) == "5\r\nbegin\r\n5\r\nhello\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(owners_outlive_the_server) {
  running one;
  const auto client = one.ask(asked);
  auto stream = one.told.take_stream();
  stream.put("hello");
  one.server.reset();
  BOOST_TEST(stream.gone());
  BOOST_TEST(!stream.put("a"));
  stream.end();
}

BOOST_AUTO_TEST_SUITE_END()
