// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/vault.hpp"

#include "tests/crypto/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <thread>

BOOST_AUTO_TEST_SUITE(vault_threads_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

struct ending {
  int signal; ///< 0 if no signal ended the process
  std::string said;
};

/// Runs `action` in a child process; returns how that ended and its stderr.
template <class Action>
ending end_of(Action&& action) {
  const temp_folder folder;
  const auto file = folder.path() / "stderr";
  const auto child = ::fork();
  if (child == 0) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGABRT, SIG_DFL); // Boost.Test turns it into a failure
    if (std::freopen(file.c_str(), "w", stderr) == nullptr)
      ::_exit(3);
    try {
      action();
    } catch (...) {
      ::_exit(2);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFSIGNALED(status) ? WTERMSIG(status) : 0, read_text(file)};
}

} // namespace

// Uses of keys: their begin and end, calls with many runs, and overlapping
// uses.
BOOST_FIXTURE_TEST_SUITE(vault_session_test, vault_fixture)

BOOST_AUTO_TEST_CASE(one_call_can_use_many_keys) {
  auto s = v.open_session();
  const auto leases = lend({{0, 1}, {1, 2}, {2, 3}}, 50);
  const auto signatures = sign(s, leases, {0, 1, 2});
  const auto verifier = make_verifier(provider::openssl, c);
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST(verifier->verify(
        keys.keys()[i].key.public_half(),
        digests(3).subspan(i * field_size(c), field_size(c)),
        std::span(signatures)
            .subspan(i * signature_size(c), signature_size(c))));
}

BOOST_AUTO_TEST_CASE(the_observer_sees_each_use_begin_and_end_once) {
  auto s = v.open_session();
  const auto set = lend({{0, 11}, {1, 12}});
  const auto &a = set.leases[0], &b = set.leases[1];
  sign(s, set, {0, 1, 0, 0}); // a repeated key counts as one use
  BOOST_REQUIRE(seen.size() == 4U);
  const auto is = [](const key_use& use, const lease& l, bool begin) {
    return use.key == l.key && use.fence == l.fence && use.begin == begin;
  };
  BOOST_TEST(is(seen[0], a, true));
  BOOST_TEST(is(seen[1], b, true));
  BOOST_TEST(is(seen[2], a, false));
  BOOST_TEST(is(seen[3], b, false));
}

BOOST_AUTO_TEST_CASE(one_bad_lease_refuses_the_whole_call) {
  auto s = v.open_session();
  // The last key is retired.
  const auto bad = lend({{0, 1}, {2, 1}, {3, 1}});
  BOOST_TEST((fault(s, bad) == lease_fault::unknown_key));
  BOOST_TEST(seen.empty());
  // The keys of the valid leases are free again.
  BOOST_TEST(!fault(lend({{0, 1}, {1, 1}, {2, 1}})).has_value());
}

BOOST_AUTO_TEST_CASE(two_leases_of_one_key_in_a_call_are_refused) {
  // Only one of the leases can be current, whatever their order.
  BOOST_TEST((fault(lend({{0, 1}, {0, 2}})) == lease_fault::stale_fence));
  BOOST_TEST((fault(lend({{1, 2}, {1, 1}})) == lease_fault::stale_fence));
  BOOST_TEST(!fault(lend({{0, 2}, {1, 2}})).has_value());
}

BOOST_AUTO_TEST_CASE(a_lease_belongs_to_its_set) {
  auto s = v.open_session();
  const auto set = lend({{0, 1}, {1, 2}});
  auto fewer = set, more = set, swapped = set;
  fewer.leases.pop_back();
  more.leases.push_back({keys.keys()[2].key.id(), 3});
  std::swap(swapped.leases[0], swapped.leases[1]);
  for (const auto& other : {fewer, more, swapped})
    BOOST_TEST((fault(s, other) == lease_fault::forged));
  BOOST_TEST(!fault(s, set).has_value());
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_match_are_refused_and_wiped) {
  auto s = v.open_session();
  const auto l = lend(0, 1);
  const auto refused = [&](std::vector<leased_run> runs, std::size_t in,
                           std::size_t out) {
    std::vector<std::byte> from(in), to(out, std::byte{0xaa});
    BOOST_CHECK_THROW(s.sign_batch(l, runs, from, to), std::invalid_argument);
    BOOST_TEST((std::count(to.begin(), to.end(), std::byte{0}) ==
                static_cast<std::ptrdiff_t>(out)));
  };
  refused({{0, 1}}, 31, 64);
  refused({{0, 1}}, 32, 65);
  refused({{0, 2}}, 32, 64);
  refused({{0, 1}}, 64, 128);
  refused({{0, std::size_t(-1)}, {0, 2}}, 32, 64);
  refused({{1, 1}}, 32, 64); // no such lease
  refused({{0, 1}, {std::size_t(-1), 1}}, 64, 128);
  refused({}, 32, 64);
  std::vector<std::byte> to(64);
  const leased_run one{0, 1};
  BOOST_CHECK_THROW(s.sign_batch({}, {&one, 1}, digests(1), to),
                    std::invalid_argument);
  BOOST_CHECK_NO_THROW(s.sign_batch({}, {}, {}, {}));
  BOOST_TEST(!fault(s, l).has_value());
}

BOOST_AUTO_TEST_CASE(a_key_is_free_again_after_every_kind_of_end) {
  auto s = v.open_session();
  // The observer throws during a call.
  bool thrown = false;
  on_use = [&](const key_use&) {
    if (!std::exchange(thrown, true))
      throw std::runtime_error("the observer fails");
  };
  std::vector<std::byte> to(64, std::byte{0xaa});
  const auto l = lend(0, 1);
  const leased_run one{0, 1};
  BOOST_CHECK_THROW(s.sign_batch(l, {&one, 1}, digests(1), to),
                    std::runtime_error);
  BOOST_TEST((std::count(to.begin(), to.end(), std::byte{0}) == 64));
  BOOST_TEST(!fault(lend(0, 1)).has_value());
}

BOOST_AUTO_TEST_CASE(a_second_use_of_a_key_ends_the_process) {
  const auto l = lend(0, std::uint64_t{3} << 32 | 5);
  const auto later = lend(0, std::uint64_t{3} << 32 | 6);
  for (const auto& second : {l, later}) {
    const auto end = end_of([&] {
      auto a = v.open_session();
      auto b = v.open_session();
      on_use = [&](const key_use&) { sign(b, second, {0}); };
      sign(a, l, {0});
    });
    BOOST_TEST(end.signal == SIGABRT);
    BOOST_TEST(contains(end.said, "two uses at the same time"), end.said);
    BOOST_TEST(contains(end.said, to_text(l.leases[0].key)), end.said);
    BOOST_TEST(contains(end.said, "(fence 3."), end.said);
  }
}

BOOST_AUTO_TEST_CASE(a_session_that_two_threads_share_ends_the_process) {
  const auto end = end_of([&] {
    auto s = v.open_session();
    on_use = [&](const key_use&) { sign(s, lend(1, 1), {0}); };
    sign(s, lend(0, 1), {0});
  });
  BOOST_TEST(end.signal == SIGABRT);
}

BOOST_AUTO_TEST_CASE(a_refused_lease_of_a_key_in_use_ends_nothing) {
  const auto end = end_of([&] {
    auto a = v.open_session();
    auto b = v.open_session();
    auto forged = lend(0, 9);
    forged.token[0] ^= 1;
    const auto stale = lend(0, 4);
    on_use = [&](const key_use& use) {
      if (use.begin && (fault(b, forged) != lease_fault::forged ||
                        fault(b, stale) != lease_fault::stale_fence))
        ::_exit(1);
    };
    sign(a, lend(0, 5), {0});
    ::_exit(7);
  });
  BOOST_TEST(end.signal == 0);
  BOOST_TEST(seen.empty());
}

BOOST_AUTO_TEST_CASE(other_keys_can_be_used_meanwhile) {
  auto a = v.open_session();
  auto b = v.open_session();
  on_use = [&](const key_use& use) {
    if (use.begin && use.key == keys.keys()[0].key.id())
      BOOST_TEST(!fault(b, lend(1, 1)).has_value());
  };
  BOOST_TEST(!fault(a, lend(0, 1)).has_value());
  BOOST_TEST(seen.size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(threads_that_pass_keys_on_never_overlap) {
  // Three threads, two keys. Each use has a new fence, and a lock per key
  // passes the key on, as the keyring actor does.
  const keyring keys(curve::p256, 2, system_random());
  vault::options o;
  o.instance = make_random_id(system_random());
  o.now = [] { return std::chrono::milliseconds(1); };
  std::atomic<int> uses[2]{};
  std::atomic<bool> overlapped{false};
  o.observe = [&](const key_use& use) {
    auto& mine = uses[use.key == keys.keys()[0].key.id() ? 0 : 1];
    if (mine.fetch_add(use.begin ? 1 : -1) != (use.begin ? 0 : 1))
      overlapped = true;
  };
  vault v(keys, o, system_random());
  std::mutex held[2];
  std::atomic<std::uint64_t> fence{0};
  std::atomic<int> refused{0};
  const auto work = [&] {
    auto s = v.open_session();
    lease_authority lender(keys.lease_secret(), {}, {});
    std::vector<std::byte> digest(32, std::byte{1}), signature(64);
    for (std::size_t i = 0; i < 300; ++i) {
      const std::scoped_lock lock(held[i % 2]);
      lease_set set;
      set.leases.push_back({keys.keys()[i % 2].key.id(), ++fence});
      set.instance = v.instance();
      lender.sign(set);
      const leased_run run{0, 1};
      try {
        s.sign_batch(set, {&run, 1}, digest, signature);
      } catch (const lease_refused&) {
        ++refused;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back(work);
  for (auto& t : threads)
    t.join();
  BOOST_TEST(!overlapped);
  BOOST_TEST(refused == 0);
}

BOOST_AUTO_TEST_SUITE_END()
