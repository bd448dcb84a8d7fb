// SPDX-License-Identifier: Apache-2.0
#include "apps/options/key_choice.hpp"

#include "apps/terminal/command_context.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

BOOST_AUTO_TEST_SUITE(key_choice_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

// 65 keys: two of their ids share the first of 64 possible characters.
crypto::public_keyring many_keys() {
  crypto::public_keyring ring{crypto::curve::p256, {}};
  for (int i = 0; i < 65; ++i)
    ring.keys.push_back({crypto::private_key::generate(crypto::curve::p256,
                                                       crypto::system_random())
                             .public_half(),
                         crypto::key_state::active});
  return ring;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_whole_id_names_its_key) {
  const auto ring = many_keys();
  for (const auto& key : ring.keys) {
    const auto id = crypto::to_text(key.key.id());
    BOOST_TEST((choose_key(ring, id).key == key.key));
    BOOST_TEST((choose_key(ring, "id:" + id).key == key.key));
  }
}

BOOST_AUTO_TEST_CASE(a_beginning_names_a_key_when_it_is_the_only_one) {
  const auto ring = many_keys();
  std::multiset<char> first;
  for (const auto& key : ring.keys)
    first.insert(crypto::to_text(key.key.id()).front());
  for (const char c : std::set<char>(first.begin(), first.end())) {
    if (first.count(c) == 1)
      BOOST_TEST(crypto::to_text(choose_key(ring, {&c, 1}).key.id()).front() ==
                 c);
    else
      BOOST_CHECK_THROW(choose_key(ring, {&c, 1}), std::runtime_error);
  }
}

BOOST_AUTO_TEST_CASE(nothing_names_no_key) {
  const auto ring = many_keys();
  for (const char* name : {"", "id:", "***"})
    BOOST_CHECK_THROW(choose_key(ring, name), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(retired_keys_do_not_count_as_active) {
  crypto::keyring ring(crypto::curve::p256, 3, crypto::system_random());
  BOOST_TEST(active_keys(ring) == 3U);
  ring.retire(ring.keys().front().key.id());
  BOOST_TEST(active_keys(ring) == 2U);
}

BOOST_AUTO_TEST_CASE(active_keys_are_chosen_in_the_keyrings_order) {
  auto ring = many_keys();
  ring.keys[1].state = crypto::key_state::retired;
  const auto id = [&](std::size_t i) {
    return crypto::to_text(ring.keys[i].key.id());
  };
  const auto all = choose_active_keys(ring, {}, true);
  BOOST_REQUIRE(all.size() == 64);
  BOOST_TEST(all[0].number == 1);
  BOOST_TEST(all[1].number == 3);
  const std::vector<std::string> names{id(7), id(4), "id:" + id(7)};
  const auto some = choose_active_keys(ring, names, false);
  BOOST_REQUIRE(some.size() == 2);
  BOOST_TEST(some[0].number == 5);
  BOOST_TEST(some[1].number == 8);
  BOOST_TEST((some[1].key == &ring.keys[7]));
}

BOOST_AUTO_TEST_CASE(retired_keys_and_no_keys_are_not_chosen) {
  auto ring = many_keys();
  const std::vector<std::string> names{crypto::to_text(ring.keys[0].key.id())};
  BOOST_CHECK_THROW(choose_active_keys(ring, names, true), usage_error);
  BOOST_CHECK_THROW(choose_active_keys(ring, {}, false), usage_error);
  for (auto& key : ring.keys)
    key.state = crypto::key_state::retired;
  BOOST_CHECK_THROW(choose_active_keys(ring, names, false), std::runtime_error);
  BOOST_CHECK_THROW(choose_active_keys(ring, {}, true), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
