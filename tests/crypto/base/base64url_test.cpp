// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/base64url.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(base64url_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

BOOST_AUTO_TEST_CASE(the_vectors_of_the_standards_are_met) {
  // RFC 4648 section 10, without the padding.
  BOOST_TEST(base64url_encode(bytes("")) == "");
  BOOST_TEST(base64url_encode(bytes("f")) == "Zg");
  BOOST_TEST(base64url_encode(bytes("fo")) == "Zm8");
  BOOST_TEST(base64url_encode(bytes("foo")) == "Zm9v");
  BOOST_TEST(base64url_encode(bytes("foob")) == "Zm9vYg");
  BOOST_TEST(base64url_encode(bytes("fooba")) == "Zm9vYmE");
  BOOST_TEST(base64url_encode(bytes("foobar")) == "Zm9vYmFy");
  // RFC 7515 appendix C: the characters that base64 does not have.
  BOOST_TEST(base64url_encode(from_hex("03ecffe0c1")) == "A-z_4ME");
}

BOOST_AUTO_TEST_CASE(all_pairs_of_bytes_come_back) {
  for (int high = 0; high < 256; ++high)
    for (int low = 0; low < 256; ++low) {
      const std::string pair{static_cast<char>(high), static_cast<char>(low)};
      const auto text = base64url_encode(bytes(pair));
      BOOST_REQUIRE(base64url_decode(text) == pair);
      BOOST_REQUIRE(base64url_decode_secret(text) ==
                    secret_string(pair.begin(), pair.end()));
    }
}

BOOST_AUTO_TEST_CASE(texts_of_every_length_come_back_and_openssl_agrees) {
  temp_folder folder;
  std::string all;
  for (std::size_t size = 0; size <= 200; ++size) {
    std::string data(size, '\0');
    replayed_random(size)(std::as_writable_bytes(std::span(data)));
    const auto text = base64url_encode(bytes(data));
    BOOST_TEST(text.size() == (size * 4 + 2) / 3);
    BOOST_REQUIRE(base64url_decode(text) == data);
    all += data;
  }
  write_file(folder.path() / "all", all);
  const auto by_openssl =
      run("openssl base64 -A -in " + (folder.path() / "all").string() +
          " | tr '+/' '-_' | tr -d '='");
  BOOST_TEST(base64url_encode(bytes(all)) == by_openssl);
}

BOOST_AUTO_TEST_CASE(an_array_is_filled_by_exactly_its_size) {
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string data(size, 'x');
    const auto text = base64url_encode(bytes(data));
    std::vector<std::byte> into(size);
    BOOST_TEST(base64url_decode(text, into));
    BOOST_TEST(std::ranges::equal(into, bytes(data)));
    std::vector<std::byte> more(size + 1);
    BOOST_TEST(!base64url_decode(text, more));
    BOOST_TEST(!base64url_decode(text + "A", into)); // or one byte more
    BOOST_TEST(!base64url_decode(text + "=", into));
    if (size > 0) {
      BOOST_TEST(!base64url_decode(text, std::span(into).first(size - 1)));
      BOOST_TEST(!base64url_decode("*" + text.substr(1), into));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stray_character_is_found_wherever_it_stands) {
  for (const std::size_t size : {64U, 130U, 259U}) {
    const std::string good(size, 'A');
    BOOST_REQUIRE(base64url_decode(good).has_value());
    for (std::size_t i = 0; i < size; ++i) {
      auto bad = good;
      bad[i] = '=';
      BOOST_REQUIRE(!base64url_decode(bad).has_value());
    }
    auto stray = good; // 130 and 259 characters end within a byte
    stray.back() = 'B';
    BOOST_TEST(base64url_decode(stray).has_value() == (size % 4 == 0));
  }
}

BOOST_AUTO_TEST_CASE(exactly_the_alphabet_is_read) {
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "abcdefghijklmnopqrstuvwxyz0123456789-_";
  for (int c = 0; c < 256; ++c) {
    const std::string text{'A', 'A', 'A', static_cast<char>(c)};
    const bool known = contains(alphabet, text.substr(3));
    BOOST_TEST(base64url_decode(text).has_value() == known);
    // In every place of a text of whole blocks, which is read at once.
    const auto alone = base64url_decode(text + std::string(4, 'A'));
    for (std::size_t place = 3; place < 128; place += 4) {
      std::string whole(128, 'A');
      whole.replace(place - 3, 4, text);
      const auto read = base64url_decode(whole);
      BOOST_REQUIRE(read.has_value() == known);
      if (known)
        BOOST_REQUIRE(read->substr(place / 4 * 3, 3) == alone->substr(0, 3));
    }
  }
}

BOOST_AUTO_TEST_CASE(only_one_text_stands_for_some_bytes) {
  for (const auto* text : {"Zg==", "Zm8=", "Zh", "Zm9", "Z", "Zm9vY", " Zg",
                           "Zg\n", "Zm9v\n", "Zm+v", "Zm/v", "Zm9v."})
    BOOST_TEST(!base64url_decode(text).has_value(), text);
  BOOST_TEST(base64url_decode("").value().empty());
}

BOOST_AUTO_TEST_SUITE_END()
