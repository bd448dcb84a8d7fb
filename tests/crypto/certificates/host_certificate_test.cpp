// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/host_certificate.hpp"

#include "crypto/base/curve.hpp"
#include "crypto/certificates/host_uri.hpp"
#include "crypto/keys/pem.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <cctype>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(host_certificate_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;
using namespace std::chrono_literals;

namespace {

using std::chrono::days;
using std::chrono::system_clock;

constexpr auto all_roles = {host_role::coordinator, host_role::worker,
                            host_role::node, host_role::client};

struct cluster {
  system_clock::time_point now = system_clock::now();
  private_key key = private_key::generate(curve::p256, system_random());
  std::string pem = make_authority_certificate(key, now, system_random());

  host_credentials issue(host_role role, std::string_view name = "host-1",
                         days valid = host_certificate_days_default) const {
    return issue_host_certificate(key, pem, name, role, now, valid,
                                  system_random());
  }
};

/// The three files of a host, for the openssl command line.
struct host_files {
  temp_folder folder;

  explicit host_files(const host_credentials& host) {
    write_file(folder.path() / "ca.pem", host.authority_pem);
    write_file(folder.path() / "host.pem", host.certificate_pem);
    write_file(folder.path() / "host.key",
               std::string(host.key_pem.begin(), host.key_pem.end()));
  }

  std::string openssl(const std::string& command) const {
    return run(fmt::format("cd {} && openssl {} 2>&1", folder.path().string(),
                           command));
  }

  /// The output of `openssl verify`, whatever its exit code.
  std::string verify(const std::string& options) const {
    return openssl("verify -x509_strict -CAfile ca.pem " + options +
                   " host.pem || true");
  }
};

/// The contents of a valid worker's certificate, for openssl.cnf. A changed
/// member makes a certificate that the authority signed but we never issue.
struct request {
  std::string name = "host-1";
  std::string alternatives = "DNS:host-1,URI:spiffe://CLUSTER/worker/host-1";
  std::string purposes = "clientAuth";
  std::string constraints = "critical,CA:FALSE";
  std::string curve_name = "P-256";
};

/// A host with a certificate that the openssl command line signed with the
/// authority's key.
host_credentials signed_by_openssl(const cluster& c, request wanted) {
  const auto here = c.issue(host_role::worker);
  const host_files files(here);
  const auto& folder = files.folder.path();
  for (auto at = wanted.alternatives.find("CLUSTER"); at != std::string::npos;
       at = wanted.alternatives.find("CLUSTER"))
    wanted.alternatives.replace(at, 7, cluster_id(c.key.id()));
  write_file(folder / "ca.key", to_pem(c.key));
  std::string extensions = "basicConstraints=" + wanted.constraints +
                           "\nextendedKeyUsage=" + wanted.purposes + "\n";
  if (!wanted.alternatives.empty())
    extensions += "subjectAltName=" + wanted.alternatives + "\n";
  write_file(folder / "extensions", extensions);
  files.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" +
                wanted.curve_name + " -out other.key");
  files.openssl("req -new -batch -key other.key -subj /CN=" + wanted.name +
                " -out other.csr");
  files.openssl("x509 -req -in other.csr -CA ca.pem -CAkey ca.key -sha256 "
                "-days 10 -extfile extensions -out other.pem");
  const auto key = read_text(folder / "other.key");
  return {c.pem, read_text(folder / "other.pem"),
          secret_string(key.begin(), key.end())};
}

host_identity read(const host_credentials& host) {
  return read_host_certificate(certificate_from_pem(host.certificate_pem));
}

/// Checks that a host's folder is refused, with `word` in a one-line error.
void refused(const host_credentials& host, system_clock::time_point now,
             std::string_view word) {
  BOOST_CHECK_THROW(check_host_credentials(host, now), std::runtime_error);
  const auto said = complaint([&] { check_host_credentials(host, now); });
  BOOST_TEST(contains(said, word), word << " <- " << said);
  BOOST_TEST(!contains(said, "\n"));
}

long long seconds_of(system_clock::time_point time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch())
      .count();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_host_is_who_its_certificate_says) {
  const cluster c;
  for (const auto role : all_roles) {
    const auto host = c.issue(role, "a-1");
    const auto identity = check_host_credentials(host, c.now);
    BOOST_TEST(identity.name == "a-1");
    BOOST_TEST((identity.role == role));
    BOOST_TEST((read(host) == identity));
  }
}

BOOST_AUTO_TEST_CASE(openssl_agrees_on_chain_and_purpose) {
  const cluster c;
  for (const auto role : all_roles) {
    const host_files files(c.issue(role));
    const bool server =
        role == host_role::coordinator || role == host_role::node;
    const auto as_server = files.verify("-purpose sslserver");
    const auto as_client = files.verify("-purpose sslclient");
    BOOST_TEST(contains(as_server, "host.pem: OK") == server, as_server);
    BOOST_TEST(contains(as_client, "host.pem: OK") == !server, as_client);
    BOOST_TEST(contains(server ? as_client : as_server, "purpose"));
    BOOST_TEST(contains(files.verify("-verify_hostname host-1"), ": OK"));
    BOOST_TEST(contains(files.verify("-verify_hostname host-2"), "mismatch"));
  }
}

BOOST_AUTO_TEST_CASE(openssl_agrees_on_the_dates) {
  const cluster c;
  const host_files files(c.issue(host_role::worker, "host-1", days(30)));
  const auto at = [&](system_clock::duration after) {
    return files.verify(fmt::format("-attime {}", seconds_of(c.now + after)));
  };
  BOOST_TEST(contains(at(0s), ": OK"));
  BOOST_TEST(contains(at(-24h + 1min), ": OK"));
  BOOST_TEST(contains(at(-24h - 1min), "not yet valid"));
  BOOST_TEST(contains(at(days(30) - 1min), ": OK"));
  BOOST_TEST(contains(at(days(30) + 1min), "expired"));
}

BOOST_AUTO_TEST_CASE(openssl_reads_what_the_profile_says) {
  const cluster c;
  const auto host = c.issue(host_role::worker);
  const host_files files(host);
  const auto text = files.openssl("x509 -in host.pem -noout -text");
  for (const auto* part :
       {"Signature Algorithm: ecdsa-with-SHA256", "ASN1 OID: prime256v1",
        "Basic Constraints: critical", "CA:FALSE", "Key Usage: critical",
        "Digital Signature\n", "TLS Web Client Authentication\n", "DNS:host-1",
        "URI:spiffe://"})
    BOOST_TEST(contains(text, part), part << " <- " << text);
  // OpenSSL 3.0 writes spaces around the equals sign, 3.5 does not.
  BOOST_TEST((contains(text, "Subject: CN = host-1\n") ||
              contains(text, "Subject: CN=host-1\n")),
             text);
  const auto authority = files.openssl("x509 -in ca.pem -noout -text");
  for (const auto* part : {"CA:TRUE, pathlen:0", "Key Usage: critical",
                           "Certificate Sign\n", "ecdsa-with-SHA256"})
    BOOST_TEST(contains(authority, part), part << " <- " << authority);
  // The key file matches the certificate, and we read its serial number right.
  BOOST_TEST(files.openssl("pkey -in host.key -pubout") ==
             files.openssl("x509 -in host.pem -noout -pubkey"));
  auto serial = files.openssl("x509 -in host.pem -noout -serial");
  for (auto& digit : serial)
    digit = static_cast<char>(std::tolower(digit));
  BOOST_TEST(serial == "serial=" + read(host).serial + "\n");
}

BOOST_AUTO_TEST_CASE(openssl_refuses_the_host_of_another_cluster) {
  auto host = cluster().issue(host_role::worker);
  host.authority_pem = cluster().pem;
  const host_files files(host);
  BOOST_TEST(!contains(files.verify(""), ": OK"));
}

BOOST_AUTO_TEST_CASE(no_two_certificates_share_key_or_serial) {
  const cluster c;
  const auto first = c.issue(host_role::worker);
  const auto second = c.issue(host_role::worker);
  BOOST_TEST((first.key_pem != second.key_pem));
  BOOST_TEST(read(first).serial != read(second).serial);
}

BOOST_AUTO_TEST_CASE(a_certificate_never_outlives_its_authority) {
  const cluster c;
  const auto host = c.issue(host_role::node, "host-1", days::max());
  check_host_credentials(host, c.now + authority_days - 1min);
  const host_files files(host);
  const auto end = [&](const std::string& file) {
    return files.openssl("x509 -noout -enddate -in " + file);
  };
  BOOST_TEST(end("host.pem") == end("ca.pem"));

  cluster later = c;
  later.now += authority_days + 1min;
  const auto said = complaint([&] { later.issue(host_role::node); });
  BOOST_TEST(contains(said, "expired at"), said);
}

BOOST_AUTO_TEST_CASE(a_certificate_is_refused_before_and_after_its_time) {
  const cluster c;
  const auto host = c.issue(host_role::client, "host-1", days(10));
  check_host_credentials(host, c.now - 24h + 1s);
  check_host_credentials(host, c.now + days(10) - 1s);
  refused(host, c.now - 24h - 1s, "set this host's clock");
  refused(host, c.now + days(10) + 1s, "expired at 20");
  refused(host, c.now + days(10) + 1s, "chancery cluster issue");
  refused(host, c.now + authority_days + 1s, "make a new cluster");
}

BOOST_AUTO_TEST_CASE(parts_of_two_folders_are_refused) {
  const cluster c;
  const cluster other;
  const auto host = c.issue(host_role::worker);
  auto mixed = host;
  mixed.authority_pem = other.pem;
  refused(mixed, c.now, "another authority");
  mixed = host;
  mixed.key_pem = c.issue(host_role::worker).key_pem;
  refused(mixed, c.now, "does not match its certificate");
  mixed = host;
  mixed.certificate_pem = c.pem;
  refused(mixed, c.now, "states no role");
  mixed = host;
  mixed.authority_pem = host.certificate_pem;
  refused(mixed, c.now, "not a CA certificate");
  mixed = host;
  mixed.certificate_pem += c.pem;
  refused(mixed, c.now, "more than one");
  mixed = host;
  mixed.authority_pem += other.pem;
  refused(mixed, c.now, "more than one");
}

BOOST_AUTO_TEST_CASE(a_certificate_says_one_thing_about_one_host) {
  const cluster c;
  const auto now = c.now + 1min; // openssl's certificates begin at signing
  const auto said = [&](auto change) {
    request wanted;
    change(wanted);
    const auto host = signed_by_openssl(c, wanted);
    BOOST_CHECK_THROW(read(host), std::invalid_argument);
    refused(host, now, "the host's certificate: ");
    return complaint([&] { check_host_credentials(host, now); });
  };
  const auto check = [&](std::string_view word, auto change) {
    const auto sentence = said(change);
    BOOST_TEST(contains(sentence, word), word << " <- " << sentence);
  };
  const auto honest = signed_by_openssl(c, {});
  BOOST_TEST(check_host_credentials(honest, now).name == "host-1");

  check("no role", [](auto& r) { r.alternatives = ""; });
  check("no role", [](auto& r) { r.alternatives = "DNS:host-1"; });
  check("no role",
        [](auto& r) { r.alternatives = "DNS:host-1,URI:https://host-1/"; });
  check("no role \"king\"", [](auto& r) {
    r.alternatives = "DNS:host-1,URI:spiffe://CLUSTER/king/host-1";
  });
  check("more than one role", [](auto& r) {
    r.alternatives += ",URI:spiffe://CLUSTER/client/host-1";
  });
  check("another name", [](auto& r) { r.name = "host-2"; });
  check("another name", [](auto& r) { r.name += "/CN=host-2"; });
  check("another name", [](auto& r) { r.alternatives += ",DNS:host-2"; });
  check("another name",
        [](auto& r) { r.alternatives = "URI:spiffe://CLUSTER/worker/host-1"; });
  check("purpose", [](auto& r) { r.purposes = "serverAuth"; });
  check("purpose", [](auto& r) { r.purposes = "clientAuth,serverAuth"; });
  check("an authority's", [](auto& r) { r.constraints = "critical,CA:TRUE"; });
}

BOOST_AUTO_TEST_CASE(a_certificate_on_another_curve_is_refused) {
  const cluster c;
  const auto host = signed_by_openssl(c, {.curve_name = "P-384"});
  refused(host, c.now + 1min, "P-256");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_names_another_cluster_is_refused) {
  const cluster c;
  request wanted;
  wanted.alternatives =
      "DNS:host-1,URI:spiffe://0123456789abcdef/worker/host-1";
  refused(signed_by_openssl(c, wanted), c.now + 1min, "another authority");
}

BOOST_AUTO_TEST_CASE(texts_that_are_something_else_are_named) {
  const cluster c;
  const auto host = c.issue(host_role::worker);
  auto wrong = host;
  wrong.authority_pem = "";
  refused(wrong, c.now, "the authority's certificate: not a PEM file");
  wrong = host;
  wrong.certificate_pem = std::string(host.key_pem.begin(), host.key_pem.end());
  refused(wrong, c.now, "the host's certificate: a PEM block 'PRIVATE KEY'");
  wrong = host;
  wrong.key_pem =
      secret_string(host.certificate_pem.begin(), host.certificate_pem.end());
  refused(wrong, c.now, "the host's key: a certificate");
}

BOOST_AUTO_TEST_CASE(any_changed_character_of_a_certificate_is_refused) {
  const cluster c;
  const auto host = c.issue(host_role::worker);
  const auto begin = host.certificate_pem.find('\n') + 1;
  for (auto i = begin; i < begin + 640; i += 7) {
    auto changed = host;
    auto& character = changed.certificate_pem[i];
    if (character == '\n')
      continue;
    character = character == 'A' ? 'B' : 'A';
    BOOST_CHECK_THROW(check_host_credentials(changed, c.now),
                      std::runtime_error);
  }
}

BOOST_AUTO_TEST_CASE(only_the_bytes_of_one_certificate_are_read) {
  const auto host = cluster().issue(host_role::worker);
  auto der = certificate_from_pem(host.certificate_pem);
  BOOST_CHECK_THROW(read_host_certificate(bytes(host.certificate_pem)),
                    std::invalid_argument);
  der.push_back(std::byte{0});
  BOOST_CHECK_THROW(read_host_certificate(der), std::invalid_argument);
  for (std::size_t size = 0; size + 1 < der.size(); size += 13)
    BOOST_CHECK_THROW(read_host_certificate(std::span(der).first(size)),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(issuing_takes_the_authoritys_own_certificate) {
  const cluster c;
  const auto issue = [&](const std::string& pem, days valid = days(1)) {
    return complaint([&] {
      issue_host_certificate(c.key, pem, "a", host_role::worker, c.now, valid,
                             system_random());
    });
  };
  BOOST_TEST(issue(c.pem).empty());
  BOOST_TEST(contains(issue(cluster().pem), "to another key"));
  BOOST_TEST(contains(issue("nothing"), "not a PEM file"));
  BOOST_TEST(contains(issue(c.pem, days(0)), "at least one day"));
  const auto p384 = private_key::generate(curve::p384, system_random());
  BOOST_CHECK_THROW(make_authority_certificate(p384, c.now, system_random()),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
