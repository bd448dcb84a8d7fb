// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/host_uri.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(host_uri_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

void refused(std::string_view text) {
  BOOST_CHECK_THROW(host_uri_from_text(text), std::invalid_argument);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_id_has_one_spelling) {
  const std::string text = "spiffe://0123456789abcdef/worker/left-1";
  const auto uri = host_uri_from_text(text);
  BOOST_TEST(uri.cluster == "0123456789abcdef");
  BOOST_TEST((uri.role == host_role::worker));
  BOOST_TEST(uri.name == "left-1");
  BOOST_TEST(to_text(uri) == text);
}

BOOST_AUTO_TEST_CASE(every_other_spelling_is_refused) {
  refused("");
  refused("spiffe://");
  refused("SPIFFE://0123456789abcdef/worker/a");
  refused("https://0123456789abcdef/worker/a");
  refused("spiffe://0123456789ABCDEF/worker/a");
  refused("spiffe://0123456789abcde/worker/a");
  refused("spiffe://0123456789abcdef0/worker/a");
  refused("spiffe://0123456789abcdef/worker");
  refused("spiffe://0123456789abcdef/worker/");
  refused("spiffe://0123456789abcdef/Worker/a");
  refused("spiffe://0123456789abcdef/king/a");
  refused("spiffe://0123456789abcdef//a");
  refused("spiffe://0123456789abcdef/worker/a/");
  refused("spiffe://0123456789abcdef/worker/a/b");
  refused("spiffe://0123456789abcdef/worker/a?b");
  refused("spiffe://0123456789abcdef/worker/a#b");
  refused("spiffe://user@0123456789abcdef/worker/a");
  refused(std::string("spiffe://0123456789abcdef/worker/a\0b", 37));
}

BOOST_AUTO_TEST_CASE(a_cluster_is_the_beginning_of_its_authoritys_thumbprint) {
  key_id id{};
  id[0] = 0x0a;
  id[7] = 0xff;
  id[8] = 0x77;
  BOOST_TEST(cluster_id(id) == "0a000000000000ff");
}

BOOST_AUTO_TEST_CASE(a_role_is_read_as_it_is_written) {
  for (const auto role : {host_role::coordinator, host_role::worker,
                          host_role::node, host_role::client})
    BOOST_TEST((host_role_from_text(to_text(role)) == role));
  const auto said = complaint([] { host_role_from_text("signer"); });
  BOOST_TEST(contains(said, "coordinator, worker, node or client"), said);
  BOOST_TEST(contains(said, "signer"), said);
}

BOOST_AUTO_TEST_CASE(a_name_is_a_label_of_dns_in_lower_case) {
  for (const std::string name : {"a", "0", "left-1", "a--b"})
    BOOST_CHECK_NO_THROW(check_host_name(name));
  BOOST_CHECK_NO_THROW(check_host_name(std::string(63, 'x')));
  for (const std::string name : {"", "-a", "a-", "-", "A", "a.b", "a_b", "a b",
                                 "a/b", "a\n", "..", "\xc3\xa4"})
    BOOST_CHECK_THROW(check_host_name(name), std::invalid_argument);
  BOOST_CHECK_THROW(check_host_name(std::string(64, 'x')),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
