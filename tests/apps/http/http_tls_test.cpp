// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_channel.hpp"
#include "apps/http/http_client.hpp"
#include "apps/http/http_server.hpp"
#include "tests/apps/http/http_certificates.hpp"
#include "tests/apps/http/http_fixture.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/ssl.h>

#include <array>
#include <csignal>
#include <fstream>

BOOST_AUTO_TEST_SUITE(http_tls_test)

using namespace chancery;
using namespace std::chrono_literals;
using tests::comes_true;
using tests::raw_http;

struct secured {
  explicit secured(bool asks_clients = false)
      : server_files(authority.issue("server")) {
    options.tls =
        apps::http_tls_files{server_files.certificate, server_files.key, {}};
    if (asks_clients)
      options.tls->client_ca = authority.file();
    server.emplace(options, told.handler());
  }

  apps::http_client_options client_options() const {
    return {.port = server->port(), .server_ca = authority.file()};
  }

  std::uint64_t failed_handshakes() const {
    auto closed = server->counters().closed;
    return closed["handshake"];
  }

  tests::temp_folder folder;
  tests::http_authority authority{folder.path()};
  tests::certificate_files server_files;
  apps::http_server_options options = tests::patient_options();
  tests::told_requests told;
  std::optional<apps::http_server> server;
};

/// What a client of OpenSSL's gets; nothing when the handshake fails.
struct agreement {
  std::string version;
  std::string protocol;
};

struct wishes {
  int version_max = 0; ///< 0: the newest
  std::string protocols;
  std::string ciphers;
};

std::optional<agreement> agree(std::uint16_t port, const wishes& with) {
  std::signal(SIGPIPE, SIG_IGN);
  const raw_http socket(port);
  const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(
      SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_security_level(context.get(), 0); // allows TLS 1.1
  SSL_CTX_set_max_proto_version(context.get(), with.version_max);
  if (!with.ciphers.empty())
    SSL_CTX_set_cipher_list(context.get(), with.ciphers.c_str());
  if (!with.protocols.empty())
    SSL_CTX_set_alpn_protos(
        context.get(),
        reinterpret_cast<const unsigned char*>(with.protocols.data()),
        static_cast<unsigned>(with.protocols.size()));
  const std::unique_ptr<SSL, void (*)(SSL*)> session(SSL_new(context.get()),
                                                     SSL_free);
  SSL_set_fd(session.get(), socket.get());
  if (SSL_connect(session.get()) != 1)
    return std::nullopt;
  agreement made;
  made.version = SSL_get_version(session.get());
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session.get(), &chosen, &size);
  if (size > 0)
    made.protocol.assign(reinterpret_cast<const char*>(chosen), size);
  return made;
}

BOOST_AUTO_TEST_CASE(requests_are_served_over_tls) {
  secured one;
  apps::http_client client(one.client_options());
  BOOST_TEST(client.send("GET", "/a").body == "GET /a ");
  const std::string body(1'000'000, 'x');
  BOOST_TEST(client.send("POST", "/b", {}, body).body == "POST /b " + body);
  BOOST_TEST(client.send("GET", "/huge").body.size() == 32u << 20);
  BOOST_TEST(one.server->counters().accepted == 1u);
  const auto peer = one.told.served().at(0).peer;
  BOOST_TEST(peer.tls);
  BOOST_TEST(!peer.certificate_key);
}

BOOST_AUTO_TEST_CASE(versions_from_1_2_on_and_http_1_1_are_agreed_upon) {
  secured one;
  const auto port = one.server->port();
  const std::string both = "\x02h2\x08http/1.1";
  const auto newest = agree(port, {.protocols = both, .ciphers = ""});
  BOOST_TEST(newest.value().version == "TLSv1.3");
  BOOST_TEST(newest.value().protocol == "http/1.1");
  const auto older = agree(
      port, {.version_max = TLS1_2_VERSION, .protocols = "", .ciphers = ""});
  BOOST_TEST(older.value().version == "TLSv1.2");
  BOOST_TEST(older.value().protocol == "");
  BOOST_TEST(one.failed_handshakes() == 0u);
}

BOOST_AUTO_TEST_CASE(older_versions_and_other_protocols_are_refused) {
  secured one;
  const auto port = one.server->port();
  BOOST_TEST(!agree(
      port, {.version_max = TLS1_1_VERSION, .protocols = "", .ciphers = ""}));
  BOOST_TEST(!agree(port, {.protocols = "\x02h2", .ciphers = ""}));
  // Without forward secrecy.
  BOOST_TEST(!agree(port, {.version_max = TLS1_2_VERSION,
                           .protocols = "",
                           .ciphers = "AES128-GCM-SHA256"}));
  BOOST_TEST(comes_true([&] { return one.failed_handshakes() == 3; }));
}

BOOST_AUTO_TEST_CASE(plain_octets_are_closed) {
  secured one;
  raw_http client(one.server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_TEST(client.is_closed());
  BOOST_TEST(one.failed_handshakes() == 1u);
  BOOST_TEST(one.told.served().empty());
}

BOOST_AUTO_TEST_CASE(a_stream_goes_over_tls_and_notices_that_its_peer_goes) {
  secured one;
  for (const bool with_a_word : {true, false}) {
    std::optional<raw_http> socket(std::in_place, one.server->port());
    apps::http_channel channel(
        socket->get(), apps::make_client_tls(one.authority.file(), {}, {}),
        "127.0.0.1");
    BOOST_REQUIRE(channel.handshake() == apps::http_channel::progress::done);
    channel.write("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    auto stream = one.told.take_stream();
    for (const std::string text : {"hello", "again"}) {
      stream.put(text);
      std::string got;
      std::array<char, 1'024> octets;
      while (!got.ends_with("5\r\n" + text + "\r\n")) {
        const auto more = channel.read(octets);
        BOOST_REQUIRE(more.octets > 0u);
        got.append(octets.data(), more.octets);
      }
    }
    BOOST_TEST(!stream.gone());
    if (with_a_word)
      channel.end_writing();
    else
      socket.reset();
    BOOST_TEST(comes_true([&] { return stream.gone(); }));
    BOOST_TEST(
        comes_true([&] { return one.server->counters().connections == 0; }));
  }
}

BOOST_AUTO_TEST_CASE(a_clients_key_is_shown_to_the_handler) {
  secured one(true);
  const auto files = one.authority.issue("client");
  auto with = one.client_options();
  with.certificate = files.certificate;
  with.key = files.key;
  BOOST_TEST(apps::http_client(with).send("GET", "/a").status == 200);
  BOOST_TEST(apps::http_client(one.client_options()).send("GET", "/b").status ==
             200);
  const auto served = one.told.served();
  BOOST_TEST(served.at(0).peer.certificate_key.value() == files.key_hash);
  BOOST_TEST(!served.at(1).peer.certificate_key);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_authority_is_refused) {
  secured one(true);
  const tests::temp_folder elsewhere;
  const tests::http_authority other(elsewhere.path());
  const auto files = other.issue("client");
  auto with = one.client_options();
  with.certificate = files.certificate;
  with.key = files.key;
  BOOST_CHECK_THROW(apps::http_client(with).send("GET", "/a"),
                    std::runtime_error);
  BOOST_TEST(comes_true([&] { return one.failed_handshakes() == 1; }));
  auto stranger = one.client_options();
  stranger.server_ca = other.file();
  BOOST_CHECK_THROW(apps::http_client(stranger).send("GET", "/a"),
                    std::runtime_error);
  BOOST_TEST(one.told.served().empty());
}

BOOST_AUTO_TEST_CASE(a_client_refuses_a_certificate_of_another_host) {
  secured one;
  auto with = one.client_options();
  with.host = "localhost"; // the certificate names 127.0.0.1
  BOOST_CHECK_THROW(apps::http_client(with).send("GET", "/a"),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_reload_counts_for_new_connections) {
  secured one;
  apps::http_client before(one.client_options());
  BOOST_TEST(before.send("GET", "/a").status == 200);
  const tests::temp_folder elsewhere;
  const tests::http_authority other(elsewhere.path());
  const auto renewed = other.issue("server");
  const auto replace = std::filesystem::copy_options::overwrite_existing;
  copy_file(renewed.certificate, one.server_files.certificate, replace);
  // Certificate and key do not belong together: the former ones stay.
  BOOST_CHECK_THROW(one.server->reload_tls(), std::runtime_error);
  BOOST_TEST(apps::http_client(one.client_options()).send("GET", "/b").status ==
             200);
  copy_file(renewed.key, one.server_files.key, replace);
  one.server->reload_tls();
  BOOST_TEST(before.send("GET", "/c").status == 200);
  auto with = one.client_options();
  with.server_ca = other.file();
  BOOST_TEST(apps::http_client(with).send("GET", "/d").status == 200);
  BOOST_CHECK_THROW(apps::http_client(one.client_options()).send("GET", "/e"),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(files_that_do_not_load_are_errors) {
  secured one;
  const auto check = [&](const apps::http_tls_files& files) {
    auto options = tests::patient_options();
    options.tls = files;
    BOOST_CHECK_THROW(apps::http_server(options, one.told.handler()),
                      std::runtime_error);
  };
  const auto& good = one.server_files;
  const auto garbage = one.folder.path() / "garbage";
  std::ofstream(garbage) << "garbage";
  check({one.folder.path() / "missing", good.key});
  check({garbage, good.key});
  check({good.certificate, one.folder.path() / "missing"});
  check({good.certificate, garbage});
  check({good.certificate, one.authority.issue("other").key});
  check({good.certificate, good.key, garbage});
}

BOOST_AUTO_TEST_CASE(who_never_shakes_hands_gives_way) {
  secured one;
  auto options = one.options;
  options.limits.connections_max = 2;
  apps::http_server server(options, one.told.handler());
  raw_http first(server.port());
  first.send("\x16\x03\x01");
  BOOST_REQUIRE(comes_true([&] { return server.counters().connections == 1; }));
  const raw_http second(server.port());
  BOOST_REQUIRE(comes_true([&] { return server.counters().connections == 2; }));
  auto with = one.client_options();
  with.port = server.port();
  BOOST_TEST(apps::http_client(with).send("GET", "/a").status == 200);
  auto closed = server.counters().closed;
  BOOST_TEST(closed["idle_gave_way"] == 1u);
}

BOOST_AUTO_TEST_CASE(a_handshake_has_its_time) {
  secured one;
  auto options = one.options;
  options.limits.handshake = 20ms;
  apps::http_server server(options, one.told.handler());
  raw_http client(server.port());
  client.send("\x16\x03\x01");
  BOOST_TEST(client.is_closed());
  auto closed = server.counters().closed;
  BOOST_TEST(closed["handshake"] == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
