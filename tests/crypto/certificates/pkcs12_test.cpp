// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/pkcs12.hpp"

#include "crypto/keys/pem.hpp"
#include "tests/crypto/certificates/pki_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(pkcs12_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

/// root, middle, leaf, and a file that openssl makes of the leaf.
struct p12_case {
  openssl_pki pki;
  certificate root = pki.issue({.name = "root"});
  certificate middle = pki.issue({.name = "middle", .issuer = "root"});
  certificate leaf = pki.issue_leaf("leaf", "middle");

  std::string make(const std::string& options) const {
    pki.openssl("pkcs12 -export -inkey leaf.key " + options + " -out a.p12");
    return read_text(pki.file("a.p12"));
  }
};

constexpr const char* with_chain =
    "-in leaf.pem -certfile middle.pem -passout pass:secret";

/// The file with other bytes in place of its last four, and the lengths of the
/// two sequences that end there corrected.
std::string with_longer_end(std::string file, const std::string& end) {
  const auto grown = end.size() - 4;
  file.replace(file.size() - 4, 4, end);
  // 30 82 hh ll: the whole; the MAC's own is 30 ll, of 65 bytes with SHA-256.
  const auto size = file.size() - 4;
  file[2] = static_cast<char>(size >> 8);
  file[3] = static_cast<char>(size & 0xff);
  const auto mac = file.rfind("\x30\x41\x30\x31");
  BOOST_REQUIRE(mac != std::string::npos);
  file[mac + 1] = static_cast<char>(0x41 + grown);
  return file;
}

std::string said_of(const std::string& file, const secret_string& pass) {
  return complaint([&] { read_pkcs12(bytes(file), pass); });
}

} // namespace

BOOST_AUTO_TEST_CASE(key_leaf_and_chain_are_read) {
  const p12_case c;
  const auto file = c.make(with_chain);
  const auto content = read_pkcs12(bytes(file), "secret");
  const auto key = private_key_from_pem(read_text(c.pki.file("leaf.key")));
  BOOST_TEST((content.key.id() == key.id()));
  BOOST_TEST((content.leaf == c.leaf));
  BOOST_REQUIRE(content.others.size() == 1);
  BOOST_TEST((content.others.front() == c.middle));
}

BOOST_AUTO_TEST_CASE(older_and_newer_encryption_is_read) {
  const p12_case c;
  for (const auto* options :
       {"-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
        "-keypbe AES-128-CBC -certpbe AES-256-CBC -macalg sha512",
        "-certpbe NONE"}) {
    const auto file = c.make(std::string(with_chain) + " " + options);
    BOOST_TEST((read_pkcs12(bytes(file), "secret").leaf == c.leaf), options);
  }
}

BOOST_AUTO_TEST_CASE(an_old_algorithm_is_named) {
  const p12_case c;
  const auto file = c.make(std::string(with_chain) + " -legacy");
  const auto said = said_of(file, "secret");
  BOOST_TEST(contains(said, "pbeWithSHA1And40BitRC2-CBC"), said);
  BOOST_TEST(contains(said, "-legacy"), said);
}

BOOST_AUTO_TEST_CASE(a_wrong_passphrase_is_said) {
  const p12_case c;
  const auto file = c.make(with_chain);
  BOOST_CHECK_THROW(read_pkcs12(bytes(file), "Secret"),
                    wrong_pkcs12_passphrase);
  BOOST_CHECK_THROW(read_pkcs12(bytes(file), ""), wrong_pkcs12_passphrase);
  const auto empty = c.make("-in leaf.pem -passout pass:");
  BOOST_TEST((read_pkcs12(bytes(empty), "").leaf == c.leaf));
}

BOOST_AUTO_TEST_CASE(a_file_may_have_a_key_alone) {
  const p12_case c;
  const auto file = c.make("-nocerts -passout pass:secret");
  const auto content = read_pkcs12(bytes(file), "secret");
  BOOST_TEST(!content.leaf.has_value());
  BOOST_TEST(content.others.empty());
}

BOOST_AUTO_TEST_CASE(other_files_are_refused) {
  const p12_case c;
  BOOST_TEST(contains(said_of("hello", ""), "no PKCS#12 file"));
  BOOST_TEST(contains(said_of("", ""), "no PKCS#12 file"));
  auto file = c.make(with_chain);
  BOOST_TEST(contains(said_of(file + "x", "secret"), "no PKCS#12 file"));
  BOOST_TEST(
      contains(said_of(file.substr(0, 300), "secret"), "no PKCS#12 file"));
  const auto no_mac = c.make(std::string(with_chain) + " -nomac");
  BOOST_TEST(contains(said_of(no_mac, "secret"), "anybody"));
  c.pki.openssl("pkcs12 -export -nokeys -in leaf.pem -passout pass:secret "
                "-out b.p12");
  BOOST_TEST(contains(said_of(read_text(c.pki.file("b.p12")), "secret"),
                      "no private key"));
}

BOOST_AUTO_TEST_CASE(endless_work_is_refused) {
  const p12_case c;
  auto file = c.make(std::string(with_chain) + " -iter 32767");
  BOOST_TEST(said_of(file, "secret") == "");
  // The last integer of the file: 02 02 7F FF. One of four bytes has to go in.
  const auto at = file.rfind("\x02\x02\x7f\xff");
  BOOST_REQUIRE(at == file.size() - 4);
  const std::string longer = "\x02\x04\x7f\xff\xff\xff";
  file = with_longer_end(file, longer);
  BOOST_TEST(contains(said_of(file, "secret"), "rounds of work"));
}

BOOST_AUTO_TEST_CASE(keys_of_other_kinds_are_refused) {
  openssl_pki pki;
  pki.issue({.name = "rsa", .key = "RSA -pkeyopt rsa_keygen_bits:2048"});
  pki.openssl("pkcs12 -export -inkey rsa.key -in rsa.pem -passout pass:s "
              "-out a.p12");
  BOOST_CHECK_THROW(read_pkcs12(bytes(read_text(pki.file("a.p12"))), "s"),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(no_changed_octet_gives_another_key) {
  const p12_case c;
  auto file = c.make(with_chain);
  const auto id = read_pkcs12(bytes(file), "secret").key.id();
  for (std::size_t at = 0; at < file.size(); at += 11) {
    file[at] = static_cast<char>(file[at] ^ 0x15);
    try {
      BOOST_TEST((read_pkcs12(bytes(file), "secret").key.id() == id));
    } catch (const std::exception&) {
    }
    file[at] = static_cast<char>(file[at] ^ 0x15);
  }
}

BOOST_AUTO_TEST_SUITE_END()
