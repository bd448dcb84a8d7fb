// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/key.hpp"

#include "crypto/base/base64url.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(key_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

// RFC 6979 A.2.5 and A.2.6.
constexpr auto p256_scalar =
    "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";
constexpr auto p256_point =
    "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
constexpr auto p384_scalar =
    "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8"
    "96D5724E4C70A825F872C9EA60D2EDF5";
constexpr auto p384_point =
    "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64"
    "DEF8F0EA9055866064A254515480BC13"
    "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1"
    "288B231C3AE0D4FE7344FD2533264720";

// The orders of the groups: SEC 2, 2.4.2 and 2.5.1.
constexpr auto p256_order =
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
constexpr auto p384_order = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
                            "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973";

} // namespace

BOOST_AUTO_TEST_CASE(the_public_half_is_that_of_rfc_6979) {
  const private_key p256(curve::p256, from_hex(p256_scalar));
  BOOST_TEST(
      (p256.public_half() == public_key(curve::p256, from_hex(p256_point))));
  const private_key p384(curve::p384, from_hex(p384_scalar));
  BOOST_TEST(
      (p384.public_half() == public_key(curve::p384, from_hex(p384_point))));
  BOOST_TEST(to_hex(p384.scalar()) == to_hex(from_hex(p384_scalar)));
}

BOOST_AUTO_TEST_CASE(an_id_is_the_thumbprint_that_others_compute) {
  // The thumbprints of the keys of RFC 7517 A.1 and RFC 6979 A.2.6, computed
  // with Python's hashlib over the text that RFC 7638 section 3 defines.
  auto point = *base64url_decode("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4");
  point += *base64url_decode("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");
  BOOST_TEST(to_text(public_key(curve::p256, bytes(point)).id()) ==
             "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
  BOOST_TEST(to_text(public_key(curve::p384, from_hex(p384_point)).id()) ==
             "l2tfkSzhekdOr24I18E1O_-49AlK14MTo7OxJMS7-HI");
}

BOOST_AUTO_TEST_CASE(a_point_beside_the_curve_is_refused) {
  for (std::size_t i = 0; i < 64; ++i) {
    auto point = from_hex(p256_point);
    point[i] ^= std::byte{0x10};
    BOOST_CHECK_THROW(public_key(curve::p256, point), std::invalid_argument);
  }
  const std::vector<std::byte> zero(64), full(64, std::byte{0xff});
  BOOST_CHECK_THROW(public_key(curve::p256, zero), std::invalid_argument);
  BOOST_CHECK_THROW(public_key(curve::p256, full), std::invalid_argument);
  for (const std::size_t size : {0U, 1U, 63U, 65U, 96U}) {
    const std::vector<std::byte> point(size, std::byte{1});
    BOOST_CHECK_THROW(public_key(curve::p256, point), std::invalid_argument);
  }
  BOOST_CHECK_THROW(public_key(curve::p384, from_hex(p256_point)),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_point_with_an_unreduced_coordinate_is_refused) {
  // x + p denotes the same number, and would give the same key a second id. It
  // fits only if x is small: x = 5 is on P-256.
  auto x = from_hex(
      "ffffffff00000001000000000000000000000001000000000000000000000004");
  const auto y = from_hex(
      "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc");
  auto small = std::vector<std::byte>(31);
  small.push_back(std::byte{5});
  small.insert(small.end(), y.begin(), y.end());
  BOOST_CHECK_NO_THROW(public_key(curve::p256, small));
  x.insert(x.end(), y.begin(), y.end());
  BOOST_CHECK_THROW(public_key(curve::p256, x), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_scalar_out_of_range_is_refused) {
  const auto check = [](curve c, const char* order_text) {
    auto order = from_hex(order_text);
    BOOST_CHECK_THROW(private_key(c, order), std::invalid_argument);
    order.back() ^= std::byte{1}; // both orders are odd: n - 1
    BOOST_CHECK_NO_THROW(private_key(c, order));
    std::vector<std::byte> scalar(field_size(c));
    BOOST_CHECK_THROW(private_key(c, scalar), std::invalid_argument);
    scalar.back() = std::byte{1};
    BOOST_CHECK_NO_THROW(private_key(c, scalar));
    scalar.pop_back();
    BOOST_CHECK_THROW(private_key(c, scalar), std::invalid_argument);
  };
  check(curve::p256, p256_order);
  check(curve::p384, p384_order);
}

BOOST_AUTO_TEST_CASE(no_error_text_holds_the_scalar) {
  std::string scalar(32, 'z');
  scalar[0] = '\xff';
  scalar.replace(1, 8, std::string(8, '\xff'));
  const auto said = complaint([&] { private_key(curve::p256, bytes(scalar)); });
  BOOST_TEST(!said.empty());
  BOOST_TEST(!contains(said, "zzz"));
  BOOST_TEST(!contains(said, "7a7a"));
}

BOOST_AUTO_TEST_CASE(generated_keys_differ_and_can_be_replayed) {
  std::set<key_id> ids;
  for (int i = 0; i < 20; ++i)
    ids.insert(private_key::generate(curve::p256, system_random()).id());
  BOOST_TEST(ids.size() == 20U);
  BOOST_TEST((private_key::generate(curve::p384, replayed_random(7)).id() ==
              private_key::generate(curve::p384, replayed_random(7)).id()));
}

BOOST_AUTO_TEST_CASE(generating_draws_again_when_out_of_range) {
  int draws = 0;
  const random_source high_once = [&](std::span<std::byte> out) {
    std::fill(out.begin(), out.end(), std::byte(draws++ == 0 ? 0xff : 0x11));
  };
  BOOST_TEST(to_hex(private_key::generate(curve::p256, high_once).scalar()) ==
             to_hex(std::vector<std::byte>(32, std::byte{0x11})));
  BOOST_TEST(draws == 2);
}

BOOST_AUTO_TEST_CASE(a_broken_random_source_ends_generating) {
  const random_source zeros = [](std::span<std::byte> out) {
    std::fill(out.begin(), out.end(), std::byte{0});
  };
  BOOST_CHECK_THROW(private_key::generate(curve::p256, zeros),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(an_id_survives_its_text) {
  const auto id = private_key::generate(curve::p256, system_random()).id();
  BOOST_TEST(to_text(id).size() == 43U);
  BOOST_TEST((key_id_from_text(to_text(id)) == id));
  for (const auto& text : {std::string(), std::string("abc"), to_text(id) + "A",
                           std::string(43, '!')})
    BOOST_CHECK_THROW(key_id_from_text(text), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
