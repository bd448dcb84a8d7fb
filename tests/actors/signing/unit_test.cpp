// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit.hpp"

#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_test)

using namespace chancery;
using namespace chancery::tests;
using actors::unit_batch;

BOOST_AUTO_TEST_CASE(batches_survive_the_way_there_and_back) {
  std::mt19937_64 random(new_seed("unit"));
  std::vector<unit_batch> batches{{~std::uint64_t{0}, ~std::uint64_t{0}, ~0u},
                                  {0, 0, 0}};
  while (batches.size() < 50)
    batches.push_back(
        {random(), random(), static_cast<std::uint32_t>(random())});
  std::string bytes;
  for (const auto& batch : batches)
    actors::encode(batch, bytes);
  BOOST_TEST(bytes.size() == 50 * unit_batch::wire_size);
  BOOST_TEST((actors::decode_unit_batches(bytes) == batches));
  BOOST_TEST(actors::decode_unit_batches("").empty());
}

BOOST_AUTO_TEST_CASE(a_batch_is_twenty_big_endian_bytes) {
  std::string bytes;
  actors::encode({0x0102030405060708, 0x1112131415161718, 0x21222324}, bytes);
  BOOST_TEST(bytes == "\x01\x02\x03\x04\x05\x06\x07\x08"
                      "\x11\x12\x13\x14\x15\x16\x17\x18"
                      "\x21\x22\x23\x24");
}

BOOST_AUTO_TEST_CASE(fences_survive_the_way_there_and_back) {
  const std::vector<std::uint64_t> fences{0, 1, fence_of(7, 9),
                                          ~std::uint64_t{0}};
  const auto bytes = actors::encode_fences(fences);
  BOOST_TEST(actors::decode_fences(bytes) == fences,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(broken_lengths_are_refused) {
  const std::string bytes(220, '\0');
  const auto broken = [&](std::size_t size, auto decode) {
    try {
      decode(std::string_view(bytes).substr(0, size));
    } catch (const std::invalid_argument&) {
      return true;
    }
    return false;
  };
  for (std::size_t size = 0; size < 220; ++size) {
    BOOST_TEST(broken(size, actors::decode_unit_batches) == (size % 20 != 0));
    BOOST_TEST(broken(size, actors::decode_fences) == (size % 8 != 0));
  }
}

BOOST_AUTO_TEST_SUITE_END()
