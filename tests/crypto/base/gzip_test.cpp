// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/gzip.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(gzip_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

BOOST_AUTO_TEST_CASE(what_gzip_packed_comes_back) {
  temp_folder folder;
  const auto file = folder.path() / "file";
  for (const std::size_t size : {0U, 1U, 1000U, 300'000U}) {
    std::string data(size, '\0');
    replayed_random(size)(std::as_writable_bytes(std::span(data)));
    data += std::string(size, 'x');
    write_file(file, data);
    BOOST_TEST((gunzip(run("gzip -9nc " + file.string())) == data));
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_gzip_is_refused) {
  temp_folder folder;
  const auto file = folder.path() / "file";
  write_file(file, std::string(1000, 'x') + "the end");
  auto packed = run("gzip -9nc " + file.string());
  BOOST_CHECK_THROW(gunzip(""), std::invalid_argument);
  BOOST_CHECK_THROW(gunzip("no gzip at all"), std::invalid_argument);
  BOOST_CHECK_THROW(gunzip(packed.substr(0, packed.size() - 9)),
                    std::invalid_argument);
  packed[packed.size() - 6] ^= 1; // of the checksum
  BOOST_CHECK_THROW(gunzip(packed), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
