// SPDX-License-Identifier: Apache-2.0
#include "apps/service/service_config.hpp"
#include "apps/terminal/command_context.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(service_config_test)

namespace {

apps::service_config on(const std::string& address) {
  apps::service_config config;
  config.address = address;
  return config;
}

bool may_be_served(const apps::service_config& config) {
  try {
    apps::check_service(config);
    return true;
  } catch (const apps::usage_error&) {
    return false;
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(the_loopback_needs_nothing) {
  for (const auto* address : {"127.0.0.1", "127.1.2.3", "::1"})
    BOOST_TEST(may_be_served(on(address)), address);
}

BOOST_AUTO_TEST_CASE(another_address_needs_tls_and_callers) {
  auto config = on("10.0.0.5");
  BOOST_TEST(!may_be_served(config));
  config.tls = apps::http_tls_files{"c", "k", ""};
  BOOST_TEST(!may_be_served(config));
  config.tokens = "tokens";
  BOOST_TEST(may_be_served(config));
  config.tls.reset();
  BOOST_TEST(!may_be_served(config));
  config.insecure_http = true;
  BOOST_TEST(may_be_served(config));
  config.tokens.clear();
  config.tls = apps::http_tls_files{"c", "k", "ca"};
  BOOST_TEST(may_be_served(config));
}

BOOST_AUTO_TEST_CASE(every_address_needs_a_name) {
  auto config = on("0.0.0.0");
  config.tls = apps::http_tls_files{"c", "k", ""};
  config.tokens = "tokens";
  BOOST_TEST(!may_be_served(config));
  config.names = {"seals.example"};
  BOOST_TEST(may_be_served(config));
  BOOST_TEST(config.url(8443) == "https://seals.example:8443");
  BOOST_TEST(on("::1").url(80) == "http://[::1]:80");
}

BOOST_AUTO_TEST_CASE(nobody_registers_unasked_from_elsewhere) {
  auto config = on("10.0.0.5");
  BOOST_TEST((apps::registration_scope(config) == apps::scope::submit));
  config.listed_clients = true;
  BOOST_TEST(!apps::registration_scope(config));
  config.private_ledger = true;
  BOOST_TEST((apps::registration_scope(config) == apps::scope::submit));
  BOOST_TEST(!apps::registration_scope(on("127.0.0.1")));
}

BOOST_AUTO_TEST_CASE(words_stand_between_commas) {
  BOOST_TEST(apps::words_in("--cors", "").empty());
  BOOST_TEST(apps::words_in("--cors", "A.example,b") ==
                 (std::vector<std::string>{"a.example", "b"}),
             boost::test_tools::per_element());
  BOOST_CHECK_THROW(apps::words_in("--cors", "a,,b"), apps::usage_error);
  BOOST_CHECK_THROW(apps::words_in("--cors", "a,"), apps::usage_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
