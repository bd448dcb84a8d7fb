// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/key_queue.hpp"

#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

BOOST_AUTO_TEST_SUITE(key_queue_test)

using namespace chancery;
using namespace chancery::tests;
using actors::key_queue;

namespace {

// The naive rule: search all idle keys for the one that was used the longest
// time ago.
class naive_queue {
 public:
  void push_young(actors::key_index key) { last_use_[key] = ++now_; }

  std::optional<actors::key_index> pop_oldest() {
    const auto oldest = std::ranges::min_element(
        last_use_, {}, [](const auto& entry) { return entry.second; });
    if (oldest == last_use_.end())
      return std::nullopt;
    const auto key = oldest->first;
    last_use_.erase(oldest);
    return key;
  }

  std::size_t size() const { return last_use_.size(); }

 private:
  std::map<actors::key_index, std::uint64_t> last_use_;
  std::uint64_t now_ = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_queue_gives_nothing) {
  key_queue queue;
  BOOST_TEST(!queue.pop_oldest().has_value());
  BOOST_TEST(queue.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_returned_key_is_the_last_to_be_taken_again) {
  key_queue queue;
  for (actors::key_index key : {4u, 2u, 9u})
    queue.push_young(key);
  const auto first = queue.pop_oldest();
  queue.push_young(*first);
  BOOST_TEST(*queue.pop_oldest() == 2u);
  BOOST_TEST(*queue.pop_oldest() == 9u);
  BOOST_TEST(*queue.pop_oldest() == 4u);
}

BOOST_AUTO_TEST_CASE(it_agrees_with_a_list_of_last_uses) {
  std::mt19937_64 random(new_seed("key_queue"));
  for (unsigned round = 0; round < 50; ++round) {
    key_queue queue;
    naive_queue naive;
    std::vector<actors::key_index> out(1 + below(40, random));
    for (actors::key_index i = 0; i < out.size(); ++i)
      out[i] = i;
    for (unsigned step = 0; step < 500; ++step) {
      if (!out.empty() && below(2, random) == 0) {
        // Keys come back in any order.
        std::swap(out[below(out.size(), random)], out.back());
        queue.push_young(out.back());
        naive.push_young(out.back());
        out.pop_back();
      } else {
        const auto taken = queue.pop_oldest();
        BOOST_REQUIRE(taken == naive.pop_oldest());
        if (taken)
          out.push_back(*taken);
      }
      BOOST_REQUIRE_EQUAL(queue.size(), naive.size());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
