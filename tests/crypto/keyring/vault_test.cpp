// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/vault.hpp"

#include "tests/crypto/vault_fixture.hpp"
#include "tests/defence_switch.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>
#include <thread>

namespace vault_test {

using namespace chancery::crypto;
using namespace chancery::crypto::test;

// Which leases the vault accepts. Overlapping uses and calls with many runs are
// in vault_session_test.cpp.

} // namespace vault_test

BOOST_FIXTURE_TEST_SUITE(vault_test, vault_fixture)

BOOST_AUTO_TEST_CASE(a_valid_lease_signs_for_its_key) {
  auto s = v.open_session();
  const auto verifier = make_verifier(provider::botan, c);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto signatures =
        sign(s, lend(i, i + 1, i == 1 ? 1000U : 0U), {0}, 2);
    for (std::size_t n = 0; n < 2; ++n)
      BOOST_TEST(verifier->verify(
          keys.keys()[i].key.public_half(),
          digests(2).subspan(n * field_size(c), field_size(c)),
          std::span(signatures)
              .subspan(n * signature_size(c), signature_size(c))));
  }
}

BOOST_AUTO_TEST_CASE(a_lease_can_be_used_for_many_chunks) {
  auto s = v.open_session();
  const auto l = lend(0, 1);
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(!fault(s, l).has_value());
  // A renewal: the same fence with a new nonce and time to live.
  BOOST_TEST(!fault(s, lend(0, 1, 500)).has_value());
}

BOOST_AUTO_TEST_CASE(a_lease_with_any_changed_bit_is_refused) {
  auto s = v.open_session();
  const auto right = lend(0, 7, 60'000);
  const auto wire = encode(right);
  for (std::size_t bit = 0; bit < 8 * wire.size(); ++bit) {
    auto changed = wire;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    lease_set l;
    try {
      l = decode_leases(changed);
    } catch (const std::invalid_argument&) {
      continue;
    }
    BOOST_REQUIRE(fault(s, l) == lease_fault::forged);
  }
  BOOST_TEST(seen.empty());
  BOOST_TEST(!fault(s, right).has_value());
}

BOOST_AUTO_TEST_CASE(a_lease_of_another_epoch_folder_or_keyring_is_refused) {
  const auto by = [&](const keyring& k, const random_id& f,
                      const random_id& e) {
    auto l = lend(0, 1);
    lease_authority(k.lease_secret(), f, e).sign(l);
    return l;
  };
  const auto other = make_random_id(system_random());
  const keyring others(c, 1, system_random());
  BOOST_TEST((fault(by(keys, folder, other)) == lease_fault::forged));
  BOOST_TEST((fault(by(keys, other, epoch)) == lease_fault::forged));
  BOOST_TEST((fault(by(others, folder, epoch)) == lease_fault::forged));
  BOOST_TEST(!fault(by(keys, folder, epoch)).has_value());
}

BOOST_AUTO_TEST_CASE(a_key_signs_for_the_purpose_of_its_keyring_alone) {
  auto l = lend(0, 1);
  l.purpose = keyring_purpose::seal;
  lender.sign(l);
  BOOST_TEST((fault(l) == lease_fault::other_purpose));
  BOOST_TEST(seen.empty());

  // The other way round, and without the defence.
  const keyring seals(c, 1, system_random(), keyring_purpose::seal);
  const auto lent = [&](vault& of) {
    lease_set set;
    set.instance = of.instance();
    set.nonce = of.ask();
    set.leases.push_back({seals.keys()[0].key.id(), 1});
    lease_authority(seals.lease_secret(), folder, epoch).sign(set);
    return set;
  };
  auto open = options();
  chancery::tests::defence_switch::purpose(open.defended) = false;
  for (const bool defended : {true, false}) {
    vault other(seals, defended ? options() : open, system_random());
    auto session = other.open_session();
    BOOST_TEST((
        fault(session, lent(other)) ==
        (defended ? std::optional(lease_fault::other_purpose) : std::nullopt)));
  }
}

BOOST_AUTO_TEST_CASE(a_lease_that_another_vault_asked_for_is_refused) {
  auto l = lend(0, 1);
  l.instance = make_random_id(system_random());
  lender.sign(l);
  BOOST_TEST((fault(l) == lease_fault::not_mine));
}

BOOST_AUTO_TEST_CASE(an_unknown_or_retired_key_is_refused) {
  BOOST_TEST((fault(lend(3, 1)) == lease_fault::unknown_key));
  auto l = lend(0, 1);
  l.leases[0].key = private_key::generate(c, system_random()).id();
  lender.sign(l);
  BOOST_TEST((fault(l) == lease_fault::unknown_key));
}

BOOST_AUTO_TEST_CASE(a_remote_lease_runs_out_to_the_millisecond) {
  const auto l = lend(0, 1, 1000);
  now += std::chrono::milliseconds(999);
  BOOST_TEST(!fault(l).has_value());
  now += std::chrono::milliseconds(1);
  seen.clear();
  BOOST_TEST((fault(l) == lease_fault::expired));
  BOOST_TEST(seen.empty()); // refused before any signature was made
}

BOOST_AUTO_TEST_CASE(time_counts_from_the_asking_and_not_from_the_answer) {
  auto l = lend(0, 1, 1000);
  now += std::chrono::milliseconds(1000); // the answer takes this long
  lender.sign(l);
  BOOST_TEST((fault(l) == lease_fault::expired));
}

BOOST_AUTO_TEST_CASE(a_remote_lease_that_runs_out_meanwhile_is_refused) {
  const auto l = lend(0, 1, 1000);
  on_use = [&](const key_use& use) {
    if (use.begin) // the host is suspended while it signs
      now += std::chrono::hours(1);
  };
  BOOST_TEST((fault(l) == lease_fault::expired));
  BOOST_TEST(seen.size() == 2U); // the key was used, but nothing was returned
}

BOOST_AUTO_TEST_CASE(a_local_lease_never_runs_out) {
  const auto l = lend(0, 1);
  now += std::chrono::hours(24 * 365);
  BOOST_TEST(!fault(l).has_value());
}

BOOST_AUTO_TEST_CASE(a_request_of_the_future_is_not_ours) {
  auto l = lend(0, 1, 1000);
  now -= std::chrono::milliseconds(1);
  BOOST_TEST((fault(l) == lease_fault::not_mine));
}

BOOST_AUTO_TEST_CASE(a_fence_below_the_highest_seen_is_refused) {
  const auto old = lend(0, 5);
  BOOST_TEST(!fault(old).has_value());
  BOOST_TEST(!fault(lend(0, 6)).has_value());
  BOOST_TEST((fault(old) == lease_fault::stale_fence));
  BOOST_TEST((fault(lend(0, 5)) == lease_fault::stale_fence));
  BOOST_TEST(!fault(lend(0, 6)).has_value());
  // Fences are compared per key and as whole numbers: the epoch is the high
  // half.
  BOOST_TEST(!fault(lend(1, 1)).has_value());
  BOOST_TEST(!fault(lend(0, std::uint64_t{1} << 32)).has_value());
  BOOST_TEST((fault(lend(0, 0xffffffff)) == lease_fault::stale_fence));
}

BOOST_AUTO_TEST_CASE(a_refused_lease_does_not_raise_the_fence) {
  auto forged = lend(0, 9);
  forged.token[0] ^= 1;
  BOOST_TEST((fault(forged) == lease_fault::forged));
  auto not_mine = lend(0, 9);
  not_mine.instance[0] ^= 1;
  lender.sign(not_mine);
  BOOST_TEST((fault(not_mine) == lease_fault::not_mine));
  const auto late = lend(0, 9, 10);
  now += std::chrono::milliseconds(10);
  BOOST_TEST((fault(late) == lease_fault::expired));
  BOOST_TEST(!fault(lend(0, 1)).has_value());
}

BOOST_AUTO_TEST_CASE(requests_differ_and_stamp_the_moment) {
  std::set<std::uint64_t> numbers;
  for (int i = 0; i < 10'000; ++i) {
    const auto number = v.ask();
    numbers.insert(number);
    BOOST_REQUIRE(number >> 20 == static_cast<std::uint64_t>(now.count()));
  }
  BOOST_TEST(numbers.size() == 10'000U);
}

BOOST_AUTO_TEST_CASE(requests_of_many_threads_differ) {
  std::vector<std::vector<std::uint64_t>> asked(4);
  std::vector<std::thread> threads;
  for (auto& mine : asked)
    threads.emplace_back([&] {
      for (int i = 0; i < 5'000; ++i)
        mine.push_back(v.ask());
    });
  for (auto& t : threads)
    t.join();
  std::set<std::uint64_t> numbers;
  for (const auto& mine : asked)
    numbers.insert(mine.begin(), mine.end());
  BOOST_TEST(numbers.size() == 20'000U);
}

BOOST_AUTO_TEST_CASE(a_vault_without_a_clock_is_refused) {
  BOOST_CHECK_THROW(vault(keys, {}, system_random()), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_ledger_nodes_keys_make_no_vault) {
  auto entries = keys.keys();
  entries.back().use = key_purpose::encryption;
  const keyring of_a_node(c, entries, keys.lease_secret());
  BOOST_CHECK_THROW(vault(of_a_node, options(), system_random()),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
