// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/signing_service.hpp"

#include "actors/systems/service_clock.hpp"
#include "tests/actors/fixture.hpp"
#include "tests/actors/record_requests.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(signing_service_test)

using namespace chancery;
using namespace chancery::tests;
using actors::record_answer;
using actors::record_refusal;
using actors::record_request;
using actors::signing_progress;
using actors::signing_service;
using actors::signing_service_options;

namespace {

/// A service on a store, and what a test waits for.
struct fixture {
  explicit fixture(std::uint64_t before = 0) : f(before) {
    options.signing.batch_size = 10;
    options.max_wait_ms = 20;
    options.disk_reserve = 0;
    options.keys = [this] { return keys; };
    options.note = [this](const std::string& text) {
      const std::scoped_lock lock(mutex);
      notes.push_back(text);
    };
    options.signed_now = [this](const auto& rows) {
      const std::scoped_lock lock(mutex);
      for (const auto& row : rows)
        signed_records += row.count;
      changed.notify_all();
    };
  }

  void start() { service.emplace(f.store, options, progress); }

  record_answer submit(record_request request) {
    std::promise<record_answer> got;
    auto answer = got.get_future();
    service->submit(std::move(request),
                    [&got](record_answer a) { got.set_value(std::move(a)); });
    return answer.get();
  }

  void wait_until_signed(std::uint64_t records) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return signed_records >= records; });
  }

  void check_all_right() {
    service.reset();
    const auto report = audit(f.store, keys);
    BOOST_TEST(report.passed, violations(report));
  }

  store_fixture f;
  crypto::keyring keys = keyring_of(4);
  signing_progress progress;
  signing_service_options options;
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t signed_records = 0;
  std::vector<std::string> notes;
  std::optional<signing_service> service;
};

} // namespace

BOOST_AUTO_TEST_CASE(records_are_signed_as_they_come) {
  fixture s;
  s.start();
  BOOST_TEST(s.service->epoch() == 1u);
  for (int i = 0; i < 3; ++i) {
    const auto answer = s.submit(request_of({{"", "a"}, {"", "b"}}));
    BOOST_REQUIRE(!answer.refused);
    BOOST_TEST(answer.records.size() == 2u);
  }
  s.wait_until_signed(6);
  record_request many;
  many.records.resize(1'000, {"", "r"});
  BOOST_TEST(s.submit(many).records.back().id == 1'005u);
  s.wait_until_signed(1'006);
  BOOST_TEST(s.service->failure() == "");
  s.check_all_right();
}

BOOST_AUTO_TEST_CASE(what_was_there_before_is_signed_first) {
  fixture s(25);
  s.start();
  s.wait_until_signed(25);
  s.check_all_right();
}

BOOST_AUTO_TEST_CASE(an_epoch_ends_without_a_refused_record) {
  fixture s;
  s.start();
  std::atomic<bool> over{false};
  std::atomic<std::uint64_t> sent{0};
  std::thread client([&] {
    while (!over) {
      const auto answer = s.submit(request_of({{"", "a"}, {"", "b"}}));
      BOOST_REQUIRE(!answer.refused);
      sent += 2;
    }
  });
  for (std::uint32_t epoch = 1; epoch < 5; ++epoch) {
    while (s.service->epoch() < epoch)
      std::this_thread::yield();
    const auto before = sent.load();
    while (sent < before + 10)
      std::this_thread::yield();
    s.service->roll();
  }
  while (s.service->epoch() < 5)
    std::this_thread::yield();
  over = true;
  client.join();
  s.wait_until_signed(sent);
  s.check_all_right();
}

BOOST_AUTO_TEST_CASE(keys_count_from_the_next_epoch) {
  fixture s;
  std::atomic<int> read{0};
  crypto::keyring both = s.keys;
  both.add(crypto::private_key::generate(crypto::curve::p256,
                                         crypto::system_random()));
  s.options.keys = [&] {
    if (++read == 2)
      throw std::runtime_error("the keyring cannot be read");
    return read == 1 ? s.keys : both;
  };
  s.start();
  for (std::uint32_t epoch = 1; epoch < 4; ++epoch) {
    while (s.service->epoch() < epoch)
      std::this_thread::yield();
    s.submit(request_of({{"", "a"}}));
    s.wait_until_signed(epoch);
    BOOST_TEST(s.progress.keys == (epoch < 3 ? 4u : 5u));
    s.service->roll();
  }
  BOOST_TEST(s.notes.size() == 1u);
  s.keys = both;
  s.check_all_right();
}

BOOST_AUTO_TEST_CASE(every_request_is_answered_even_at_the_end) {
  fixture s;
  s.start();
  std::atomic<int> answered{0};
  for (int i = 0; i < 500; ++i)
    s.service->submit(request_of({{"", "a"}}),
                      [&](const record_answer&) { ++answered; });
  s.service.reset();
  BOOST_TEST(answered == 500);
  const auto stored = s.f.store.read().record_count();
  signing_service again(s.f.store, s.options, s.progress);
  s.wait_until_signed(stored);
}

BOOST_AUTO_TEST_CASE(a_service_that_cannot_start_says_why) {
  fixture s;
  s.options.keys = []() -> crypto::keyring {
    throw std::runtime_error("the passphrase is wrong");
  };
  BOOST_CHECK_EXCEPTION(s.start(), std::runtime_error, [](const auto& e) {
    return e.what() == std::string("the passphrase is wrong");
  });
  fixture wrong;
  wrong.options.max_wait_ms = actors::max_wait_ms_max + 1;
  BOOST_CHECK_THROW(wrong.start(), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(its_clock_begins_no_earlier_than_what_is_stored) {
  store_fixture f(0);
  BOOST_TEST(actors::last_time_ms(f.store.read()) == 0u);
  const std::uint64_t late = 9'000'000'000'000; // the clock was set back since
  auto transaction = f.store.write();
  transaction.append_record(std::vector<std::byte>(1));
  transaction.put_arrival({0, 1, late});
  transaction.commit();
  BOOST_TEST(actors::last_time_ms(f.store.read()) == late);
  const auto clock = actors::service_clock(f.store);
  BOOST_TEST(clock() >= late);
}

BOOST_AUTO_TEST_SUITE_END()
